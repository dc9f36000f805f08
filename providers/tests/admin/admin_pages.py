"""The admin's pages as a person gets and sends them, and the configuration that they show."""

import json

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from legalds.tests.pages import markup
from providers.admin.limit_rows import PARTS, LimitRow
from providers.models import Model, Provider
from providers.tests import factories

KEY = "sk-planted-0123456789-wxyz"
PROVIDERS = reverse("admin:providers_provider_changelist")
MODELS = reverse("admin:providers_model_changelist")
MOVE = reverse("admin:providers_model_move")
SWITCH = reverse("admin:providers_model_switch")
CHAMPION = reverse("admin:providers_model_champion")
AGAIN = reverse("admin:providers_model_again")


def make_provider(provider_id, *model_ids, **values):
    factories.make_provider(provider_id, models=model_ids, **{"base_url": "https://api.example.com/v1", **values})
    return Provider.objects.get(pk=provider_id)


def model(model_id):
    return Model.objects.get(model_id=model_id)


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return markup(response)


def press(client, url, fields):
    """A change in place, as htmx sends it."""
    flags = {name: str(value).lower() for name, value in fields.items() if isinstance(value, bool)}
    return client.post(url, {**fields, **flags})


def take_back(client, answer):
    undo = answer.json()["undo"]
    return press(client, undo["url"], undo["body"])


def order_of(provider_id):
    return list(Model.objects.filter(provider_id=provider_id).values_list("model_id", flat=True))


def change_url(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def form_of(client, row, **changes):
    """The change page's form as a browser would send it back, with ``changes`` typed in."""
    form = client.get(change_url(row)).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields if name != "limits"}
    filled = {name: value for name, value in shown.items() if value not in (None, False)}
    rows = rows_of(form["limits"].value())
    wanted = filled | {"extra_config": json.dumps(row.extra_config)} | rows | changes
    return {name: value for name, value in wanted.items() if value is not None}


def rows_of(rows):
    """Rows of limits as a browser sends them: each part of all rows under one name."""
    return {f"limits-{part}": [getattr(row, part) for row in rows] for part in PARTS}


def typed_limits(*limits):
    """The same of limits as a list would have them."""
    return rows_of([LimitRow.of({"scope": "account", "time_zone": None, **limit}) for limit in limits])


def viewer(*codenames):
    user = User.objects.create_user("viewer", password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client
