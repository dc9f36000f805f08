"""Limits in the forms of providers and models, and on the page of those of the installation."""

import json

import pytest
from django.urls import reverse

from providers import actions
from providers.actions import limits
from providers.actions.limits import installation_limits, set_installation_limits
from providers.catalog import presets
from providers.models import ConfigurationChange, Limit, Provider
from providers.routing.route import installation_buckets
from providers.status.usage import installation_meters
from providers.tests.admin.admin_pages import KEY, change_url, form_of, model, page, rows_of, typed_limits, viewer
from providers.tests.calling.store.scripted_store import take

pytestmark = pytest.mark.django_db

A_DAY = {"unit": "tokens", "amount": 200_000, "window": "1 day"}
MIDNIGHT = {"unit": "requests", "amount": 250, "window": "1 day", "time_zone": "America/Los_Angeles"}
BUDGET = {"unit": "money", "amount": 5, "window": "1 month", "time_zone": "UTC"}
ADD = reverse("admin:providers_provider_add")
PROVIDERS = reverse("admin:providers_provider_changelist")
OVERALL = reverse("admin:providers_provider_limits")


def opened(client, row):
    form = client.get(change_url(row)).context["adminform"].form
    return form_of(client, row) | {"loaded": form.loaded}


def save(client, row, typed):
    return client.post(change_url(row), typed, follow=True)


def errors_of(response):
    return response.context["adminform"].form.errors


def told(row=None):
    return limits.words(row) if row else [entry.words for entry in installation_limits()]


def typed_again(response):
    return rows_of(response.context["adminform"].form["limits"].value())


def test_rows_that_are_typed_are_stored_and_come_back(admin_client, groq):
    typed = opened(admin_client, groq) | typed_limits(A_DAY, {**MIDNIGHT, "scope": "model"})
    save(admin_client, groq, typed)
    assert told(groq) == ["200,000 tokens per day", "250 requests per day in America/Los_Angeles, each model"]
    assert {name: value for name, value in opened(admin_client, groq).items() if name in typed} | {
        "loaded": ""
    } == typed | {"loaded": ""}


def test_a_row_of_a_model_says_nothing_of_whom_it_holds_for(admin_client, groq):
    typed = opened(admin_client, model("qwen")) | typed_limits(A_DAY)
    del typed["limits-scope"]
    save(admin_client, model("qwen"), typed)
    assert told(model("qwen")) == ["200,000 tokens per day, each model"]
    assert 'name="limits-scope"' not in page(admin_client, change_url(model("qwen")))


def test_a_row_that_is_taken_out_is_gone_and_the_others_stay_as_they_are(admin_client, groq):
    actions.update_provider("groq", {"limits": [A_DAY, MIDNIGHT]})
    kept = Limit.objects.get(unit="requests").pk
    save(admin_client, groq, opened(admin_client, groq) | typed_limits(MIDNIGHT))
    assert list(Limit.objects.values_list("pk", flat=True)) == [kept]


def test_a_row_that_nobody_filled_in_is_none(admin_client, groq):
    blank = {"limits-amount": [""], "limits-unit": ["tokens"], "limits-count": ["1"], "limits-span": ["day"]}
    save(admin_client, groq, opened(admin_client, groq) | blank)
    assert not Limit.objects.exists()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"limits-amount": ["5", "many"]}, "Limit 2: Give an amount above 0, as a number."),
        ({"limits-amount": ["5", ""]}, "Limit 2: Give an amount above 0, as a number."),
        ({"limits-amount": ["2,5", "7"]}, "Limit 1: Give an amount above 0, as a number."),
        ({"limits-zone": ["", ""]}, "Limit 2: There is no time zone '(nothing)'. Give one such as"),
        ({"limits-count": ["", "1"]}, "Limit 1: Give a number and one of second,"),
        ({"limits-unit": ["requests", "requests"]}, "Limit 1: Set requests_per_day instead"),
    ],
)
def test_what_is_wrong_is_said_with_its_row_and_nothing_typed_is_lost(admin_client, groq, typed, words):
    sent = opened(admin_client, groq) | typed_limits(A_DAY, MIDNIGHT) | {"name": "Other"} | typed
    response = save(admin_client, groq, sent)
    assert [message for message in errors_of(response)["limits"] if words in message]
    assert typed_again(response) == {name: sent[name] for name in typed_again(response)}
    assert Provider.objects.get().name == "Groq"
    assert not Limit.objects.exists()


def test_a_thousand_may_have_its_comma(admin_client, groq):
    save(admin_client, groq, opened(admin_client, groq) | typed_limits(A_DAY) | {"limits-amount": ["1,200,000"]})
    assert told(groq) == ["1,200,000 tokens per day"]


# --- two at once -----------------------------------------------------------------
def test_limits_that_only_somebody_else_changed_stay(admin_client, groq):
    typed = opened(admin_client, groq) | {"name": "Groq Inc"}
    actions.update_provider("groq", {"limits": [A_DAY]})
    html = save(admin_client, groq, typed).content.decode()
    assert "had changed this meanwhile, and it stays so: Other limits." in html
    assert (Provider.objects.get().name, told(groq)) == ("Groq Inc", ["200,000 tokens per day"])


