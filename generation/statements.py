"""Many rows in one statement: values go to PostgreSQL as one array a column, whatever the number of rows."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def insert_new(rows: Sequence[Model], *, key: str, returning: Sequence[str]) -> list[tuple[Any, ...]]:
    """Insert the rows whose unique ``key`` is not there yet; ``returning`` of those, and of no other."""
    if not rows:
        return []
    model = type(rows[0])
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    columns, arrays, parameters = _arrays(model, {name: [getattr(row, name) for row in rows] for name in names})
    back = ", ".join(_column(model, name) for name in returning)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_table(model)} ({', '.join(columns)}) SELECT * FROM unnest({arrays})"  # noqa: S608
            f" ON CONFLICT ({_column(model, key)}) DO NOTHING RETURNING {back}",
            parameters,
        )
        return list(cursor.fetchall())


def update_each(model: type[Model], values: Mapping[str, Sequence[Any]], *, where: Mapping[str, Sequence[Any]]) -> int:
    """Give each row that ``values["pk"]`` names its own of the other values; how many rows that were.

    Only rows that hold, in each column that ``where`` names, one of its values.
    """
    if not values["pk"]:
        return 0
    columns, arrays, parameters = _arrays(model, values)
    key = _column(model, "pk")
    assignments = ", ".join(f"{column} = new.{column}" for column in columns if column != key)
    conditions = "".join(f" AND old.{_column(model, name)} = ANY(%s)" for name in where)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {_table(model)} AS old SET {assignments} FROM unnest({arrays}) AS new ({', '.join(columns)})"  # noqa: S608
            f" WHERE old.{key} = new.{key}{conditions}",
            [*parameters, *map(list, where.values())],
        )
        return int(cursor.rowcount)


def _arrays(model: type[Model], values: Mapping[str, Sequence[Any]]) -> tuple[list[str], str, list[list[Any]]]:
    """Column names, the arrays' placeholders, and the arrays themselves."""
    fields = [_field(model, name) for name in values]
    arrays = ", ".join(f"%s::{_array_type(field)}" for field in fields)
    parameters = [
        [field.get_db_prep_save(value, connection) for value in column]
        for field, column in zip(fields, values.values(), strict=True)
    ]
    return [_quoted(field.column) for field in fields], arrays, parameters


def _array_type(field: "Field[Any, Any]") -> str:
    """Without a length: a cast would cut what is too long, where the table refuses it."""
    name = field.rel_db_type(connection) or ""
    return f"{name.partition('(')[0]}[]"


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    if name == "pk":
        return model._meta.pk
    return next(field for field in model._meta.concrete_fields if name in (field.name, field.attname))


def _column(model: type[Model], name: str) -> str:
    return _quoted(_field(model, name).column)


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str | None) -> str:
    return str(connection.ops.quote_name(name or ""))
