"""Champions: made, undone, and what they do to the order that is shown."""

import pytest

from providers import actions
from providers.models import Provider
from providers.tests.admin.admin_pages import (
    CHAMPION,
    MODELS,
    MOVE,
    change_url,
    model,
    order_of,
    page,
    press,
    take_back,
    viewer,
)

pytestmark = pytest.mark.django_db


def champion():
    return Provider.objects.get(pk="groq").champion_model


def test_the_list_begins_with_the_champion(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "gemma"})
    for url in (MODELS, change_url(groq)):
        html = page(admin_client, url)
        shown = [html.index(f'data-name="{name}"') for name in ("gemma", "llama", "qwen")]
        assert shown == sorted(shown)
        assert html.count("data-start") == 1


def test_a_drop_above_the_champion_comes_next_to_it_and_offers_to_lead(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "llama"})
    answer = press(admin_client, MOVE, {"id": model("gemma").pk, "before": model("llama").pk}).json()
    assert answer["message"] == "gemma is tried right after llama, which comes first."
    assert answer["order"] == [str(model(name).pk) for name in ("llama", "gemma", "qwen")]
    assert press(admin_client, answer["offer"]["url"], answer["offer"]["body"]).status_code == 200
    assert champion() == model("gemma")


def test_a_drop_beside_a_champion_from_the_end_of_the_list_is_undone_exactly(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "qwen"})
    answer = press(admin_client, MOVE, {"id": model("gemma").pk, "before": model("qwen").pk})
    assert order_of("groq") == ["gemma", "llama", "qwen"]
    take_back(admin_client, answer)
    assert order_of("groq") == ["llama", "qwen", "gemma"]


def test_who_may_not_change_providers_is_offered_no_champion(groq):
    actions.update_provider("groq", {"champion_model": "llama"})
    client = viewer("view_model", "change_model")
    answer = press(client, MOVE, {"id": model("gemma").pk, "before": model("llama").pk})
    assert (answer.status_code, "offer" in answer.json()) == (200, False)
    assert "l-star" not in page(client, MODELS)
    assert press(client, CHAMPION, {"id": model("gemma").pk, "champion": True}).status_code == 403


def test_a_champion_is_made_and_undone(admin_client, groq):
    answer = press(admin_client, CHAMPION, {"id": model("gemma").pk, "champion": True, "believed": ""})
    assert answer.json()["message"] == "gemma is the champion of Groq: it is tried first."
    take_back(admin_client, answer)
    assert champion() is None


def test_undo_brings_back_the_champion_of_before(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "llama"})
    undone = take_back(admin_client, press(admin_client, CHAMPION, {"id": model("gemma").pk, "champion": True}))
    assert champion() == model("llama")
    take_back(admin_client, undone)
    assert champion() == model("gemma")


def test_a_champion_of_somebody_else_is_told_and_not_undone_over(admin_client, groq):
    actions.update_provider("groq", {"champion_model": "qwen"})
    answer = press(admin_client, CHAMPION, {"id": model("gemma").pk, "champion": True, "believed": ""})
    assert "Somebody had changed the champion meanwhile." in answer.json()["message"]
    actions.update_provider("groq", {"champion_model": "llama"})
    assert take_back(admin_client, answer).status_code == 409
    assert champion() == model("llama")


def test_a_champion_that_is_off_starts_nothing_and_says_so(admin_client, groq):
    actions.set_model_enabled(model("gemma").pk, False)
    answer = press(admin_client, CHAMPION, {"id": model("gemma").pk, "champion": True})
    assert "but it is off" in answer.json()["message"]
    assert "data-start" not in page(admin_client, MODELS)
