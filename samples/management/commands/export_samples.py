"""``manage.py export_samples --output FILE``: the samples of a filter as JSON lines, CSV or chat lines."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from samples.actions import NothingToExportError, export, export_to
from samples.api.filters import SampleFilters
from samples.export import FORMATS
from samples.models import Sample
from samples.querysets import SampleQuerySet

FILTERS = {
    "batch": "its number",
    "review": "unreviewed, approved, needs_work or rejected",
    "reviewer": "a user name",
    "note": "yes: with a note; no: without one",
    "jurisdiction": "such as uk",
    "practice_area": "as samples have it",
    "topic": "as samples have it",
    "difficulty": "such as advanced",
    "sample_type": "such as case_analysis",
    "provider": "its id",
    "model": "its id",
    "created_from": "a date, or a date with a time",
    "created_to": "before this date or moment",
    "score_min": "at least this score, 0 to 1",
    "score_max": "at most this score, 0 to 1",
    "flagged": "a rule of quality, or any",
    "search": "words in question, answer or citation",
}


class Command(BaseCommand):
    help = "Write the samples that are as the options say to a file, which is replaced. Without options: all of them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", required=True, metavar="FILE", help="'-' writes to standard output")
        parser.add_argument("--format", choices=FORMATS, default="jsonl", help="chat: question and answer as messages")
        for name, meaning in FILTERS.items():
            parser.add_argument(option(name), metavar=name.split("_")[-1].upper(), help=meaning)

    def handle(self, *args: Any, output: str, format: str, **options: Any) -> None:  # noqa: A002 - the option's name
        wanted = {name: options[name] for name in FILTERS if options.get(name) not in (None, "")}
        samples = self.find(wanted)
        file_format = FORMATS[format]
        try:
            to_screen = output == "-"
            count = (
                export(samples, self.stdout, file_format)
                if to_screen
                else export_to(samples, Path(output), file_format)
            )
        except NothingToExportError:
            raise CommandError(self.why_nothing(wanted), returncode=2) from None
        except OSError as error:
            raise CommandError(
                f"--output: cannot write {output} ({error.strerror}). Name a file in a folder that exists.",
                returncode=2,
            ) from error
        self.stderr.write(f"wrote {count} sample{'' if count == 1 else 's'} to {output}")

    def find(self, wanted: dict[str, Any]) -> SampleQuerySet[Sample]:
        """In the order of their items within a batch, else in that of their making."""
        filters = SampleFilters({name: str(value) for name, value in wanted.items()}, Sample.objects.all())
        if not filters.form.is_valid():
            problems = (f"{option(name)}: {' '.join(said)}" for name, said in filters.form.errors.items())
            raise CommandError(" ".join(problems), returncode=2)
        found: SampleQuerySet[Sample] = filters.qs.order_by("batch_id", "item_number", "pk")
        return found

    def why_nothing(self, wanted: dict[str, Any]) -> str:
        if not wanted:
            return "There is no sample yet. Start a batch in the admin, or with manage.py generate."
        asked = ", ".join(f"{option(name)} {value}" for name, value in wanted.items())
        return f"No sample has {asked}. The admin and GET /api/samples list what there is."


def option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
