"""The admin's pages as a person gets and sends them."""

import json

from django.urls import reverse


def page(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def change_url(row):
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def form_of(client, row, **changes):
    """The change page's form as a browser would send it back, with ``changes`` typed in."""
    form = client.get(change_url(row)).context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    filled = {name: value for name, value in shown.items() if value not in (None, False)}
    wanted = filled | {"extra_config": json.dumps(row.extra_config)} | changes
    return {name: value for name, value in wanted.items() if value is not None}
