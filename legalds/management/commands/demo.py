"""``manage.py demo``: the whole way of a small batch against the sandbox, in a data folder of its own."""

import sys
import textwrap
import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.table import Table

from generation.actions import BatchOrder, start_batch
from generation.choices import BatchStatus
from generation.models import Batch
from generation.selectors import totals
from generation.terminal import work_off_and_follow
from providers import actions
from providers.configuration import actor
from providers.models import Provider
from providers.sandbox.thread import RunningSandbox, running_sandbox
from samples.models import Sample

FOLDER = "demo"
COUNT = 20
TIMEOUT_S = 80.0
LATENCY_S = 0.3
DEMO_KEY = "demo-key-of-the-sandbox"
FIRST_CHOICE_IS = "503"
SHOWN_CHARS = 600


class Command(BaseCommand):
    help = f"Run a batch of {COUNT} against the sandbox, with the first choice down. Run it by `make demo`."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--count", type=int, default=COUNT, help=f"how many samples (default {COUNT})")

    @actor.by_command("demo")
    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.IS_EMBEDDED or settings.LEGALDS_DATA.name != FOLDER:
            raise CommandError(
                "The demo points every provider at the sandbox, so it has data of its own: run `make demo`."
            )
        console = Console()
        console.print("[bold]1. Database[/bold]: migrate, then seed the catalogue")
        call_command("migrate", verbosity=0)
        call_command("seed_providers", stdout=self.stdout)
        with running_sandbox(latency_s=LATENCY_S) as sandbox:
            console.print(f"[bold]2. Sandbox[/bold]: an LLM server on {sandbox.url}, with the first choice down")
            first = point_providers_at(sandbox)
            console.print(f"[bold]3. Batch[/bold]: {options['count']} samples; {first} answers 503 to every call")
            started = time.monotonic()
            batch = start_batch(BatchOrder(count=options["count"], item_budget=6), queue=False)
            batch = work_off_and_follow(batch.pk, console, deadline=started + TIMEOUT_S)
            seconds = time.monotonic() - started
        report(console, batch, seconds)
        if batch.status != BatchStatus.COMPLETED:
            sys.exit(1)


def point_providers_at(sandbox: RunningSandbox) -> str:
    """Give every provider the sandbox's address and a key; break the first route, and return its name."""
    providers = list(Provider.objects.with_details())
    for provider in providers:
        url = sandbox.root if provider.adapter == "mistral" else sandbox.url
        actions.update_provider(provider.pk, {"base_url": url})
        actions.set_secrets(provider.pk, api_key=DEMO_KEY)
        for model in provider.models.all():
            sandbox.state.set_behaviour("good", model=model.model_id)
    champion = providers[0].champion_model
    if champion is None:
        raise CommandError(
            f"{providers[0]} has no champion: delete the demo's folder {settings.LEGALDS_DATA} and run it again."
        )
    sandbox.state.set_behaviour(FIRST_CHOICE_IS, model=champion.model_id)
    return f"{providers[0].pk}/{champion.model_id}"


def report(console: Console, batch: Batch, seconds: float) -> None:
    routes = Table(
        "route", "samples", "attempts", "faults", "tokens", "median ms", title=f"Batch {batch.pk}: {batch.status}"
    )
    for route in totals.routes(batch):
        faults = ", ".join(f"{times} x {kind.lower()}" for kind, times in route.faults)
        cells = (
            str(route.accepted),
            str(route.attempts),
            faults,
            str(route.tokens),
            "-" if route.p50_ms is None else f"{route.p50_ms:,.0f}",
        )
        routes.add_row(f"{route.provider}/{route.model}", *cells)
    console.print(routes)
    moves = Table("moved on from", "to", "because of", "times", title="Switches")
    for switch in totals.switches(batch):
        moves.add_row(switch.before, switch.after, switch.why, str(switch.times))
    console.print(moves)
    console.print(
        f"{batch.generated} of {batch.count} samples, {batch.failed} failed, {batch.attempts} attempts, "
        f"{batch.switches} switches, {batch.tokens} tokens, cost {batch.spending.words}, {seconds:.1f} seconds"
    )
    sample = Sample.objects.of_batch(batch.pk).first()
    if sample is not None:
        show(console, sample)
    console.print(f"\nThe data is in {settings.LEGALDS_DATA}. Next:")
    console.print("  make run        the admin and the API, on data of your own in var/")
    console.print("  README.md       how to enter a key and start a real batch")


def show(console: Console, sample: Sample) -> None:
    console.rule(f"Sample {sample.item_number}: {sample.topic}, {sample.sample_type}, {sample.difficulty}")
    for name in ("question", "answer", "case_citation", "reasoning"):
        text = textwrap.shorten(getattr(sample, name), SHOWN_CHARS, placeholder=" ...")
        console.print(f"[bold]{name}[/bold]")
        console.print(textwrap.indent(textwrap.fill(text, console.width - 4), "  "), markup=False)