def test_limits_that_both_changed_are_refused_once_and_told_in_words(admin_client, groq):
    typed = opened(admin_client, groq) | typed_limits(MIDNIGHT)
    actions.update_provider("groq", {"limits": [A_DAY]})
    response = save(admin_client, groq, typed)
    (words,) = errors_of(response)["limits"]
    assert "Somebody changed this to 200,000 tokens per day meanwhile;" in words
    assert "you typed 250 requests per day in America/Los_Angeles. Save again to overwrite." in words
    save(admin_client, groq, typed | {"loaded": response.context["adminform"].form.loaded})
    assert told(groq) == ["250 requests per day in America/Los_Angeles"]


def test_a_save_of_nothing_leaves_no_trace(admin_client, groq):
    actions.update_provider("groq", {"limits": [A_DAY, MIDNIGHT]})
    before = list(Limit.objects.values()), ConfigurationChange.objects.count()
    save(admin_client, groq, opened(admin_client, groq))
    assert (list(Limit.objects.values()), ConfigurationChange.objects.count()) == before


# --- who may look, what is new, what lists tell ---------------------------------------
def test_who_may_only_look_reads_them_in_words(groq):
    actions.update_provider("groq", {"limits": [A_DAY]})
    html = page(viewer("view_provider"), change_url(groq))
    assert "200,000 tokens per day" in html
    assert "limits-amount" not in html


def test_a_new_provider_may_come_with_limits(admin_client):
    typed = {"id": "new", "name": "New", "adapter": "openai", "base_url": "https://api.example.com/v1"}
    typed |= {"requires_key": "on", "limits_scope": "account", "pacing": "window", "extra_config": "{}"}
    admin_client.post(ADD, typed | typed_limits(A_DAY))
    assert told(Provider.objects.get()) == ["200,000 tokens per day"]


@pytest.fixture
def card(monkeypatch):
    """One vendor, whose limits hold for each of its models where nothing is said."""
    item = {"id": "v", "name": "V", "base_url": "https://v.example/v1", "limits_scope": "model", "limits": [A_DAY]}
    presets.presets.cache_clear()
    monkeypatch.setattr(presets, "_data", lambda: {"presets": [item], "other_key_prefixes": {}})
    yield
    presets.presets.cache_clear()


def test_a_card_fills_in_its_limits(admin_client, card):
    response = admin_client.get(f"{ADD}?preset=v")
    (row,) = response.context["adminform"].form["limits"].value()
    assert (row.amount, row.unit, row.scope) == ("200000", "tokens", "model")
    filled = json.loads(response.context["presets"][0][1]["limits"])
    assert filled == [{"amount": "200000", "unit": "tokens", "count": "1", "span": "day"} | filled[0]]
    assert actions.create_provider(presets.presets()[0].values).limits.count() == 1


def test_the_list_tells_limits_of_each_model_where_the_account_has_none(admin_client, groq):
    actions.update_provider("groq", {"limits": [{**A_DAY, "scope": "model"}]})
    assert "200,000 tok/day for each model" in page(admin_client, PROVIDERS)


# --- of the installation ---------------------------------------------------------------
def overall(client, *typed, **others):
    return client.post(OVERALL, typed_limits(*({**limit, "scope": ""} for limit in typed)) | others, follow=True)


def test_limits_of_the_installation_are_stored_and_shown_with_their_use(admin_client):
    html = overall(admin_client, BUDGET).content.decode()
    assert told() == ["5 US dollars per month in UTC"]
    assert "The limits of this installation are saved." in html
    assert "US dollars this month in UTC" in html
    overall(admin_client)
    assert told() == []


def test_those_of_the_installation_are_refused_with_their_row(admin_client):
    html = overall(
        admin_client, BUDGET, {**A_DAY, "window": "3 days"}, **{"limits-amount": ["5", "x"]}
    ).content.decode()
    assert "Limit 2: Give an amount above 0" in html
    assert 'value="x"' in html
    assert told() == []


def test_those_that_both_changed_are_refused_once(admin_client):
    loaded = admin_client.get(OVERALL).context["form"].loaded
    set_installation_limits([BUDGET])
    refused = overall(admin_client, A_DAY, loaded=loaded)
    assert "Somebody changed this to 5 US dollars per month in UTC meanwhile" in refused.content.decode()
    overall(admin_client, A_DAY, loaded=refused.context["form"].loaded)
    assert told() == ["200,000 tokens per day"]


def test_those_that_only_somebody_else_changed_stay(admin_client):
    loaded = admin_client.get(OVERALL).context["form"].loaded
    set_installation_limits([BUDGET])
    assert "had changed this meanwhile, and it stays so" in overall(admin_client, loaded=loaded).content.decode()
    assert told() == ["5 US dollars per month in UTC"]


def test_a_budget_that_is_used_up_links_to_its_page(admin_client, groq):
    for name in ("llama", "qwen", "gemma"):
        actions.update_model(model(name).pk, {"input_price": 1, "output_price": 1})
    actions.set_secrets("groq", api_key=KEY)
    set_installation_limits([{**A_DAY, "unit": "requests", "amount": 1}])
    take(*installation_buckets(installation_limits()))
    html = page(admin_client, f"{reverse('admin:providers_provider_explain')}?provider=groq")
    assert "This installation is over budget" in html
    assert f'href="{OVERALL}#id_limits"' in html
    assert installation_meters()[0].numbers == "1 of 1"


def test_who_may_only_look_at_providers_reads_those_of_the_installation():
    set_installation_limits([BUDGET])
    client = viewer("view_provider")
    html = page(client, OVERALL)
    assert "5 US dollars per month in UTC" in html
    assert "limits-amount" not in html
    assert overall(client).status_code == 403
