"""What a database that is away or not prepared means to a person at the command line. Needs no set-up Django."""

from collections.abc import Mapping
from typing import Any

from django.db.utils import DatabaseError
from psycopg import Error
from psycopg.errors import UndefinedColumn, UndefinedTable

GOING_AWAY = ("08", "57P")
"""What the codes begin with that a server sends while it breaks the connection off; one never reached sends none."""


def explain(error: DatabaseError, configured: Mapping[str, Any]) -> str | None:
    """One line with what to do, of the database that the settings name; None where the error is a bug."""
    cause = error.__cause__
    if isinstance(cause, UndefinedTable | UndefinedColumn):
        return f"The database {_place(configured)} is not prepared for this version. Run: python manage.py migrate"
    if isinstance(cause, Error) and (cause.sqlstate is None or cause.sqlstate.startswith(GOING_AWAY)):
        reason = str(error).partition("\n")[0].rpartition("failed: ")[2].strip()
        remedy = "Start it, or set DATABASE_URL to the one that runs; then try again."
        return f"The database {_place(configured)} does not answer ({reason}). {remedy}"
    return None


def _place(configured: Mapping[str, Any]) -> str:
    """Never the password."""
    host, port = configured.get("HOST") or "the local socket", configured.get("PORT") or 5432
    return f"'{configured.get('NAME')}' (host {host}, port {port})"
