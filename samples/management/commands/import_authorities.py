"""``manage.py import_authorities FILE``: a list of authorities that exist, against which citations are compared."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samples.actions import compare_all
from samples.actions.importing import DirtyRow, UnreadableListError, import_authorities

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Add the authorities of a list to those that are known: CSV with a header, or JSON lines, with citation and "
        "name; or CourtListener's bulk citations (volume, reporter, page, cluster_id). Twice is as once. Then every "
        "citation of every sample is compared with them: known, unknown, or known under another name."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", type=Path, help="may be packed: .bz2 or .gz")
        parser.add_argument(
            "--names", metavar="FILE", type=Path, help="CourtListener's bulk clusters (id, case_name), for the names"
        )
        parser.add_argument("--no-compare", action="store_true", help="leave the citations of samples as they stand")

    def handle(self, *args: Any, file: Path, names: Path | None, no_compare: bool, **options: Any) -> None:
        self.dirty = 0
        try:
            tally = import_authorities(file, tell=self.tell, names=names)
        except UnreadableListError as problem:
            raise CommandError(str(problem), returncode=2) from problem
        except (OSError, EOFError) as error:
            # What is packed wrongly does not say in which file.
            where = getattr(error, "filename", None) or (f"{file} or {names}" if names else file)
            why = getattr(error, "strerror", None) or error
            raise CommandError(f"Cannot read {where}: {why}", returncode=2) from error
        if self.dirty > SHOWN:
            self.stderr.write(f"... and {self.dirty - SHOWN:,} rows more")
        self.stdout.write(
            f"{tally.read:,} rows read: {tally.added:,} authorities added, {tally.named:,} named, "
            f"{self.dirty:,} rows left out"
        )
        if not no_compare:
            self.stdout.write(f"Citations of samples whose standing has changed: {compare_all():,}")

    def tell(self, row: DirtyRow) -> None:
        self.dirty += 1
        if self.dirty <= SHOWN:
            self.stderr.write(f"line {row.line:,}: {row.why}")
