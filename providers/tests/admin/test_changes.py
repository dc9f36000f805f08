"""The trail of changes in the admin: the list, the panels, and that it is the only one."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from providers import actions
from providers.models import ConfigurationChange
from providers.tests.admin.admin_pages import KEY, change_url, form_of, make_provider, model, page, press, viewer

pytestmark = pytest.mark.django_db
CHANGES = reverse("admin:providers_configurationchange_changelist")


def test_the_list_tells_who_did_what_to_which_row(admin_client, groq):
    admin_client.post(change_url(groq), form_of(admin_client, groq, requests_per_minute="30"))
    html = page(admin_client, CHANGES)
    assert "requests per minute none -&gt; 30" in html
    assert "by the admin" in html
    assert f'href="{change_url(groq)}"' in html


def test_what_is_deleted_is_named_without_a_link(admin_client, groq):
    url = change_url(groq)
    actions.delete_provider("groq")
    html = page(admin_client, CHANGES)
    assert "deleted: " in html
    assert f'href="{url}"' not in html


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("provider=mistral", 2),
        ("deed__exact=switched_off", 1),
        ("actor_name=admin", 1),
        ("actor_name=-", 6),
        ("way__exact=api", 0),
        ("q=mistral", 2),
        ("q=enabled", 1),
    ],
)
def test_the_list_is_filtered_and_searched(admin_client, groq, query, count):
    make_provider("mistral", "large")
    url = reverse("admin:providers_model_switch")
    press(admin_client, url, {"id": model("llama").pk, "enabled": False})
    assert admin_client.get(f"{CHANGES}?{query}").context["cl"].result_count == count


def test_a_model_has_a_list_of_its_own(admin_client, groq):
    actions.set_model_enabled(model("qwen").pk, False)
    shown = admin_client.get(f"{CHANGES}?model_pk={model('qwen').pk}").context["cl"]
    assert [change.deed for change in shown.result_list] == ["switched_off", "created"]


def test_history_leads_to_the_trail(admin_client, groq):
    for row, query in ((groq, "provider=groq"), (model("qwen"), f"model_pk={model('qwen').pk}")):
        url = reverse(f"admin:providers_{row._meta.model_name}_history", args=[row.pk])
        assert admin_client.get(url).headers["Location"] == f"{CHANGES}?{query}"


def test_the_admins_own_log_stays_empty(admin_client, groq):
    admin_client.post(change_url(groq), form_of(admin_client, groq, name="G"))
    admin_client.post(reverse("admin:providers_provider_key_set", args=["groq"]), {"api_key": KEY})
    chosen = {"action": "delete_selected", "post": "yes", "_selected_action": [model("llama").pk]}
    admin_client.post(reverse("admin:providers_model_changelist"), chosen)
    admin_client.post(reverse("admin:providers_provider_delete", args=["groq"]), {"post": "yes"})
    assert not LogEntry.objects.exists()
    actions = set(ConfigurationChange.objects.filter(actor_name="admin").values_list("deed", flat=True))
    assert actions == {"changed", "key_set", "deleted"}


def test_a_providers_page_tells_its_last_changes_and_where_all_are(admin_client, groq):
    for number in range(25):
        actions.update_provider("groq", {"requests_per_day": number + 1})
    html = page(admin_client, change_url(groq))
    assert "requests per day 24 -&gt; 25" in html
    assert "requests per day 4 -&gt; 5" not in html
    assert f'href="{CHANGES}?provider=groq"' in html


def test_a_models_page_tells_its_own_changes_only(admin_client, groq):
    actions.set_priority(model("gemma").pk, 0)
    actions.update_model(model("qwen").pk, {"max_tokens": 7})
    html = page(admin_client, change_url(model("gemma")))
    assert "priority 2 -&gt; 0" in html
    assert "max tokens" not in html.partition('id="changes-of-row"')[2]


def test_who_may_not_see_the_trail_sees_no_panel(groq):
    html = page(viewer("view_provider"), change_url(groq))
    assert 'id="changes-of-row"' not in html


def test_no_key_is_in_the_list_nor_on_a_changes_own_page(admin_client, groq):
    actions.set_secrets("groq", api_key=KEY, config={"headers": {"X-Planted": KEY}})
    urls = [CHANGES, change_url(groq), *(change_url(change) for change in ConfigurationChange.objects.all())]
    shown = "".join(page(admin_client, url) for url in urls)
    assert "...wxyz" in shown
    assert not any(KEY[at : at + 10] in shown for at in (3, 8, 12))


def test_what_people_typed_is_escaped(admin_client, groq):
    actions.update_provider("groq", {"name": "<script>alert(1)</script>"})
    for url in (CHANGES, change_url(groq), change_url(ConfigurationChange.objects.all()[0])):
        assert "<script>alert(1)" not in page(admin_client, url)


@pytest.mark.parametrize("count", [5, 50])
def test_the_list_asks_the_same_however_long(admin_client, django_assert_max_num_queries, count):
    make_provider("groq", *(f"m{number}" for number in range(count)))
    with django_assert_max_num_queries(8):
        page(admin_client, CHANGES)


@pytest.mark.parametrize("count", [5, 50])
def test_panel_and_key_cost_a_query_each(admin_client, groq, django_assert_max_num_queries, count):
    for number in range(count):
        actions.update_provider("groq", {"requests_per_day": number + 1})
    with django_assert_max_num_queries(32) as asked:  # more than the panel shows are counted
        page(admin_client, change_url(groq))
    assert sum('FROM "configuration_changes"' in query["sql"] for query in asked) <= 2


# --- secrets take a permission of their own ---------------------------------------


def test_who_may_change_a_provider_but_no_secret_has_no_field_for_a_key(groq):
    client = viewer("change_provider")
    assert 'name="api_key"' not in page(client, change_url(groq))
    answer = client.post(reverse("admin:providers_provider_key_set", args=["groq"]), {"api_key": KEY})
    assert answer.status_code == 403
    client.post(change_url(groq), form_of(client, groq, name="G", api_key=KEY))
    assert not ConfigurationChange.objects.filter(subject="secrets").exists()
