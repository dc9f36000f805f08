"""``manage.py generate``: order samples from the command line, and wait for them where asked."""

import json
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from celery import current_app
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from kombu.exceptions import OperationalError as BrokerError
from redis import RedisError
from rich.console import Console

from generation.actions import BatchOrder, order_errors, start_batch
from generation.actions.forecast import OrderForecast, forecast
from generation.api.estimate_serializers import told
from generation.choices import ACTIVE, BatchStatus
from generation.engine.estimates import words
from generation.engine.planning.weights import weights_in
from generation.models import Batch
from generation.selectors.model_quality import DAYS
from generation.terminal import follow, work_off_and_follow
from providers.routing.explaining.money import CURRENCY
from providers.routing.limits.urgency import URGENCIES, Urgency
from providers.routing.policy import WhenFull
from samples import vocabulary

EXIT_INCOMPLETE = 1
EXIT_BAD_INPUT = 2
EXIT_TIMEOUT = 3
EXIT_INTERRUPTED = 130
WORKER_PING_S = 1.0


def _add_order(parser: ArgumentParser) -> None:
    """What is ordered."""
    parser.add_argument("--count", type=int, required=True, help="how many samples")
    parser.add_argument("--provider", default="", help="start with this provider; default: automatic")
    parser.add_argument("--model", default="", help="start with this model; default: automatic")
    for option, default in (
        ("jurisdiction", "all"),
        ("topic", "all"),
        ("difficulty", "each topic's usual one"),
        ("sample-type", "all"),
    ):
        parser.add_argument(
            f"--{option}", action="append", default=[], help=f"may be given several times; default: {default}"
        )
    parser.add_argument(
        "--weight",
        action="append",
        default=[],
        help="how often words of the mix come beside each other, such as --weight uk:3; absent is 1",
    )
    parser.add_argument("--instruction", default="", help="added to every prompt")
    parser.add_argument("--prompt-version", type=int, help="in whose words to ask; default: the current one")
    parser.add_argument(
        "--when-full",
        default=WhenFull.AUTO.value,
        help="where the first choice is at its limit: stay (wait for it), spill (use the next one at once), "
        "auto (wait a few seconds, else use the next one; default)",
    )
    parser.add_argument(
        "--urgency",
        default=Urgency.NORMAL.word,
        help="where batches wait for the same limit, the more urgent one goes first: "
        f"{', '.join(URGENCIES)}; default: {Urgency.NORMAL.word}",
    )
    parser.add_argument("--token-cap", type=int, help="pause when so many tokens are used; default: no cap")
    parser.add_argument(
        "--cost-cap",
        type=money,
        help="pause when so much is spent, in US dollars; default: no cap",
    )
    parser.add_argument("--seed", type=int, help="plan the same items again")


def _add_ways(parser: ArgumentParser) -> None:
    """How it is worked off, and what is told."""
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--wait", action="store_true", help="queue it, and wait until it has ended")
    mode.add_argument(
        "--dry-run",
        action="store_true",
        help="tell spread, time, tokens and cost, and write nothing",
    )
    mode.add_argument("--inline", action="store_true", help="work it off in this process, without Celery")
    parser.add_argument(
        "--timeout",
        type=float,
        default=3600.0,
        help="seconds to wait at most (default 3600), then for calls in flight",
    )
    parser.add_argument("--yes", action="store_true", help="confirm more than 100,000 samples")
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else on standard output")


