"""What a database that is away or not prepared means to a person at the command line. Needs no set-up Django."""

from collections.abc import Mapping
from typing import Any

from django.db.utils import Error
from psycopg.errors import QueryCanceled, UndefinedColumn, UndefinedTable

from providers.database import is_away

STATEMENT_S = 5.0
"""How long a statement of a web request may take; workers and commands wait as long as they must."""


def explain(error: Error, configured: Mapping[str, Any]) -> str | None:
    """One line with what to do, of the database that the settings name; None where the error is a bug."""
    cause = error.__cause__
    if isinstance(cause, UndefinedTable | UndefinedColumn):
        return f"The database {_place(configured)} is not prepared for this version. Run: python manage.py migrate"
    if is_away(error):
        reason = str(error).partition("\n")[0].rpartition("failed: ")[2].strip()
        remedy = "Start it, or set DATABASE_URL to the one that runs; then try again."
        return f"The database {_place(configured)} does not answer ({reason}). {remedy}"
    return None


def is_stopped(error: BaseException) -> bool:
    """Whether the database stopped a statement because it took too long."""
    return isinstance(error.__cause__, QueryCanceled)


def _place(configured: Mapping[str, Any]) -> str:
    """Never the password."""
    host, port = configured.get("HOST") or "the local socket", configured.get("PORT") or 5432
    return f"'{configured.get('NAME')}' (host {host}, port {port})"
