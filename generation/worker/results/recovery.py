"""Taking up what lanes of this machine left in files when their process ended before it was saved.

Saving a result twice counts it once, so that a file may be taken up again after whatever went wrong.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from django.db import ProgrammingError
from psycopg.errors import UndefinedColumn, UndefinedTable

from generation.models import Batch, Item
from generation.worker.items.checks import check_of
from generation.worker.results import files, saving
from generation.worker.results.lines import Arrived, Source, item_of, line_of_result, read, results_of
from generation.worker.results.saving import GROUP, Result
from providers.configuration.snapshot import read_installation
from providers.database import DatabaseAway, asking

logger = logging.getLogger(__name__)
_told: set[Path] = set()


def take_up() -> None:
    """Save what the dead left: once it returns, nothing is left that can be saved. Raises DatabaseAway."""
    with files.alone(waits=True):
        for path in files.waiting():
            with files.taken(path) as content:
                if content is not None:
                    _take_up_or_tell(path, content)


def set_aside(source: Source, results: Sequence[Result]) -> None:
    """Keep what the database refuses to store as it is, for a person to look at."""
    _put_aside([line_of_result(source, result) for result in results])


def _take_up_or_tell(path: Path, content: bytes) -> None:
    try:
        _take_up(path, content)
    except OSError:  # what cannot be removed is saved again and again, and must keep no lane from its work
        logger.exception("%s cannot be removed", path)


def _take_up(path: Path, content: bytes) -> None:
    try:
        with asking():
            if content and not files.is_of(path, read_installation()):
                _tell_whose(path)
                return
            _save(path, content)
    except DatabaseAway:
        raise
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable | UndefinedColumn):
            raise
        raise DatabaseAway("The database has not been prepared for this version yet.") from error
    except Exception:  # a file that nobody can take up must not keep the others from it
        logger.exception("%s cannot be taken up", path)
        path.rename(path.with_suffix(files.ASIDE))
    else:
        path.unlink()


def _save(path: Path, content: bytes) -> None:
    """The last line is passed over where its writer died over it."""
    groups: defaultdict[Source, list[Arrived | Result]] = defaultdict(list)
    damaged: list[bytes] = []
    for line in content.splitlines(keepends=True):
        try:
            source, entry = read(line)
        except ValueError:
            if line.endswith(b"\n"):
                damaged.append(line)
            else:
                logger.warning("%s: the last line was not written to its end", path)
        else:
            groups[source].append(entry)
    for source, entries in groups.items():
        if not _save_group(source, entries):
            logger.error("batch %s of %s is not in this database", source.batch_id, source.created_at)
            damaged += [line_of_result(source, result) for result in results_of(entries)]
    if damaged:
        logger.error("%s: %s lines cannot be saved", path, len(damaged))
        _put_aside(damaged)


def _save_group(source: Source, entries: Sequence[Arrived | Result]) -> bool:
    """False where the batch is not this database's: another one counts from 1 too, so its number alone says nothing."""
    batch = Batch.objects.filter(pk=source.batch_id, created_at=source.created_at).first()
    if batch is None:
        return False
    items = Item.objects.filter(batch=batch).in_bulk({item_of(entry) for entry in entries})
    known = [entry for entry in entries if item_of(entry) in items]
    results = results_of(known, lambda pk: check_of(items[pk], batch.taxonomy))
    whole = [replace(result, item=items[result.item.pk]) for result in results]
    for start in range(0, len(whole), GROUP):
        set_aside(source, saving.save_all(batch.pk, source.lease_token, whole[start : start + GROUP]))
    logger.warning("batch %s: took up the answers of %s items that had not been saved", batch.pk, len(whole))
    return True


def _tell_whose(path: Path) -> None:
    """Once in each process."""
    if path not in _told:
        _told.add(path)
        logger.error(
            "%s holds answers of another installation, and is left to it. Where that uses this data folder by mistake, "
            "set another LEGALDS_DATA for one of the two; where its database is gone, remove the file.",
            path,
        )


def _put_aside(lines: Sequence[bytes]) -> None:
    if not lines:
        return
    try:
        path = files.put_aside(lines)
    except OSError:  # the others' way into the database must not end here
        logger.exception("%s results can neither be stored nor be kept in a file", len(lines))
    else:
        logger.error("%s results that cannot be stored are kept in %s", len(lines), path)
