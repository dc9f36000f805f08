"""``manage.py forecast``: what is left of each limit, when it comes back, and when each batch will be done."""

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rest_framework.renderers import JSONRenderer

from generation.actions.batch_forecasts import BatchForecast, forecast_batches
from generation.actions.limit_forecasts import ForetoldLimit, forecast_limits
from generation.api.forecast import listing
from providers.models import Provider
from providers.routing.explaining.durations import roughly

EXIT_BAD_INPUT = 2
LIMITS_HEAD = ("PROVIDER", "LIMIT", "LEFT", "USED UP", "COMES BACK")
BATCHES_HEAD = ("BATCH", "DONE", "LEFT", "LIMITED BY")


class Command(BaseCommand):
    help = (
        "Shows what is left of each limit of the providers that are on, when it is used up at the pace of the last "
        "minutes, when it comes back, and when each batch at work will be done. Moments are in the time zone of "
        "TIME_ZONE, with its offset. Nothing is called and nothing is written. Exit code 0: told; 2: bad input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--provider", help="the limits of this provider alone")
        parser.add_argument("--all", action="store_true", help="limits of a minute and less, too")
        parser.add_argument("--json", action="store_true", help="print one JSON object, as GET /api/forecast has it")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = options["provider"]
        if wanted and not Provider.objects.filter(pk=wanted).exists():
            known = ", ".join(Provider.objects.values_list("pk", flat=True))
            raise CommandError(
                f"provider: There is no provider '{wanted}'. There are: {known}.", returncode=EXIT_BAD_INPUT
            )
        if options["json"]:
            told = listing()
            told["limits"] = [limit for limit in told["limits"] if wanted in (None, limit["provider"])]
            self.stdout.write(JSONRenderer().render(told).decode())
            return
        limits = [
            limit
            for limit in forecast_limits()
            if wanted in (None, limit.provider) and (options["all"] or not limit.is_short)
        ]
        self._show(LIMITS_HEAD, [limit_row(limit) for limit in limits], "No limit to tell of, or Redis is away.")
        self.stdout.write("")
        rows = [batch_row(told) for told in forecast_batches().values()]
        self._show(BATCHES_HEAD, rows, "No batch is at work.")

    def _show(self, head: Sequence[str], rows: Sequence[Sequence[str]], none: str) -> None:
        for line in table([head, *rows]) if rows else [none]:
            self.stdout.write(line)


def limit_row(limit: ForetoldLimit) -> tuple[str, ...]:
    owner = f" ({limit.owner})" if limit.owner else ""
    used_up = "now" if limit.is_used_up else moment(limit.used_up_at) or "not at this pace"
    back = f"{limit.back_words} {moment(limit.back_at)}, " if limit.back_at != limit.whole_at else ""
    comes = f"{back}all {moment(limit.whole_at)}" if limit.back_at else "all is there"
    return limit.provider, f"{limit.name}{owner}", limit.left_words, used_up, comes


def batch_row(told: BatchForecast) -> tuple[str, ...]:
    left = roughly(told.left.total_seconds()) if told.left is not None else ""
    return str(told.batch_id), moment(told.done_at) or "never", left, told.limited_by


def moment(at: datetime | None) -> str:
    """ISO with offset, to the minute."""
    return "" if at is None else timezone.localtime(at).isoformat(timespec="minutes")


def table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
