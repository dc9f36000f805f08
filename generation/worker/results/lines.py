"""What came of items as lines of a file: one JSON object each, without key or address.

A line is an answer, as it came from a model and unread, or a result. Both name the batch, the database's moment of its
creation, and the lease; a line of a result stands for all that came before it of the same item. What older versions did
not write is taken for what it was then.
"""

import json
import logging
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from generation.engine.judging import Accepted, Check, Rejected, judge, unchecked
from generation.models import Item
from generation.worker.results.saving import OWN_ERROR, Failed, HandedBack, InWork, Result
from providers.llm.errors import ErrorKind
from providers.llm.types import Completion, Usage
from providers.routing.call import Call
from samples.quality.draft import Draft
from samples.quality.findings import Finding, Severity

ASKED_AGAIN = "another answer was asked for, as this one was rejected"

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Source:
    """Whose results they are: one batch of one database, under one lease."""

    batch_id: int
    created_at: datetime
    lease_token: UUID


@dataclass(frozen=True, slots=True)
class Arrived:
    """A call that is back. ``text`` is what the model wrote, None where the call failed; ``faults`` those before it;
    ``was_replaced`` as in a result."""

    item_id: int
    call: Call
    faults: int
    text: str | None
    truncated: bool
    was_replaced: bool = False


def line_of_call(
    source: Source, item_id: int, call: Call, faults: int, completion: Completion | None, *, was_replaced: bool
) -> bytes:
    return _line(
        source,
        item_id,
        was_replaced=was_replaced,
        call=_flat(call),
        faults=faults,
        text=completion.text if completion else None,
        truncated=completion.truncated if completion else False,
    )


def line_of_result(source: Source, result: Result) -> bytes:
    end = result.end
    return _line(
        source,
        result.item.pk,
        was_replaced=result.was_replaced,
        calls=[_flat(call) for call in result.calls],
        faults=result.faults,
        draft=asdict(end) if isinstance(end, Draft) else None,
        flags=[asdict(flag) for flag in result.flags],
        failure=end.reason if isinstance(end, Failed) else "",
        is_budget_used_up=isinstance(end, Failed) and end.is_budget_used_up,
        retry_after_s=(end.retry_after_s if isinstance(end, HandedBack) else None) or 0.0,
    )


def read(line: bytes) -> tuple[Source, Arrived | Result]:
    """Raises ValueError where it is no such line, as one that was torn."""
    try:
        entry = json.loads(line)
        created_at = datetime.fromisoformat(entry["created_at"])
        source = Source(int(entry["batch"]), created_at, UUID(entry["lease_token"]))
        return source, _arrived(entry) if "call" in entry else _result(entry)
    except (KeyError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(str(error)) from error


def item_of(entry: Arrived | Result) -> int:
    """The key of the item that the line is about."""
    return entry.item.pk if isinstance(entry, Result) else entry.item_id


def read_only(item_id: int) -> Check:
    """Where nobody knows the item: that its answer can be read is all that is asked."""
    return unchecked


def results_of(entries: Iterable[Arrived | Result], check_of: Callable[[int], Check] = read_only) -> list[Result]:
    """What came of each item by all of its lines, in their order. Answers are read here, and checked by the rules of
    the item with that key."""
    found: dict[tuple[int, bool], Result] = {}
    for entry in entries:
        key = item_of(entry), entry.was_replaced
        if isinstance(entry, Result):
            found[key] = entry
        else:
            none = Result(Item(pk=entry.item_id), (), 0, InWork(), was_replaced=entry.was_replaced)
            found[key] = _with_answer(found.get(key, none), entry, check_of(entry.item_id))
    return list(found.values())


def _with_answer(before: Result, arrived: Arrived, check: Check) -> Result:
    call, faults = arrived.call, arrived.faults
    end: Draft | Failed | InWork = InWork()
    flags: tuple[Finding, ...] = ()
    if arrived.text is not None:
        match _judged(arrived, check):
            case Rejected(sentences=sentences, rules=rules):
                call, faults = call.rejected(sentences, arrived.text, rules), faults + 1
            case Accepted(draft=end, flags=flags):
                pass
            case Failed() as end:
                pass
    return replace(before, calls=(*_calls_before(before), call), faults=faults, end=end, flags=flags)


def _calls_before(before: Result) -> tuple[Call, ...]:
    """Where another call was made after a draft, that was rejected by what else there was, which no line tells."""
    if not isinstance(before.end, Draft):
        return before.calls
    text = json.dumps(asdict(before.end), ensure_ascii=False)
    return (*before.calls[:-1], before.calls[-1].rejected((ASKED_AGAIN,), text, {}))


def _judged(arrived: Arrived, check: Check) -> Accepted | Rejected | Failed:
    try:
        return judge(arrived.text or "", truncated=arrived.truncated, check=check)
    except Exception:  # as where it is made: a bug met by one item must not cost the others their results
        logger.exception("the answer for item %s met an error in legalds itself", arrived.item_id)
        return Failed(OWN_ERROR)


def _line(source: Source, item_id: int, **more: Any) -> bytes:
    entry = {
        "batch": source.batch_id,
        "created_at": source.created_at.isoformat(),
        "lease_token": str(source.lease_token),
        "item": item_id,
        **more,
    }
    return json.dumps(entry).encode() + b"\n"


def _flat(call: Call) -> dict[str, Any]:
    return {
        **{name: getattr(call, name) for name in Call.__dataclass_fields__},
        "id": str(call.id),
        "started_at": call.started_at.isoformat(),
        "usage": asdict(call.usage),
        "cost": None if call.cost is None else str(call.cost),
    }


def _arrived(entry: dict[str, Any]) -> Arrived:
    text = None if entry["text"] is None else str(entry["text"])
    return Arrived(
        int(entry["item"]),
        _call(**entry["call"]),
        int(entry["faults"]),
        text,
        bool(entry["truncated"]),
        bool(entry.get("was_replaced")),
    )


def _result(entry: dict[str, Any]) -> Result:
    calls = tuple(_call(**call) for call in entry["calls"])
    flags = tuple(_finding(**flag) for flag in entry.get("flags", ()))
    item, was_replaced = Item(pk=int(entry["item"])), bool(entry.get("was_replaced"))
    return Result(item, calls, int(entry["faults"]), _end(entry), flags, was_replaced)


def _end(entry: dict[str, Any]) -> Draft | Failed | HandedBack:
    if entry["draft"]:
        return Draft(**entry["draft"])
    if entry["failure"]:
        return Failed(str(entry["failure"]), bool(entry.get("is_budget_used_up")))
    return HandedBack(float(entry["retry_after_s"]) or None)


def _finding(*, severity: str, **plain: str) -> Finding:
    return Finding(severity=Severity(severity), **plain)


def _call(  # the words are those of Call
    *,
    id: str,  # noqa: A002
    started_at: str,
    kind: str | None,
    usage: dict[str, int],
    cost: str | None,
    **plain: Any,
) -> Call:
    return Call(
        id=UUID(id),
        started_at=datetime.fromisoformat(started_at),
        kind=ErrorKind(kind) if kind else None,
        usage=Usage(**usage),
        cost=None if cost is None else Decimal(cost),
        **plain,
    )
