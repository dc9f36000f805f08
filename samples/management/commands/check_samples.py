"""``manage.py check_samples``: what the rules of quality hold against the samples that are there."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import QuerySet

from samples.actions import CheckReport, check_in_chunks
from samples.models import Sample

TOLD_EVERY = 10_000


class Command(BaseCommand):
    help = "Check samples by the rules of quality and count what they break. Nothing is deleted; --apply stores it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", type=int, metavar="ID", help="those of this batch")
        parser.add_argument("--ids", type=int, nargs="+", metavar="ID", help="these samples")
        parser.add_argument("--after", type=int, default=0, metavar="ID", help="go on after this one")
        parser.add_argument("--apply", action="store_true", help="store score, findings and citations anew")
        parser.add_argument(
            "--strict", action="store_true", help="end with 1 where a sample breaks a rule that rejects"
        )

    def handle(self, *args: Any, after: int, apply: bool, strict: bool, **options: Any) -> None:
        samples = self.find(options["batch"], options["ids"])
        if not samples.exists():
            where = "" if options["batch"] is None else f" in batch {options['batch']}"
            raise CommandError(
                f"There is no such sample{where}. The admin and GET /api/samples list what there is.", returncode=2
            )
        report = self.check_all(samples, after, apply)
        self.tell(report, apply)
        if strict and report.rejected:
            raise CommandError(f"{samples_in_words(report.rejected)} break a rule that rejects.", returncode=1)

    def find(self, batch: int | None, ids: list[int] | None) -> QuerySet[Sample]:
        samples: QuerySet[Sample] = Sample.objects.all()
        if batch is not None:
            samples = samples.filter(batch_id=batch)
        return samples if ids is None else samples.filter(pk__in=ids)

    def check_all(self, samples: QuerySet[Sample], after: int, apply: bool) -> CheckReport:
        """Says on the way how far it is; interrupted, with what to go on."""
        report = CheckReport(last_pk=after)
        told = 0
        try:
            for report in check_in_chunks(samples, after=after, apply=apply):
                if report.checked - told >= TOLD_EVERY:
                    told = report.checked
                    self.stderr.write(f"{samples_in_words(told)} checked; the last one is {report.last_pk}")
        except KeyboardInterrupt:
            self.tell(report, apply)
            raise CommandError(f"Interrupted. Go on with --after {report.last_pk}.", returncode=130) from None
        return report

    def tell(self, report: CheckReport, apply: bool) -> None:
        stored = ", score, findings and citations stored" if apply else ""
        self.stdout.write(f"{samples_in_words(report.checked)} checked{stored}; {report.rejected:,} to reject")
        if report.unknown:
            self.stdout.write(f"{report.unknown:,} of a kind that is not known any more: by their text alone")
        for (rule, severity), times in sorted(report.rules.items(), key=lambda entry: (-entry[1], entry[0])):
            self.stdout.write(f"  {rule} ({severity}): {times:,}")


def samples_in_words(count: int) -> str:
    return f"{count:,} sample{'' if count == 1 else 's'}"
