"""``manage.py explain_route``: which routes an order would try now, in which order, and why the others are skipped."""

from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from rest_framework.renderers import JSONRenderer

from generation.models import Batch
from providers.api.explanations import ExplanationSerializer
from providers.routing.explaining.explanation import TYPICAL_TOKENS, ExplainedRoute, Explanation, Turn
from providers.routing.limits.urgency import URGENCIES, Urgency
from providers.routing.policy import WhenFull
from providers.status.explanation import AskedOrder, explain_order

EXIT_BAD_INPUT = 2
HEAD = ("", "ROUTE", "VERDICT", "WHY")
STYLES = {Turn.NEXT: "SUCCESS", Turn.IN_LINE: "WARNING", Turn.SKIPPED: "HTTP_NOT_MODIFIED"}


class Command(BaseCommand):
    help = (
        "Shows which routes an order would try now, in which order, and why the others are skipped. Nothing is called "
        "and nothing is reserved. Exit code 0: a route is next; 1: none can go now; 2: bad input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, help="the order of this batch; the options below change it")
        parser.add_argument("--provider", help="start with this provider; default: automatic")
        parser.add_argument("--model", help="start with this model; default: automatic")
        parser.add_argument("--when-full", help=f"{', '.join(WhenFull)}; default: {WhenFull.AUTO}")
        parser.add_argument("--urgency", help=f"{', '.join(URGENCIES)}; default: {Urgency.NORMAL.word}")
        parser.add_argument(
            "--tokens", type=int, default=TYPICAL_TOKENS, help=f"of prompt and answer; default: {TYPICAL_TOKENS}"
        )
        parser.add_argument("--no-schema", action="store_true", help="plain text is wanted, not JSON by a schema")
        parser.add_argument("--priced-only", action="store_true", help="as under a cap in money")
        parser.add_argument("--json", action="store_true", help="print one JSON object, as the API has it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            explanation = explain_order(order_of(options))
        except ValidationError as error:
            words = "\n".join(f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items())
            raise CommandError(words, returncode=EXIT_BAD_INPUT) from None
        if options["json"]:
            self.stdout.write(JSONRenderer().render(ExplanationSerializer(explanation).data).decode())
        else:
            self._show(explanation)
        if explanation.next is None:
            raise SystemExit(1)

    def _show(self, explanation: Explanation) -> None:
        if explanation.unknown:
            self.stdout.write(self.style.WARNING(explanation.unknown))
        self.stdout.write(explanation.summary)
        rows = [row for explained in explanation.routes for row in rows_of(explained)]
        for (_, turn), line in zip([(HEAD, None), *rows], table(cells for cells, _ in rows), strict=True):
            style = getattr(self.style, STYLES.get(turn, ""), str) if turn else str
            self.stdout.write(style(line))


def order_of(options: dict[str, Any]) -> AskedOrder:
    """The batch's order, or an automatic one, with what was said on the command line."""
    batch = None
    if options["batch"] is not None:
        batch = Batch.objects.filter(pk=options["batch"]).first()
        if batch is None:
            raise ValidationError({"batch": f"There is no batch {options['batch']}. GET /api/batches lists them."})

    def said(name: str, usual: str) -> str:
        told: str | None = options[name]
        return told if told is not None else (getattr(batch, name) if batch else usual)

    return AskedOrder(
        provider=said("provider", ""),
        model=said("model", ""),
        when_full=said("when_full", WhenFull.AUTO.value),
        tokens=options["tokens"],
        schema=not options["no_schema"],
        priced_only=options["priced_only"] or bool(batch and batch.cost_cap is not None),
        urgency=options["urgency"] or (batch.urgency_word if batch else Urgency.NORMAL.word),
    )


def rows_of(explained: ExplainedRoute) -> Iterator[tuple[tuple[str, ...], Turn]]:
    """A line for the route, and one for each further thing to say of it."""
    said = [reason.words for reason in explained.reasons] + list(explained.notes)
    first, *rest = said or [""]
    turn = explained.turn.replace("_", " ")
    yield (str(explained.place or "-"), explained.route.key, turn, first), explained.turn
    for words in rest:
        yield ("", "", "", words), explained.turn


def table(rows: Iterable[tuple[str, ...]]) -> list[str]:
    cells = [HEAD, *rows]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
