"""``manage.py seed_providers``: the catalog's providers and models, written into the database."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from providers.actions import Seeded, seed
from providers.catalog import known_models, prices
from providers.catalog.free_tiers import free_limits, split, words
from providers.configuration import actor

HEAD = ("PROVIDER", "STATE", "MODELS", "KEY")


class Command(BaseCommand):
    help = (
        "Adds the catalogue's providers that are missing, with all their models, at the end of the list. One that "
        "exists is left as a person has made it; models are added to it with --reset only. Keys are taken from the "
        "environment (GROQ_API_KEY, ...) where none is stored yet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--reset",
            action="append",
            default=[],
            metavar="PROVIDER",
            help="Give this provider its settings, its models and their order back as the catalogue has them, switched "
            "on. Its key, its place in the list and models of your own stay. May be given several times.",
        )
        parser.add_argument(
            "--current",
            action="store_true",
            help="Seed today's models in place of the list that the catalogue began with, with known prices and with "
            "the published limits of the free tiers. Compare them with your account: what your key has may differ.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Show what would be done and write nothing.")

    @actor.by_command("seed_providers")
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            today = timezone.localdate() if options["current"] else None
            rows = seed(os.environ, reset=options["reset"], dry_run=options["dry_run"], today=today)
        except ValidationError as error:
            raise CommandError(f"--reset: {'; '.join(error.messages)}", returncode=2) from None
        for line in table(rows):
            self.stdout.write(line)
        for line in notes(rows) if today else ():
            self.stdout.write(line)
        if options["dry_run"]:
            self.stdout.write("Dry run: nothing was written.")


def notes(rows: list[Seeded]) -> Iterator[str]:
    """Of today's catalogue: what it rests on, the limits of the free tiers, and what was not added."""
    yield ""
    yield f"Models as of {known_models.as_at()}, prices from {prices.source()} of {prices.as_at()}, in US dollars."
    yield "Limits of the free tiers, as published. Compare them with your account; nothing is set without an amount."
    for row in rows:
        limits = free_limits(row.provider_id)
        rest = split(limits).rest
        held = [words(limit) for limit in limits if limit not in rest]
        also = f"{'; ' if held else ''}not set: {'; '.join(map(words, rest))}" if rest else ""
        yield f"  {row.provider_id}: {'; '.join(held)}{also}"
    models = [model for row in rows for model in known_models.models_of_today(row.provider_id) if not model.sure]
    yield f"Not verified that they are served: {', '.join(f'{model.vendor}/{model.model_id}' for model in models)}."
    for row in rows:
        if row.lacking:
            yield f"{row.provider_id} has not: {', '.join(row.lacking)}. Fetch models, or --current --reset, adds them."


def table(rows: list[Seeded]) -> list[str]:
    cells = [HEAD, *((row.provider_id, row.provider, row.models, row.key) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEAD))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in cells]
