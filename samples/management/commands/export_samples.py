"""``manage.py export_samples --batch ID --output FILE``: a batch's samples as JSON lines."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samples.actions import EmptyBatchError, export_batch, export_batch_to


class Command(BaseCommand):
    help = "Write the samples of a batch to a file as JSON lines. A file of that name is replaced."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, required=True, metavar="ID")
        parser.add_argument("--output", required=True, metavar="FILE", help="'-' writes to standard output")

    def handle(self, *args: Any, batch: int, output: str, **options: Any) -> None:
        try:
            count = self.write(batch, output)
        except EmptyBatchError:
            raise CommandError(
                f"--batch: no sample belongs to batch {batch}. The admin and GET /api/batches list the batches.",
                returncode=2,
            ) from None
        except OSError as error:
            raise CommandError(
                f"--output: cannot write {output} ({error.strerror}). Name a file in a folder that exists.",
                returncode=2,
            ) from error
        self.stderr.write(f"wrote {count} sample{'' if count == 1 else 's'} to {output}")

    def write(self, batch: int, output: str) -> int:
        return export_batch(batch, self.stdout) if output == "-" else export_batch_to(batch, Path(output))
