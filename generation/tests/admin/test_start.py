"""The order form: what it offers, what it previews, and how an earlier order is asked for again."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse

from generation.actions.prompts.versions import current_version
from generation.models import Batch
from generation.tests.admin.batch_pages import ADD
from generation.tests.factories import make_batch
from legalds.tests.pages import markup
from providers.tests.factories import make_model, make_provider
from samples import vocabulary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

PREVIEW = reverse("admin:generation_batch_preview")


def make_providers(count=1, **fields):
    for number in range(count):
        make_provider(f"p{number}", name=f"Provider {number}", requires_key=False, **fields)
        make_model(f"p{number}", display_name=f"Model {number}")


def page(client, address=ADD, **query):
    response = client.get(address, query)
    assert response.status_code == 200
    return markup(response)


def preview(client, **order):
    response = client.post(PREVIEW, order)
    assert response.status_code == 200
    return response


def operator(*codenames):
    user = User.objects.create_user("operator", password="pw", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client = Client()
    client.force_login(user)
    return client


# --- preview -------------------------------------------------------------------


def test_the_preview_shows_spread_start_and_estimate_and_writes_nothing(admin_client):
    make_providers()
    html = preview(admin_client, count=150, jurisdictions=["uk"]).content.decode()
    assert "Provider 0: Model 0" in html
    assert "150 samples on 42 topics, 3 or 4 each." in html
    assert "No calls yet" in html
    assert not Batch.objects.exists()


def test_the_previewed_spread_is_the_one_that_the_batch_gets(admin_client):
    make_providers()
    order = {"count": 20, "seed": 77}
    shown = preview(admin_client, **order).context["spread"]
    admin_client.post(ADD, order)
    items = Batch.objects.get().items
    told = {share.id: share.count for share in shown.jurisdictions}
    assert told == {place: items.filter(jurisdiction=place).count() for place in told}


@pytest.mark.parametrize(
    ("order", "field", "words"),
    [
        ({"count": ""}, "count", "required"),
        ({"count": 200_000}, "count", "tick the box below"),
        (
            {"count": 10, "jurisdictions": ["us"], "topics": ["Fraud"]},
            "topics",
            "Outside the jurisdictions chosen: Fraud.",
        ),
        ({"count": 10, "cost_cap": "1"}, "cost_cap", "No model that is on has both its prices"),
        ({"count": 10, "instruction": "x" * 4_001}, "instruction", "under 4000 characters"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_while_one_types(admin_client, order, field, words):
    make_providers()
    html = preview(admin_client, **order).content.decode()
    slot = html.partition(f'id="error-{field}"')[2].partition("</p>")[0]
    assert 'hx-swap-oob="true"' in slot
    assert words in slot


def test_an_order_to_confirm_is_previewed_all_the_same(admin_client):
    make_providers()
    assert preview(admin_client, count=200_000).context["spread"].count == 200_000


def test_why_nobody_can_start_is_said_with_the_way_there(admin_client):
    make_provider("groq", models=["llama"])
    html = preview(admin_client, count=10, provider="groq").content.decode()
    assert "Groq has no API key. Enter one" in html
    assert reverse("admin:providers_provider_change", args=["groq"]) in html
    assert reverse("admin:providers_provider_changelist") in preview(admin_client, count=10).content.decode()


def test_who_may_not_see_providers_gets_no_link_to_them():
    html = preview(operator("add_batch"), count=10).content.decode()
    assert "No provider is on" in html
    assert "/admin/providers/" not in html


def test_a_cap_that_is_too_low_is_said_before_the_start(admin_client):
    make_providers()
    assert (
        "The token cap is reached after about" in preview(admin_client, count=1_000, token_cap=50_000).content.decode()
    )


def test_the_preview_is_for_who_may_start_and_only_by_post(admin_client):
    assert admin_client.get(PREVIEW).status_code == 405
    assert operator("view_batch").post(PREVIEW, {"count": 3}).status_code == 403


@pytest.mark.parametrize("providers", [5, 50])
def test_form_and_preview_ask_as_much_for_many_providers_as_for_few(
    admin_client, django_assert_max_num_queries, providers
):
    make_providers(providers)
    current_version()  # written down once, as the taxonomy is read once
    vocabulary.current()
    with django_assert_max_num_queries(9):
        page(admin_client)
    with django_assert_max_num_queries(24):
        preview(admin_client, count=100_000, cost_cap="1", provider="p1")


def test_weights_are_typed_and_seen_in_the_spread(admin_client):
    make_providers()
    order = {"count": 40, "jurisdictions": ["uk", "us"], "weights": "uk:3, us:1"}
    shares = {share.id: share.count for share in preview(admin_client, **order).context["spread"].jurisdictions}
    assert shares == {"england_wales": 10, "scotland": 10, "northern_ireland": 10, "us": 10}
    admin_client.post(ADD, {**order, "seed": 5})
    assert Batch.objects.get().weights == {"jurisdictions": {"uk": 3, "us": 1}}


@pytest.mark.parametrize(
    ("typed", "told"), [("mars:2", "is no jurisdiction"), ("uk:1000", "from 0 to 100"), ("eu:2", "not among those")]
)
def test_what_is_wrong_with_weights_stands_at_their_field(admin_client, typed, told):
    make_providers()
    form = preview(admin_client, count=4, jurisdictions=["uk"], weights=typed).context["form"]
    assert told in str(form.errors["weights"])


# --- clone ---------------------------------------------------------------------


def test_a_clone_asks_for_what_its_batch_was_asked_for(admin_client):
    make_providers()
    batch = make_batch(
        count=7,
        provider="p0",
        model="m",
        when_full="stay",
        jurisdictions=["uk"],
        topics=["Fraud", "Child Custody"],
        weights={"topics": {"Fraud": 2}},
        difficulties=["basic"],
        sample_types=["simple_qa"],
        instruction="Be brief.",
        item_budget=9,
        token_cap=5_000,
    )
    initial = admin_client.get(ADD, {"from": batch.pk}).context["form"].initial
    assert (initial["count"], initial["provider"], initial["model"], initial["when_full"]) == (7, "p0", "m", "stay")
    assert (initial["topics"], initial["weights"]) == (["Fraud", "Child Arrangements"], "Fraud:2")
    assert (initial["instruction"], initial["item_budget"]) == ("Be brief.", 9)
    assert (initial["token_cap"], initial["cloned_seed"]) == (5_000, batch.seed)
    assert initial["seed"] != batch.seed


@pytest.mark.parametrize(("same_plan", "seed"), [("on", 123), ("", 456)])
def test_a_clone_gets_a_new_plan_unless_the_same_is_asked_for(admin_client, same_plan, seed):
    make_providers()
    admin_client.post(ADD, {"count": 3, "seed": 456, "cloned_seed": 123, "same_plan": same_plan})
    assert Batch.objects.get().seed == seed


def test_a_clone_says_what_is_not_there_any_more(admin_client):
    make_providers()
    batch = make_batch(provider="gone", model="gone-too")
    html = page(admin_client, **{"from": batch.pk})
    assert "There is no provider &#x27;gone&#x27; that is on" in html
    assert "There is no model &#x27;gone-too&#x27; that is on" in html


def test_a_batch_that_is_not_there_cannot_be_cloned_and_that_is_said(admin_client):
    assert "The batch to clone is not there" in page(admin_client, **{"from": "999"})
    assert "The batch to clone is not there" in page(admin_client, **{"from": "x"})


def test_who_may_not_see_a_batch_may_not_clone_it():
    assert operator("add_batch").get(ADD, {"from": make_batch().pk}).status_code == 403


def test_an_address_can_fill_the_form(admin_client):
    make_providers()
    initial = admin_client.get(ADD + "?provider=p0&jurisdictions=uk&jurisdictions=eu&count=5").context["form"].initial
    assert (initial["provider"], initial["jurisdictions"], initial["count"]) == ("p0", ["uk", "eu"], "5")


# --- the form ------------------------------------------------------------------


def test_every_field_has_a_label_and_a_place_for_its_errors(admin_client):
    make_providers()
    html = page(admin_client)
    for name in ("count", "provider", "model", "instruction", "token_cap", "cost_cap", "item_budget"):
        assert f'<label for="id_{name}">' in html
        assert f"error-{name}" in html.partition(f'id="id_{name}"')[0].rpartition("<")[2] + html
    for legend in ("Jurisdictions", "Difficulties", "Sample types", "When the first choice is full", "Topics"):
        assert f"<legend>{legend}" in html


def test_what_was_typed_stays_where_the_order_is_refused(admin_client):
    make_providers()
    order = {"count": 200_000, "topics": ["Fraud"], "instruction": "Be brief.", "seed": 5}
    html = markup(admin_client.post(ADD, order))
    assert 'value="Fraud" checked' in html
    assert "Be brief." in html
    assert "Nothing is started yet." in html
    assert 'aria-invalid="true"' in html
