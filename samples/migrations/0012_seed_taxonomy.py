"""The rows of the taxonomy, as it comes with the project. What people make of them stays: nothing writes them again."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.db import migrations

from samples.taxonomy import taxonomy

OF_TOPICS = {"name": "word", "jurisdiction": "jurisdiction_id", "difficulty": "difficulty_id"}
OF_OTHERS = {"id": "word", "part_of": "part_of_id"}


def seed(apps: Any, schema_editor: Any) -> None:
    """Nothing where there is any row already."""
    known, alias = taxonomy(), schema_editor.connection.alias
    values = {
        "Jurisdiction": known.jurisdictions,
        "Difficulty": known.difficulties,
        "SampleType": known.sample_types,
        "Topic": known.topics,
    }
    tables = {name: apps.get_model("samples", name) for name in values}
    if any(table.objects.using(alias).exists() for table in tables.values()):
        return
    for name, entries in values.items():
        table, renamed = tables[name], OF_TOPICS if name == "Topic" else OF_OTHERS
        rows = [table(**columns(table, entry, renamed), position=place) for place, entry in enumerate(entries)]
        table.objects.using(alias).bulk_create(rows)


def columns(table: Any, entry: Any, renamed: Mapping[str, str]) -> dict[str, Any]:
    """What this version of the table has of the value."""
    held = {renamed.get(name, name): value for name, value in asdict(entry).items()}
    if "part_of_id" in held:
        held["part_of_id"] = held["part_of_id"] or None
    return {name: value for name, value in held.items() if name in {field.attname for field in table._meta.fields}}


class Migration(migrations.Migration):
    dependencies = [("samples", "0011_taxonomy")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
