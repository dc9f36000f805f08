"""What was learnt of models in the configuration: who writes it, what is left alone, and when it is forgotten."""

from itertools import cycle, islice

import pytest
from django.urls import reverse

from providers import actions
from providers.calling.adapting import Learnt
from providers.choices import AuditAction
from providers.configuration import change_words
from providers.configuration.snapshot import load, read_version
from providers.models import ConfigurationChange, Model, Reroute
from providers.tests.actions.at_once import at_once
from providers.tests.admin.admin_pages import MODELS, change_url, page, viewer
from providers.tests.api.api_client import error_of, logged_in
from providers.tests.factories import make_provider, pk_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

URL = "http://127.0.0.1:9/v1"
COLDER = {"temperature": "omitted"}
RENAMED = {"max_tokens": "max_completion_tokens"}


@pytest.fixture
def llama():
    make_provider("groq", models=["llama", "qwen"], base_url=URL)
    return Model.objects.get(model_id="llama")


def learnt(adaptations=COLDER, **values):
    return Learnt(
        **{"provider_id": "groq", "model_id": "llama", "adapter": "openai", "base_url": URL, **values},
        adaptations=adaptations,
    )


def adaptations(model_id="llama"):
    return Model.objects.get(model_id=model_id).adaptations


# --- learning -----------------------------------------------------------------
def test_it_reaches_the_snapshot_and_the_trail(llama):
    version = actions.store([learnt(), learnt(RENAMED)])
    snapshot = load()
    assert snapshot.version == version
    assert snapshot.providers[0].models[0].adaptations == {**COLDER, **RENAMED}
    change = ConfigurationChange.objects.first()
    assert change is not None
    assert (change.deed, change.model_pk) == (AuditAction.LEARNT, llama.pk)
    assert change_words.who(change) == "a worker"
    assert change_words.summary(change) == (
        "learnt from the vendor: how it is asked temperature is not sent -> "
        "max_completion_tokens is sent in place of max_tokens, temperature is not sent"
    )


def test_what_is_known_is_not_written_again(llama):
    actions.store([learnt()])
    before, rows = read_version(), ConfigurationChange.objects.count()
    assert actions.store([learnt()] * 3) == before
    assert ConfigurationChange.objects.count() == rows


@pytest.mark.parametrize("elsewhere", [{"base_url": "http://other/v1"}, {"adapter": "mistral"}, {"model_id": "gone"}])
def test_what_was_learnt_elsewhere_is_not_taken(llama, elsewhere):
    actions.store([learnt(**elsewhere), learnt(provider_id="gone")])
    assert adaptations() == {}


@pytest.mark.django_db(transaction=True)
def test_many_workers_at_once_lose_nothing_and_write_each_fact_once():
    make_provider("groq", models=["llama"], base_url=URL)
    facts = [COLDER, RENAMED, {"response_format": "json_object"}, {"response_format": "omitted"}]
    at_once(*(lambda fact=fact: actions.store([learnt(fact)]) for fact in islice(cycle(facts), 16)))
    assert adaptations() == {**COLDER, **RENAMED, "response_format": "omitted"}
    assert ConfigurationChange.objects.filter(deed=AuditAction.LEARNT).count() <= len(facts)


# --- forgetting ---------------------------------------------------------------
@pytest.mark.parametrize("change", [{"base_url": "http://127.0.0.1:9/v2"}, {"adapter": "mistral"}])
def test_another_address_or_adapter_forgets_it(llama, change):
    actions.store([learnt()])
    actions.note_answer("groq", "llama", "gemma")
    actions.update_provider("groq", change)
    assert adaptations() == {}
    assert not Reroute.objects.exists()


def test_another_id_forgets_it_and_other_changes_do_not(llama):
    actions.store([learnt()])
    actions.update_provider("groq", {"name": "Groq", "base_url": URL})
    actions.update_model(llama.pk, {"display_name": "Llama", "model_id": "llama"})
    assert adaptations() == COLDER
    actions.update_model(llama.pk, {"model_id": "llama-4"})
    assert adaptations("llama-4") == {}


def test_a_person_forgets_it_on_the_models_page(admin_client, llama):
    actions.store([learnt()])
    html = page(admin_client, change_url(llama))
    assert "temperature is not sent" in html
    assert "adapted" in page(admin_client, MODELS)
    forget = reverse("admin:providers_model_forget", args=[llama.pk])
    assert admin_client.get(forget).status_code == 405
    answer = admin_client.post(forget, follow=True).content.decode()
    assert "is forgotten" in answer
    assert "Forget this" not in answer
    assert adaptations() == {}
    assert ConfigurationChange.objects.first().deed == AuditAction.CHANGED


def test_who_may_only_look_sees_it_without_the_button(llama):
    actions.store([learnt()])
    client = viewer("view_model")
    html = page(client, change_url(llama))
    assert "temperature is not sent" in html
    assert "Forget this" not in html
    assert client.post(reverse("admin:providers_model_forget", args=[llama.pk])).status_code == 403


def test_the_api_shows_it_and_forgets_it(admin_user, llama):
    api = logged_in(admin_user)
    actions.store([learnt()])
    assert api.get(f"/api/models/{llama.pk}").json()["adaptations"] == COLDER
    answer = api.post(f"/api/models/{llama.pk}/forget")
    assert (answer.status_code, answer.json()["adaptations"]) == (200, {})
    assert error_of(api.post("/api/models/999999/forget"), 404)


def test_nobody_sets_it_by_hand(admin_user, llama):
    api = logged_in(admin_user)
    actions.store([learnt()])
    api.patch(f"/api/models/{llama.pk}", {"adaptations": {"temperature": "x"}, "display_name": "L"}, format="json")
    assert adaptations() == COLDER


# --- who answers ----------------------------------------------------------------
def test_another_model_that_answers_is_told_with_its_date_until_it_is_itself_again(admin_client, admin_user, llama):
    actions.note_answer("groq", "llama", "gemma-3")
    since = Reroute.objects.get().since
    actions.note_answer("groq", "llama", "gemma-3")
    assert Reroute.objects.get().since == since
    assert "answered by gemma-3 since" in page(admin_client, MODELS)
    assert "answered by gemma-3 since" in page(admin_client, change_url(llama.provider))
    assert "Another model answers" in page(admin_client, change_url(llama))
    shown = logged_in(admin_user).get(f"/api/models/{llama.pk}").json()
    assert (shown["answered_by"], shown["answered_by_since"] is not None) == ("gemma-3", True)
    actions.note_answer("groq", "llama", "")
    assert "answered by" not in page(admin_client, MODELS)


def test_a_third_model_is_since_now(llama):
    actions.note_answer("groq", "llama", "gemma-3")
    since = Reroute.objects.get().since
    actions.note_answer("groq", "llama", "gemma-4")
    assert Reroute.objects.get().answered_by == "gemma-4"
    assert Reroute.objects.get().since > since


def test_who_answers_is_no_change_of_the_configuration(llama):
    before = read_version()
    actions.note_answer("groq", "llama", "gemma-3")
    actions.note_answer("groq", "gone", "gemma-3")
    assert read_version() == before


def test_lists_do_not_ask_for_each_model(admin_user, llama, django_assert_num_queries):
    api = logged_in(admin_user)
    for name in ("llama", "qwen"):
        actions.note_answer("groq", name, "gemma-3")
    with django_assert_num_queries(2):
        models = api.get("/api/models").json()["models"]
    assert [model["answered_by"] for model in models] == ["gemma-3", "gemma-3"]
    assert pk_of("groq", "qwen")
