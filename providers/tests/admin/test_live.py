"""Suspensions and live cells in the lists, and how a suspension is lifted there."""

import re

import pytest
from django.urls import reverse

from providers import actions
from providers.llm.errors import ErrorKind
from providers.models import Model
from providers.status.health import read_states
from providers.tests.admin.admin_pages import (
    AGAIN,
    MODELS,
    PROVIDERS,
    change_url,
    make_provider,
    model,
    page,
    press,
    viewer,
)
from providers.tests.calling.store.scripted_store import fail

pytestmark = pytest.mark.django_db


def suspended(*rows):
    return [state.is_suspended for state in read_states(rows).values()]


def test_a_suspension_is_lifted_with_that_of_its_provider(admin_client, groq):
    fail("groq", "revoked")
    fail("groq/llama", "gone", kind=ErrorKind.NOT_FOUND)
    fail("groq/qwen", "gone", kind=ErrorKind.NOT_FOUND)
    assert press(admin_client, AGAIN, {"id": model("llama").pk}).json()["refresh"] is True
    assert suspended(groq, model("llama"), model("qwen")) == [False, False, True]


def test_a_provider_is_tried_again_with_all_its_models(admin_client, groq):
    fail("groq", "revoked")
    fail("groq/llama", "gone", kind=ErrorKind.NOT_FOUND)
    answer = press(admin_client, reverse("admin:providers_provider_again"), {"id": "groq"})
    assert answer.json()["message"] == "Groq is tried again from now on."
    assert suspended(groq, model("llama")) == [False, False]


def test_without_redis_nothing_is_lifted_and_that_is_said(admin_client, groq, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    answer = press(admin_client, AGAIN, {"id": model("llama").pk})
    assert (answer.status_code, "Redis is away" in answer.json()["message"]) == (503, True)


def test_only_who_may_change_is_shown_the_button(admin_client, groq):
    fail("groq", "revoked")
    assert page(admin_client, PROVIDERS).count("Try again now") == 1
    client = viewer("view_provider", "view_model")
    assert "Try again now" not in page(client, PROVIDERS) + page(client, MODELS)
    assert press(client, AGAIN, {"id": model("llama").pk}).status_code == 403


def live(client, kind, *ids):
    url = reverse(f"admin:providers_{kind}_live")
    return client.get(url, {"ids": ",".join(map(str, ids))})


def cell(response, kind, pk):
    """The fragment that takes the place of the cell of this id."""
    html = response.content.decode()
    return html.split(f'<div class="l-live" id="{kind}-{pk}" hx-swap-oob="true">')[1].split('class="l-live"')[0]


def test_live_cells_show_suspension_and_use(admin_client, groq):
    actions.update_provider("groq", {"requests_per_minute": 30, "tokens_per_minute": 6000})
    fail("groq", "revoked")
    cells = live(admin_client, "provider", "groq")
    assert "revoked" in cell(cells, "state", "groq")
    assert "0 of 30 req/min" in cell(cells, "use", "groq")
    assert "0 of 6,000 tok/min" in cell(cells, "use", "groq")


def test_a_page_asks_for_the_live_cells_of_its_rows(admin_client, groq):
    for url, rows in ((MODELS, Model.objects.all()), (PROVIDERS, [groq]), (change_url(groq), Model.objects.all())):
        addresses = re.findall(r'hx-get="([^"]*/live/[^"]*)" hx-trigger="every 4s', page(admin_client, url))
        cells = admin_client.get(addresses[0])
        assert all(cell(cells, "use", row.pk) for row in rows)


def test_limits_of_a_model_are_shown_at_the_model(admin_client, groq):
    actions.update_model(model("llama").pk, {"requests_per_minute": 7})
    cells = live(admin_client, "model", model("llama").pk, model("qwen").pk)
    assert "0 of 7 req/min" in cell(cells, "use", model("llama").pk)
    assert "none of its own" in cell(cells, "use", model("qwen").pk)


def test_live_cells_say_what_is_not_known(admin_client, groq, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    actions.update_provider("groq", {"requests_per_minute": 30})
    cells = live(admin_client, "provider", "groq")
    assert "not known" in cell(cells, "state", "groq")
    assert "not known, of 30 req/min" in cell(cells, "use", "groq")


def test_live_cells_are_read_by_who_may_look(groq):
    assert live(viewer("view_model"), "model", model("llama").pk).status_code == 200


def test_live_cells_are_not_for_who_may_not_look(groq):
    assert live(viewer("view_batch"), "model", model("llama").pk).status_code == 403


def test_live_cells_are_not_posted(admin_client, groq):
    assert admin_client.post(reverse("admin:providers_provider_live")).status_code == 405


@pytest.mark.parametrize("size", [5, 50])
def test_lists_and_live_cells_ask_no_more_when_they_grow(admin_client, size, django_assert_max_num_queries):
    for number in range(size):
        make_provider(f"p{number}", "a")
    pks = Model.objects.values_list("pk", flat=True)
    for url, most in ((PROVIDERS, 9), (MODELS, 10)):
        with django_assert_max_num_queries(most):
            page(admin_client, url)
    for kind, ids in (("provider", [f"p{number}" for number in range(size)]), ("model", list(pks))):
        with django_assert_max_num_queries(7):
            assert live(admin_client, kind, *ids).content.decode().count('id="use-') == size
