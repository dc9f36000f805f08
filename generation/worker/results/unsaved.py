"""Results that were paid for and could not be saved, in files of the data folder until they can.

One JSON object a line holds one result: no key and no address. A file is whole or not there. Saving a result twice
counts it once, so that a file may be taken up again after whatever went wrong; the lock only spares the work.
"""

import fcntl
import json
import logging
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings

from generation.engine.parsing import Draft
from generation.models import Batch, Item
from generation.worker.results import saving
from generation.worker.results.saving import GROUP, Failed, HandedBack, Result
from providers.database import DatabaseAway, asking
from providers.llm.errors import ErrorKind
from providers.llm.types import Usage
from providers.routing.call import Call

logger = logging.getLogger(__name__)

FOLDER = "unsaved"
WAITING = ".jsonl"
ASIDE = ".aside"  # looked at by people only


@dataclass(frozen=True, slots=True)
class _Group:
    """Whose results they are: one batch of one database, under one lease."""

    batch_id: int
    created_at: datetime
    lease_token: UUID


def keep(batch: Batch, lease_token: UUID, results: Sequence[Result]) -> None:
    """Write the results down for whoever comes next on this machine."""
    path = _write(WAITING, [_line(batch, lease_token, result) for result in results])
    if path:
        logger.warning("batch %s: %s results are kept in %s until they can be saved", batch.pk, len(results), path)


def set_aside(batch: Batch, lease_token: UUID, results: Sequence[Result]) -> None:
    """Keep what the database refuses to store as it is, for a person to look at."""
    _put_aside([_line(batch, lease_token, result) for result in results])


def are_waiting() -> bool:
    return any(_files())


def take_up() -> None:
    """Save what waits in files, those that another process has in hand passed by; raises DatabaseAway."""
    for path in _files():
        with _held(path) as content:
            if content is None:
                continue
            try:
                with asking():
                    _save(path, content)
            except DatabaseAway:
                raise
            except Exception:  # a file that nobody can take up must not keep the others from it
                logger.exception("%s cannot be taken up", path)
                path.rename(path.with_suffix(ASIDE))
            else:
                path.unlink()


def _save(path: Path, content: bytes) -> None:
    groups: defaultdict[_Group, list[dict[str, Any]]] = defaultdict(list)
    damaged: list[bytes] = []
    for line in content.splitlines():
        try:
            entry = json.loads(line)
            _result(entry, Item(pk=int(entry["item"])))  # a line that is no result shows here
            created_at = datetime.fromisoformat(entry["created_at"])
            groups[_Group(int(entry["batch"]), created_at, UUID(entry["lease_token"]))].append(entry)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError):
            damaged.append(line)
    for group, entries in groups.items():
        if not _save_group(group, [_result(entry, Item(pk=entry["item"])) for entry in entries]):
            logger.error("batch %s of %s is not in this database", group.batch_id, group.created_at)
            damaged += [json.dumps(entry).encode() for entry in entries]
    if damaged:
        logger.error("%s: %s lines cannot be saved", path, len(damaged))
        _put_aside(damaged)


def _save_group(group: _Group, results: Sequence[Result]) -> bool:
    """False where the batch is not this database's: another one counts from 1 too, so its number alone says nothing."""
    batch = Batch.objects.filter(pk=group.batch_id, created_at=group.created_at).first()
    if batch is None:
        return False
    items = Item.objects.filter(batch=batch).in_bulk([result.item.pk for result in results])
    whole = [replace(result, item=items[result.item.pk]) for result in results if result.item.pk in items]
    for start in range(0, len(whole), GROUP):
        refused = saving.save_all(batch.pk, group.lease_token, whole[start : start + GROUP])
        set_aside(batch, group.lease_token, refused)
    logger.warning("batch %s: took up %s results that had not been saved", batch.pk, len(whole))
    return True


def _line(batch: Batch, lease_token: UUID, result: Result) -> bytes:
    end = result.end
    entry = {
        "batch": batch.pk,
        "created_at": batch.created_at,
        "lease_token": lease_token,
        "item": result.item.pk,
        "calls": [asdict(call) for call in result.calls],
        "faults": result.faults,
        "draft": asdict(end) if isinstance(end, Draft) else None,
        "failure": end.reason if isinstance(end, Failed) else "",
        "retry_after_s": (end.retry_after_s if isinstance(end, HandedBack) else None) or 0.0,
    }
    return json.dumps(entry, default=_text).encode()


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _result(entry: dict[str, Any], item: Item) -> Result:
    calls = tuple(_call(**call) for call in entry["calls"])
    return Result(item, calls, int(entry["faults"]), _end(entry["draft"], entry["failure"], entry["retry_after_s"]))


def _end(draft: dict[str, Any] | None, failure: Any, retry_after_s: Any) -> Draft | Failed | HandedBack:
    if draft:
        return Draft(**draft)
    return Failed(str(failure)) if failure else HandedBack(float(retry_after_s) or None)


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


def _put_aside(lines: Sequence[bytes]) -> None:
    path = _write(ASIDE, lines)
    if path:
        logger.error("%s results that cannot be stored are kept in %s", len(lines), path)


def _files() -> Iterator[Path]:
    return iter(sorted((settings.LEGALDS_DATA / FOLDER).glob(f"*{WAITING}")))


def _write(ending: str, lines: Sequence[bytes]) -> Path | None:
    """A new file, for its owner only, that is there as a whole or not at all, also after a power cut."""
    if not lines:
        return None
    folder = settings.LEGALDS_DATA / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = uuid4().hex
    draft, path = folder / f"{name}.new", folder / f"{name}{ending}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.writelines(line + b"\n" for line in lines)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    folder_handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(folder_handle)
    finally:
        os.close(folder_handle)
    return Path(path)


@contextmanager
def _held(path: Path) -> Iterator[bytes | None]:
    """The file's content, with the file locked; None where somebody else has it in hand, or had. A killed process lets
    go by itself."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield None
        return
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield file.read() if path.exists() else None
