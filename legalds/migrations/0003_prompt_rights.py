"""Groups get the rights on what is new, versions of the prompts' wording: who sees batches sees them, and who changes
providers changes them."""

from importlib import import_module
from typing import Any

from django.db import migrations

# New right -> the one that a group must have had for it, of (app, model).
RIGHTS = {
    "view_promptversion": ("generation", "batch", "view_batch"),
    "add_promptversion": ("providers", "provider", "change_provider"),
    "change_promptversion": ("providers", "provider", "change_provider"),
}


def give_rights(apps: Any, schema_editor: Any) -> None:
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for codename, had in RIGHTS.items():
        right = permission(apps, schema_editor, codename)
        app, model, name = had
        kind = {"permissions__content_type__app_label": app, "permissions__content_type__model": model}
        for group in groups.filter(permissions__codename=name, **kind):
            group.permissions.add(right)


def permission(apps: Any, schema_editor: Any, codename: str) -> Any:
    """Django makes permissions only after the last migration: made before, as it would."""
    alias = schema_editor.connection.alias
    first = import_module("legalds.migrations.0002_groups")
    found = first.permission(apps, schema_editor, "generation", "promptversion", codename)
    name = f"Can {codename.partition('_')[0]} prompt version"
    apps.get_model("auth", "Permission").objects.using(alias).filter(pk=found.pk).exclude(name=name).update(name=name)
    return found


class Migration(migrations.Migration):
    dependencies = [("legalds", "0002_groups")]
    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
