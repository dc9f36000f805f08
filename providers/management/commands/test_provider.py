"""``manage.py test_provider``: one real call, as the admin's Test connection makes it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from providers.connection.testing import check_connection
from providers.models import Model, Provider

EXIT_FAILED = 1
EXIT_BAD_INPUT = 2


class Command(BaseCommand):
    help = (
        "Asks one model of a provider a short question and says what came of it; a provider that is off or suspended "
        "too. Exit code 0: it works; 1: it does not; 2: there is no such provider or model."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("provider", help="the provider's id")
        parser.add_argument("--model", help="the model to ask; default: the one that the provider starts with")

    def handle(self, *args: Any, provider: str, model: str | None, **options: Any) -> None:
        try:
            outcome = check_connection(provider, model)
        except Provider.DoesNotExist:
            known = ", ".join(Provider.objects.order_by("order").values_list("pk", flat=True)) or "none"
            raise CommandError(
                f"There is no provider {provider!r}. Known: {known}.", returncode=EXIT_BAD_INPUT
            ) from None
        except Model.DoesNotExist:
            own = Model.objects.filter(provider_id=provider).order_by("fallback_priority")
            known = ", ".join(own.values_list("model_id", flat=True)) or "none"
            message = f"{provider} has no model {model!r}. Its models: {known}."
            raise CommandError(message, returncode=EXIT_BAD_INPUT) from None
        if not outcome.works:
            raise CommandError(f"{outcome.words} {outcome.remedy}".strip(), returncode=EXIT_FAILED)
        self.stdout.write(outcome.words)
