"""What an error of the database means to whoever waits for it: ask again later, or a bug. Decided here alone.

DatabaseAway
    the same may be asked again, on a new connection.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import Error, InterfaceError, OperationalError, connection
from psycopg import Error as PsycopgError

AWAY = (
    "08",  # the connection broke
    "25006",  # read only: after a failover we still speak to the old primary, or the new one is not open yet
    "53",  # no room on its disk, in its memory, or for another connection
    "57P",  # it shuts down, crashed, or starts
    "58",  # its own files cannot be read or written
)
IN_THE_WAY = (
    "40",  # a deadlock, or a conflict with another transaction
    "55006",  # somebody else has it in use
    "55P03",  # or has it locked
    "57014",  # it took too long this time
)
ENDED = ("FATAL", "PANIC")  # severities after which the server, or a pooler before it, closes the connection


class DatabaseAway(OperationalError):  # noqa: N818 - a state that callers wait out
    """The database cannot be asked now."""


def is_away(error: Exception) -> bool:
    """Whether the server is gone, or takes nothing from us now. One that was never reached sends no code."""
    cause = error.__cause__
    state = cause.sqlstate if isinstance(cause, PsycopgError) else None
    if state is None:
        return isinstance(error, OperationalError | InterfaceError)
    return state.startswith(AWAY) or _has_ended(cause)


def is_passing(error: Exception) -> bool:
    """Whether the same may go well when it is asked again: the database is away, or something was in the way."""
    cause = error.__cause__
    state = cause.sqlstate if isinstance(cause, PsycopgError) else None
    return is_away(error) or (state or "").startswith(IN_THE_WAY)


@contextmanager
def asking() -> Iterator[None]:
    """Raises DatabaseAway for what is passing. The connection is dropped: after a failover another server answers."""
    try:
        yield
    except Error as error:
        if not is_passing(error):
            raise
        drop_connection()
        if isinstance(error, DatabaseAway):
            raise
        raise DatabaseAway(str(error)) from error


def drop_connection() -> None:
    """An open transaction ends first; whoever began it comes here too."""
    if not connection.in_atomic_block:
        connection.close()


def _has_ended(cause: BaseException | None) -> bool:
    return isinstance(cause, PsycopgError) and cause.diag.severity_nonlocalized in ENDED