class Command(BaseCommand):
    help = (
        "Generate legal training samples. Without --wait or --inline the batch is only queued for the Celery workers. "
        "Exit code 0: all were generated (queued only: it was queued); 1: some were not; 2: bad input; 3: timeout; "
        "130: Ctrl-C."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        _add_order(parser)
        _add_ways(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["dry_run"]:
            self._foretell(options)
            return
        started = time.monotonic()
        batch = self._start(options)
        console, deadline = Console(stderr=True), started + options["timeout"]
        try:
            if options["inline"]:
                batch = work_off_and_follow(batch.pk, console, deadline=deadline)
            else:
                self._warn_without_worker()
                if options["wait"]:
                    batch = follow(batch.pk, console, deadline=deadline)
        except KeyboardInterrupt:
            self._report(Batch.objects.get(pk=batch.pk), time.monotonic() - started, as_json=options["json"])
            sys.exit(EXIT_INTERRUPTED)
        self._report(batch, time.monotonic() - started, as_json=options["json"])
        if options["inline"] or options["wait"]:
            code = self._exit_code(batch, timed_out=time.monotonic() >= deadline)
            if code:
                sys.exit(code)

    def _start(self, options: dict[str, Any]) -> Batch:
        try:
            if not options["timeout"] > 0:
                raise ValidationError({"timeout": "Give a number of seconds above 0."})
            return start_batch(self._order(options), queue=not options["inline"])
        except ValidationError as error:
            self._refuse(error, options)

    def _order(self, options: dict[str, Any]) -> BatchOrder:
        try:
            return order_of(options)
        except ValueError as error:  # of words that weigh nothing
            self._refuse(ValidationError({"weights": [str(error)]}), options)

    def _refuse(self, error: ValidationError, options: dict[str, Any]) -> NoReturn:
        problems = {field: " ".join(messages) for field, messages in error.message_dict.items()}
        if options["json"]:
            self.stdout.write(json.dumps(refusal(options["count"], problems)))
        lines = "\n".join(f"{field}: {problem}" for field, problem in problems.items())
        raise CommandError(lines, returncode=EXIT_BAD_INPUT) from None

    def _foretell(self, options: dict[str, Any]) -> None:
        order = self._order(options)
        if errors := order_errors(order):
            self._refuse(ValidationError(errors), options)
        expected = forecast(order)
        if options["json"]:
            self.stdout.write(json.dumps(told(expected), default=str))
            return
        for line in lines_of(expected):
            self.stdout.write(line)

    def _warn_without_worker(self) -> None:
        try:
            workers = current_app.control.ping(timeout=WORKER_PING_S)
        except (BrokerError, RedisError):
            self.stderr.write("Redis does not answer: the batch is stored, and is queued once Redis is back.")
            return
        if not workers:
            self.stderr.write(
                "No worker is listening: the batch waits until one is. Start one with `make run` or "
                "`celery -A legalds worker`, or use --inline."
            )

    def _report(self, batch: Batch, seconds: float, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(summary(batch, seconds)))
            return
        reason = f" ({batch.status_reason})" if batch.status_reason else ""
        self.stdout.write(
            f"Batch {batch.pk}: {batch.status}{reason}, {batch.generated} of {batch.count} generated, "
            f"{batch.failed} failed, {batch.attempts} attempts, {batch.tokens} tokens, "
            f"cost {batch.spending.words}, {seconds:.1f} s."
        )
        if batch.status in ACTIVE and not batch.is_at_cap:
            self.stdout.write("It goes on without this command; the admin and GET /api/batches show how far it is.")

    def _exit_code(self, batch: Batch, *, timed_out: bool) -> int:
        if batch.generated == batch.count:
            return 0
        return EXIT_TIMEOUT if timed_out and batch.status in ACTIVE | {BatchStatus.STOPPED} else EXIT_INCOMPLETE


def lines_of(expected: OrderForecast) -> Iterator[str]:
    """The forecast as the terminal shows it."""
    if expected.start is not None:
        for hurdle in expected.start.hurdles:
            yield f"Passed over: {words.name_of(hurdle.route)} ({hurdle.reason})."
        first = expected.start.route
        yield f"Starts with {words.name_of(first)}." if first else "No route can start now: the batch would wait."
    if expected.estimate is not None:
        yield from words.sentences(expected.estimate, DAYS)
    if expected.spread is not None:
        yield from words.spread_lines(expected.spread)
    yield "Nothing was written."


def money(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ArgumentTypeError("give an amount, such as 2.50") from None


def order_of(options: dict[str, Any]) -> BatchOrder:
    return BatchOrder(
        count=options["count"],
        provider=options["provider"],
        model=options["model"],
        jurisdictions=tuple(options["jurisdiction"]),
        topics=tuple(options["topic"]),
        difficulties=tuple(options["difficulty"]),
        sample_types=tuple(options["sample_type"]),
        instruction=options["instruction"],
        prompt_version=options["prompt_version"],
        seed=options["seed"],
        weights=weights_in(",".join(options["weight"]), vocabulary.current()),
        when_full=options["when_full"],
        urgency=options["urgency"],
        token_cap=options["token_cap"],
        cost_cap=options["cost_cap"],
        confirmed=options["yes"],
    )


def summary(batch: Batch, seconds: float) -> dict[str, object]:
    return {
        "batch": batch.pk,
        "status": batch.status,
        "status_reason": batch.status_reason,
        "requested": batch.count,
        "generated": batch.generated,
        "failed": batch.failed,
        "attempts": batch.attempts,
        "switches": batch.switches,
        "tokens": batch.tokens,
        "cached_tokens": batch.cached_tokens,
        "reasoning_tokens": batch.reasoning_tokens,
        "cost": batch.spending.number,
        "unpriced_calls": batch.unpriced,
        "currency": CURRENCY,
        "seconds": round(seconds, 3),
    }


def refusal(count: int, problems: dict[str, str]) -> dict[str, object]:
    """What --json prints of an order that was refused: nothing was written."""
    counts = ("generated", "failed", "attempts", "switches", "tokens", "cached_tokens", "reasoning_tokens")
    zero = dict.fromkeys((*counts, "cost", "unpriced_calls", "seconds"), 0)
    return {"batch": None, "status": "refused", "requested": count, **zero, "currency": CURRENCY, "errors": problems}
