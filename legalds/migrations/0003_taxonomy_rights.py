"""Rights over the taxonomy, which is new, for the groups that have the like: who may look at samples may look at it, who
may change providers may edit it. What groups have else stays as the people of the site have set it."""

from typing import Any

from django.db import migrations

TABLES = {
    "jurisdiction": "jurisdiction",
    "difficulty": "difficulty",
    "sampletype": "sample type",
    "topic": "topic",
}
RIGHTS = {"samples.view_sample": ("view",), "providers.change_provider": ("add", "change", "delete")}


def give_rights(apps: Any, schema_editor: Any) -> None:
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for like, deeds in RIGHTS.items():
        app, _, codename = like.partition(".")
        having = groups.filter(permissions__codename=codename, permissions__content_type__app_label=app)
        for group in having.distinct():
            group.permissions.add(*(right(apps, schema_editor, table, deed) for table in TABLES for deed in deeds))


def right(apps: Any, schema_editor: Any, table: str, deed: str) -> Any:
    """Django makes permissions only after the last migration: make those that are wanted before, as it would."""
    alias = schema_editor.connection.alias
    kinds = apps.get_model("contenttypes", "ContentType").objects.using(alias)
    kind, _ = kinds.get_or_create(app_label="samples", model=table)
    rights = apps.get_model("auth", "Permission").objects.using(alias)
    name = f"Can {deed} {TABLES[table]}"
    found, _ = rights.get_or_create(content_type=kind, codename=f"{deed}_{table}", defaults={"name": name})
    return found


class Migration(migrations.Migration):
    dependencies = [
        ("legalds", "0002_groups"),
        ("samples", "0011_taxonomy"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
