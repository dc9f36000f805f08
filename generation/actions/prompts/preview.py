"""What a model is sent for one item, exactly: built as a worker builds it."""

from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from generation.actions.orders import CONFIRMED_MAX, INSTRUCTION_MAX, SEED_MAX
from generation.actions.prompts.versions import current_version, find_version, unfit_words
from generation.engine.planning.order import Order, check_order
from generation.engine.planning.ordered import mix_of
from generation.engine.planning.plan import ItemSpec, plan
from generation.engine.prompts import build_request
from generation.models import Batch, Item, PromptVersion
from generation.worker.items.specs import as_at_of, spec_of
from providers.configuration import snapshot
from providers.llm.phrase import request_body
from providers.llm.types import CompletionRequest
from providers.routing.estimates import Estimates
from providers.routing.route import Route, RouteChoice, chain
from samples import vocabulary
from samples.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class PreviewOrder:
    """Which item: the ``number``-th of a batch of these. Empty means any; no version means the current one."""

    jurisdiction: str = ""
    topic: str = ""
    sample_type: str = ""
    difficulty: str = ""
    seed: int = 0
    number: int = 1
    instruction: str = ""
    prompt_version: int | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """``version`` is None for a batch that is older than versions."""

    version: PromptVersion | None
    spec: ItemSpec
    request: CompletionRequest

    @property
    def tokens(self) -> int:
        """Of the prompt, about: as they are counted before a model's first answer."""
        return Estimates().prompt_tokens("", self.request)


def preview(order: PreviewOrder) -> Preview:
    """Raises ValidationError with a message per field."""
    version = current_version() if order.prompt_version is None else find_version(order.prompt_version)
    if unfit := unfit_words(version):
        raise ValidationError({"prompt_version": unfit})
    known = vocabulary.current()
    spec = replace(_spec(order, known), as_at=timezone.localdate())
    return Preview(version, spec, build_request(spec, known, order.instruction, texts=version.texts))


def preview_item(batch: Batch, number: int) -> Preview:
    """What is sent for an item of the batch, planned yet or not. Raises ValidationError."""
    if not 1 <= number <= batch.count:
        raise ValidationError({"item": f"Batch {batch.pk} has items 1 to {batch.count:,}."})
    known = batch.taxonomy
    item = Item.objects.filter(batch=batch, number=number).first()
    spec = spec_of(item, batch) if item else _unplanned(batch, number, known)
    if batch.prompt_version and (unfit := unfit_words(batch.prompt_version)):
        raise ValidationError({"prompt_version": unfit})
    request = build_request(spec, known, batch.instruction, texts=batch.prompt_texts)
    return Preview(batch.prompt_version, spec, request)


def _unplanned(batch: Batch, number: int, known: Taxonomy) -> ItemSpec:
    return replace(next(plan(mix_of(batch), known, start=number - 1)), as_at=as_at_of(batch))


def find_route(provider_id: str, model_id: str) -> Route:
    """The route as it would be called now. Raises ValidationError where it cannot be."""
    for route in chain(snapshot.load(), RouteChoice(provider_id, model_id)):
        if (route.provider.id, route.model.model_id) == (provider_id, model_id):
            return route
    said = f"'{provider_id}/{model_id}' is not an enabled model of a provider that is on and has its key."
    usable = ", ".join(route.key for route in chain(snapshot.load())[:20]) or "none"
    raise ValidationError({"model": f"{said} There are: {usable}."})


def body_for(route: Route, request: CompletionRequest) -> dict[str, Any]:
    """The body of the call, as this model takes it. What is secret of the provider's settings is left out."""
    public = replace(route.provider, secret_config={})
    return {"stream": False, **request_body(Route(public, route.model, route.version).facts, request)}


def _spec(order: PreviewOrder, known: Taxonomy) -> ItemSpec:
    mix = Order(
        count=order.number,
        jurisdictions=_given(order.jurisdiction),
        topics=_given(order.topic),
        difficulties=_given(order.difficulty),
        sample_types=_given(order.sample_type),
        seed=order.seed,
    )
    errors = _errors(order) | _singular(check_order(mix, known))
    if errors:
        raise ValidationError(errors)
    return next(plan(mix, known, start=order.number - 1))


def _errors(order: PreviewOrder) -> dict[str, str]:
    found = {}
    if not 1 <= order.number <= CONFIRMED_MAX:
        found["number"] = f"Give a number from 1 to {CONFIRMED_MAX}."
    if not 0 <= order.seed <= SEED_MAX:
        found["seed"] = f"Give a number from 0 to {SEED_MAX}."
    if len(order.instruction) > INSTRUCTION_MAX:
        found["instruction"] = f"Keep it under {INSTRUCTION_MAX} characters; it is sent with every prompt."
    return found


def _singular(errors: dict[str, str]) -> dict[str, str]:
    names = {"jurisdictions": "jurisdiction", "topics": "topic", "difficulties": "difficulty"}
    names["sample_types"] = "sample_type"
    return {names.get(field, field): problem for field, problem in errors.items()}


def _given(word: str) -> tuple[str, ...]:
    return (word,) if word else ()
