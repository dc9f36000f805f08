"""One item asked for right now, in the words of one version, of one model: to see what comes of it before a batch does.

The call goes by the gateway and counts against every limit, as any other. Its record is kept with the version.
"""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from asgiref.sync import async_to_sync
from django.utils import timezone

from generation.actions.prompts.preview import Preview, find_route
from generation.choices import OK_OUTCOME
from generation.engine.parsing import parse_answer
from generation.engine.planning.plan import ItemSpec
from generation.models import PromptTrial, PromptVersion
from providers import actions
from providers.calling.adapting import Learnt
from providers.calling.gateway import Gateway, open_gateway
from providers.calling.told_limits import Told
from providers.configuration import actor
from providers.llm.errors import ErrorKind, Fault, LLMError, RefusedParameterError
from providers.llm.text import storable
from providers.llm.types import Completion
from providers.routing.admission import Admitted, Refused, StoreUnavailable
from providers.routing.call import cost
from providers.routing.explaining.durations import at_least
from providers.routing.explaining.words import obstacle_words
from providers.routing.route import DEFAULT_TIMEOUT_S, Route
from samples import vocabulary
from samples.quality.asked import asked_of
from samples.quality.checking import check
from samples.quality.draft import Draft
from samples.quality.findings import Finding

TRIAL_S = 90.0
"""A person waits for it, and so does a worker of the web server."""
PATIENCE_S = 5.0
COST_MAX = 10**5


class TrialRefused(Exception):  # noqa: N818 - nothing failed: no call was let out
    """No call was made; says why, and when it could be."""

    status_code = 409


@dataclass(frozen=True, slots=True)
class Asked:
    """What came back, and what was learnt on the way."""

    outcome: Completion | Fault | Refused | None
    started_at: datetime
    news: tuple[Learnt, ...] = ()
    limits: tuple[Told, ...] = ()


def run_trial(version: PromptVersion, preview: Preview, provider_id: str, model_id: str) -> PromptTrial:
    """``preview`` is of the version.

    Raises ValidationError where there is no such model to ask, TrialRefused where no call is let out now.
    """
    route = _bounded(find_route(provider_id, model_id))
    try:
        asked = async_to_sync(_ask)(route, preview)
    except StoreUnavailable:
        raise TrialRefused("Redis is away, and without it no call may leave. Look whether it runs.") from None
    actions.note_limits(asked.limits)
    if asked.news:
        actions.store(asked.news)
    if not isinstance(asked.outcome, Completion | Fault):
        raise TrialRefused(_why_not(asked.outcome))
    return _written(version, preview, route, asked, asked.outcome)


def draft_of(trial: PromptTrial) -> Draft | None:
    """What its answer was read as; None where nothing could be."""
    reading = parse_answer(trial.answer, truncated=trial.is_cut_off)
    return reading if isinstance(reading, Draft) else None


def findings_in(draft: Draft, spec: ItemSpec) -> tuple[Finding, ...]:
    """By the rules, and by what an item of this spec must be."""
    return check(draft, asked_of(spec, vocabulary.current()))


async def _ask(route: Route, preview: Preview) -> Asked:
    started_at = timezone.now()
    outcome: Completion | Fault | Refused | None
    async with open_gateway() as gateway:
        try:
            async with asyncio.timeout(TRIAL_S + PATIENCE_S):
                started_at, outcome = await _answer(gateway, route, preview)
        except LLMError as error:
            outcome = error.fault
        except TimeoutError:
            outcome = Fault(ErrorKind.TIMEOUT, detail=f"No answer within {TRIAL_S:g} s.")
        return Asked(outcome, started_at, tuple(gateway.adapting.news), tuple(gateway.told_limits.news))


async def _answer(gateway: Gateway, route: Route, preview: Preview) -> tuple[datetime, Completion | Refused | None]:
    """Asked again in another form as long as the model refuses a part of the form alone."""
    label = preview.spec.sample_type
    while True:
        decision = await gateway.admit(route, preview.request, label=label, patience_s=PATIENCE_S)
        started_at = timezone.now()
        if not isinstance(decision, Admitted):
            return started_at, decision
        with suppress(RefusedParameterError):
            return started_at, await gateway.send(route, decision, preview.request, label=label)


def _written(
    version: PromptVersion, preview: Preview, route: Route, asked: Asked, outcome: Completion | Fault
) -> PromptTrial:
    by = actor.asker()
    return PromptTrial.objects.create(
        version=version,
        spec=asdict(preview.spec),
        messages=[asdict(message) for message in preview.request.messages],
        provider=route.provider.id,
        model=route.model.model_id,
        started_at=asked.started_at,
        created_by_id=by.user_id,
        created_by_name=by.name,
        **(_of_answer(outcome, preview.spec) if isinstance(outcome, Completion) else _of_fault(outcome)),
        **_counted(route, outcome, asked.started_at),
    )


def _of_answer(completion: Completion, spec: ItemSpec) -> dict[str, Any]:
    """Rejected by a rule is bad output, as what cannot be read is."""
    reading = parse_answer(completion.text, truncated=completion.truncated)
    found = findings_in(reading, spec) if isinstance(reading, Draft) else ()
    wrong = reading.sentences if not isinstance(reading, Draft) else tuple(_rejecting(found))
    return {
        "model_answered": storable(completion.model)[:200],
        "outcome": ErrorKind.BAD_OUTPUT if wrong else OK_OUTCOME,
        "detail": storable("; ".join(wrong)),
        "answer": storable(completion.text),
        "is_cut_off": completion.truncated,
        "findings": [asdict(finding) for finding in found],
    }


def _of_fault(fault: Fault) -> dict[str, Any]:
    return {"outcome": fault.kind, "status_code": fault.status, "detail": fault.detail}


def _rejecting(found: tuple[Finding, ...]) -> Iterator[str]:
    return (f"{finding.field}: {finding.message}" for finding in found if finding.is_rejecting)


def _counted(route: Route, outcome: Completion | Fault, started_at: datetime) -> dict[str, Any]:
    usage = outcome.usage
    took_s = (timezone.now() - started_at).total_seconds()
    if isinstance(outcome, Completion):
        took_s = outcome.latency_s
    if usage is None:
        return {"latency_ms": round(took_s * 1000)}
    price = cost(route.model, usage)
    return {
        **asdict(usage),
        "cost": price if price is not None and price < COST_MAX else None,
        "latency_ms": round(took_s * 1000),
    }


def _why_not(refused: Refused | None) -> str:
    if refused is None:
        return "No call was made: the configuration has changed meanwhile. Try again."
    return f"No call was made. {obstacle_words(refused).rstrip('.')}. Try again in {at_least(refused.wait_s)}."


def _bounded(route: Route) -> Route:
    """With a timeout that a person would wait for."""
    settings = route.provider.extra_config
    timeout_s = min(TRIAL_S, float(settings.get("timeout_s", DEFAULT_TIMEOUT_S)))
    return replace(route, provider=replace(route.provider, extra_config={**settings, "timeout_s": timeout_s}))
