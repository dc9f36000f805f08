"""The groups that a site begins with: Viewer reads, Operator also runs batches, Admin also configures.

Once they are there they belong to the people of the site: nothing later takes a permission away or gives it back.
A group of that name that somebody made before is left as it is.
"""

from collections.abc import Mapping
from typing import Any

from django.db import migrations

# Of an app, its (model, codename) pairs.
Part = Mapping[str, tuple[tuple[str, str], ...]]
TERMS = ("jurisdiction", "difficulty", "sampletype", "topic")
VIEWER: Part = {
    "providers": (
        ("provider", "view_provider"),
        ("model", "view_model"),
        ("providerconfig", "view_providerconfig"),
        ("configurationchange", "view_configurationchange"),
    ),
    "generation": (("batch", "view_batch"), ("item", "view_item"), ("attempt", "view_attempt")),
    "samples": (("sample", "view_sample"), *((term, f"view_{term}") for term in TERMS)),
}
OPERATOR: Part = {
    "generation": (("batch", "add_batch"), ("batch", "change_batch")),
    "samples": (("sample", "review_sample"),),
}
ADMIN: Part = {
    "providers": (
        *((model, f"{deed}_{model}") for model in ("provider", "model") for deed in ("add", "change", "delete")),
        ("providerconfig", "change_providerconfig"),
    ),
    "samples": (
        ("sample", "delete_sample"),
        *((term, f"{deed}_{term}") for term in TERMS for deed in ("add", "change", "delete")),
    ),
    # Who may change users can make himself a superuser, so nobody may by a group.
    "auth": (("user", "view_user"), ("group", "view_group")),
}
GROUPS: Mapping[str, tuple[Part, ...]] = {
    "Viewer": (VIEWER,),
    "Operator": (VIEWER, OPERATOR),
    "Admin": (VIEWER, OPERATOR, ADMIN),
}
NAMES = {
    "review_sample": "Can review sample",
    "view_providerconfig": "Can view provider config",
    "change_providerconfig": "Can change provider config",
    "view_configurationchange": "Can view change",
    **{f"{deed}_sampletype": f"Can {deed} sample type" for deed in ("add", "change", "delete", "view")},
}


def make_groups(apps: Any, schema_editor: Any) -> None:
    group_of = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for name, parts in GROUPS.items():
        group, is_new = group_of.get_or_create(name=name)
        if is_new:
            group.permissions.set(permission(apps, schema_editor, *wanted) for part in parts for wanted in listed(part))


def listed(part: Part) -> list[tuple[str, str, str]]:
    return [(app, model, codename) for app, pairs in part.items() for model, codename in pairs]


def permission(apps: Any, schema_editor: Any, app: str, model: str, codename: str) -> Any:
    """Django makes permissions only after the last migration: make those that are wanted before, as it would."""
    alias = schema_editor.connection.alias
    kind, _ = (
        apps.get_model("contenttypes", "ContentType").objects.using(alias).get_or_create(app_label=app, model=model)
    )
    usual = f"Can {codename.partition('_')[0]} {model}"
    found, _ = (
        apps.get_model("auth", "Permission")
        .objects.using(alias)
        .get_or_create(content_type=kind, codename=codename, defaults={"name": NAMES.get(codename, usual)})
    )
    return found


def remove_groups(apps: Any, schema_editor: Any) -> None:
    """Only those that nobody is in: a reverse must not take rights away from people unseen."""
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    groups.filter(name__in=GROUPS, user__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("legalds", "0001_api_tokens"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(make_groups, remove_groups)]
