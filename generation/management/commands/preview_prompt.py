"""``manage.py preview_prompt``: what a model is sent for one item, exactly."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from rest_framework.renderers import JSONRenderer

from generation.actions.prompts.preview import Preview, PreviewOrder, body_for, find_route, preview, preview_item
from generation.api.prompt_serializers import told_preview
from generation.models import Batch

EXIT_BAD_INPUT = 2
OF_ORDER = ("jurisdiction", "topic", "sample_type", "difficulty", "seed", "number", "instruction", "prompt_version")


class Command(BaseCommand):
    help = (
        "Prints the messages and the schema that a model is sent for one item, as a worker sends them, with the tokens "
        "that they will take. Nothing is called and nothing is reserved. Exit code 0: told; 2: bad input."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--jurisdiction", default="", help="default: any")
        parser.add_argument("--topic", default="", help="default: any")
        parser.add_argument("--sample-type", "--type", default="", help="default: any")
        parser.add_argument("--difficulty", default="", help="default: the topic's usual one")
        parser.add_argument("--seed", type=int, default=0, help="of the batch that it would be in; default: 0")
        parser.add_argument("--number", type=int, default=1, help="of the item in that batch; default: 1")
        parser.add_argument("--instruction", default="", help="the batch's own, added to the prompt")
        parser.add_argument("--prompt-version", type=int, help="default: the current one")
        parser.add_argument("--batch", type=int, help="an item of this batch, in the words that it was ordered with")
        parser.add_argument("--item", type=int, help="its number in the batch; default: 1")
        parser.add_argument("--model", default="", metavar="PROVIDER/MODEL", help="the body of the call to this model")
        parser.add_argument("--json", action="store_true", help="print one JSON object, as the API has it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            told = preview_of(options)
            body = _body(told, options["model"]) if options["model"] else None
        except ValidationError as error:
            words = "\n".join(f"{field}: {' '.join(messages)}" for field, messages in error.message_dict.items())
            raise CommandError(words, returncode=EXIT_BAD_INPUT) from None
        if options["json"]:
            shown = told_preview(told) | ({"body": body} if body is not None else {})
            self.stdout.write(JSONRenderer().render(shown).decode())
        elif body is not None:
            self.stdout.write(json.dumps(body, ensure_ascii=False, indent=2))
        else:
            self._show(told)

    def _show(self, told: Preview) -> None:
        number = told.version.number if told.version else "none: the release's own wording"
        self.stdout.write(self.style.MIGRATE_HEADING(f"Prompt version: {number}"))
        self.stdout.write(", ".join(f"{name} {value}" for name, value in asdict(told.spec).items()))
        for message in told.request.messages:
            self.stdout.write(self.style.MIGRATE_HEADING(f"\n--- {message.role} ---"))
            self.stdout.write(message.content)
        self.stdout.write(self.style.MIGRATE_HEADING("\n--- schema ---"))
        schema = told.request.schema
        self.stdout.write(json.dumps(schema.schema, indent=2) if schema else "none")
        self.stdout.write(f"\nAbout {told.tokens:,} tokens; {told.request.max_tokens:,} at most for the answer.")


def preview_of(options: dict[str, Any]) -> Preview:
    """Raises ValidationError."""
    if options["batch"] is None:
        if options["item"] is not None:
            raise ValidationError({"item": "Say of which batch: --batch 7 --item 3. Without one, use --number."})
        return preview(PreviewOrder(**{name: options[name] for name in OF_ORDER}))
    batch = Batch.objects.select_related("prompt_version").filter(pk=options["batch"]).first()
    if batch is None:
        raise ValidationError({"batch": f"There is no batch {options['batch']}. GET /api/batches lists them."})
    return preview_item(batch, 1 if options["item"] is None else options["item"])


def _body(told: Preview, route_key: str) -> dict[str, Any]:
    provider_id, _, model_id = route_key.partition("/")
    return body_for(find_route(provider_id, model_id), told.request)
