"""What is learnt of models while they are called: parameters that they refuse, and who answers in their place.

What vendors tell of their limits is forgotten with it; it is written in ``providers.actions.suggestions``."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from providers.actions import ordering
from providers.calling.adapting import Learnt
from providers.configuration import audit
from providers.configuration.snapshot import read_version
from providers.llm.adaptation import merged, readable
from providers.models import Model, Provider, Reroute, ToldLimit


def store(news: Iterable[Learnt]) -> int:
    """Everything learnt; the version of the configuration that holds it, or where it was not wanted."""
    for learnt in news:
        learn(learnt)
    return read_version()


@transaction.atomic
def learn(learnt: Learnt) -> None:
    """Adds to what is known of the model; nothing where that is known, or where it is reached otherwise by now."""
    try:
        provider = ordering.lock_provider(learnt.provider_id)
    except Provider.DoesNotExist:
        return
    model = Model.objects.filter(provider=provider, model_id=learnt.model_id).first()
    if model is None or (provider.adapter, provider.base_url) != (learnt.adapter, learnt.base_url):
        return
    before, known = audit.facts(model), readable(model.adaptations)
    model.adaptations = merged(known, learnt.adaptations)
    if model.adaptations != known:
        model.save(update_fields=["adaptations", "updated_at"])
        audit.record(audit.learnt(model, before))


@transaction.atomic
def forget(pk: int) -> Model:
    """Ask the model again as if nothing had been learnt of it. Raises Model.DoesNotExist."""
    model, _ = ordering.lock_model(pk)
    forget_all([model])
    return model


def forget_all(models: list[Model]) -> None:
    """What was learnt of models that are others by now. The caller holds the provider's lock."""
    for model in models:
        if not model.adaptations:
            continue
        before = audit.facts(model)
        model.adaptations = {}
        model.save(update_fields=["adaptations", "updated_at"])
        audit.record(audit.changed(model, before))
    Reroute.objects.filter(model__in=models).delete()
    ToldLimit.objects.filter(model__in=models).delete()


def note_answer(provider_id: str, model_id: str, answered_by: str) -> None:
    """Who answers in place of a model: another one's name, or nothing where it is itself again."""
    found = Model.objects.filter(provider_id=provider_id, model_id=model_id).first()
    if found is None:
        return
    rerouted = Reroute.objects.filter(model=found)
    if not answered_by:
        rerouted.delete()
    elif not rerouted.filter(answered_by=answered_by).exists():
        Reroute.objects.update_or_create(model=found, defaults={"answered_by": answered_by, "since": timezone.now()})
