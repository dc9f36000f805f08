"""The answers of a lane that are not saved yet, in a file, from the moment at which they arrive.

A process that is killed loses nothing of it: ``recovery`` takes the file up. Nothing is flushed to the disk, for that
guards against a power cut alone, and an answer costs one write so.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import partial

from generation.models import Item
from generation.worker.results import files
from generation.worker.results.lines import Source, line_of_call, line_of_result
from generation.worker.results.saving import Result
from providers.llm.types import Completion
from providers.routing.call import Call
from samples.quality.draft import Draft

logger = logging.getLogger(__name__)

SMALL = 1 << 20
"""Bytes up to which a file may grow by lines that are not needed any more."""
RETRY_S = 1.0


class Journal:
    """Of one lane, and used by its event loop alone. Its memory holds all lines that are needed, its file mirrors them.

    Where the disk is full or the folder cannot be written, a warning says so once, and the answers are in memory alone
    until it can.
    """

    def __init__(self, source: Source, installation: str) -> None:
        self._source = source
        self._installation = installation
        self._lines: defaultdict[tuple[int, bool], list[bytes]] = defaultdict(list)
        self._file: files.Growing | None = None
        self._failed_at: float | None = None

    def arrived(self, item: Item, call: Call, faults: int, completion: Completion | None) -> None:
        """A call for the item is back, with what it brought."""
        was_replaced = item.replaced_at is not None
        line = line_of_call(self._source, item.pk, call, faults, completion, was_replaced=was_replaced)
        self._add((item.pk, was_replaced), line)

    def ended(self, result: Result) -> None:
        """That an item has a draft is plain from the answer that it came from; any other end is not."""
        key = _key(result)
        if not isinstance(result.end, Draft) or key not in self._lines:
            self._add(key, line_of_result(self._source, result))

    def saved(self, results: Iterable[Result]) -> None:
        """The lines of these items are not needed any more."""
        for result in results:
            self._lines.pop(_key(result), None)
        if self._file is None:
            return
        if not self._lines:
            self._write(self._file.empty)
        elif self._file.size > SMALL and self._file.size > 2 * len(self._needed()):
            self._write(self._begin_anew)

    def close(self) -> None:
        """What is still needed stays, for whoever takes it up."""
        if self._lines and self._failed_at is not None:
            self._write(self._begin_anew)
        if self._lines and self._failed_at is None:
            logger.warning("batch %s: %s items are kept in %s", self._source.batch_id, len(self._lines), files.folder())
        if self._file is not None:
            self._write(partial(self._file.close, keep=bool(self._lines)))
            self._file = None

    def _add(self, key: tuple[int, bool], line: bytes) -> None:
        self._lines[key].append(line)
        if self._failed_at is None and self._file is not None:
            self._write(partial(self._file.append, line))
        elif self._failed_at is None or time.monotonic() - self._failed_at > RETRY_S:
            self._write(self._begin_anew)

    def _write(self, change: Callable[[], None]) -> None:
        try:
            change()
        except OSError as error:
            if self._failed_at is None:
                logger.error(
                    "batch %s: answers cannot be written into %s (%s): until they can, they are lost where the process "
                    "is killed before they are saved",
                    self._source.batch_id,
                    files.folder(),
                    error.strerror,
                )
            self._failed_at = time.monotonic()
        else:
            self._failed_at = None

    def _begin_anew(self) -> None:
        """What is needed in a new file, whole, and the old one gone. Raises OSError."""
        before, new = self._file, files.Growing(self._installation)
        try:
            new.append(self._needed())
        except OSError:
            new.close(keep=False)
            raise
        self._file = new
        if before is not None:
            before.close(keep=False)

    def _needed(self) -> bytes:
        return b"".join(line for lines in self._lines.values() for line in lines)


def _key(result: Result) -> tuple[int, bool]:
    """An item that was replaced is another one, and may be in work before the end of what it was is known as saved."""
    return result.item.pk, result.was_replaced
