"""Duplicate with another key, on a provider's page."""

import pytest
from django.urls import reverse

from providers import actions
from providers.models import Provider, ProviderConfig
from providers.permissions import DUPLICATING
from providers.tests.admin.admin_pages import KEY, change_url, make_provider, order_of, page, viewer
from providers.tests.factories import provider_ids

pytestmark = pytest.mark.django_db

OTHER = "sk-planted-9876543210-abcd"
DUPLICATE = reverse("admin:providers_provider_duplicate", args=["groq"])


def press(client, **typed):
    entered = {"api_key": OTHER, "id": "groq-2", "name": "Groq 2", **typed}
    return client.post(DUPLICATE, {f"copy-{name}": value for name, value in entered.items()}, follow=True)


def codenames():
    return [name.partition(".")[2] for name in DUPLICATING]


def test_the_page_suggests_the_next_id_and_name(admin_client, groq):
    html = page(admin_client, change_url(groq))
    assert 'value="groq-2"' in html
    assert 'value="Groq 2"' in html
    assert f'action="{DUPLICATE}"' in html


def test_it_leads_to_the_new_provider_where_its_key_can_be_tested(admin_client, groq):
    make_provider("mistral")
    response = press(admin_client, id="groq-b", name="Groq of the firm")
    html = response.content.decode()
    assert response.redirect_chain[-1][0].startswith(reverse("admin:providers_provider_change", args=["groq-b"]))
    assert "Groq of the firm is a copy of Groq, right after it." in html
    assert "Test it now" in html
    assert OTHER not in html
    assert (provider_ids(), order_of("groq-b")) == (["groq", "groq-b", "mistral"], order_of("groq"))
    assert ProviderConfig.objects.get(pk="groq-b").api_key == OTHER


def test_secret_settings_that_were_not_copied_are_told_of(admin_client, groq):
    assert "are not copied, since" not in press(admin_client).content.decode()
    actions.set_secrets("groq", config={"headers": {"X-Org": "one"}})
    html = press(admin_client, api_key=f"{OTHER}9", id="groq-3").content.decode()
    assert "The secret settings of Groq are not copied, since" in html


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"api_key": KEY}, "Groq has this key already."),
        ({"api_key": ""}, "Paste the other key."),
        ({"id": "GROQ"}, "exists already, and letter case makes no new id"),
        ({"id": "a b"}, "Enter a valid"),
    ],
)
def test_what_is_refused_stands_at_its_field_with_all_but_the_key_as_it_was_typed(admin_client, groq, typed, said):
    actions.set_secrets("groq", api_key=KEY)
    response = press(admin_client, **({"name": "Typed name"} | typed))
    html = response.content.decode()
    assert said in html
    assert 'value="Typed name"' in html
    assert html.count('role="alert"') == 1
    assert change_url(groq) in html
    assert not [key for key in (KEY, OTHER) if key in html + str(response.redirect_chain)]
    assert provider_ids() == ["groq"]


@pytest.mark.parametrize("missing", range(len(DUPLICATING)))
def test_who_may_not_all_of_it_is_shown_no_form_and_refused(groq, missing):
    own = codenames()
    del own[missing]
    client = viewer("view_provider", *own)
    assert DUPLICATE not in page(client, change_url(groq))
    assert press(client).status_code == 403
    assert provider_ids() == ["groq"]


def test_who_may_it_needs_no_more(groq):
    assert press(viewer("view_provider", *codenames())).status_code == 200
    assert provider_ids() == ["groq", "groq-2"]


def test_a_provider_that_needs_no_key_has_no_use_for_another(admin_client, groq):
    Provider.objects.update(requires_key=False)
    assert DUPLICATE not in page(admin_client, change_url(groq))


def test_a_look_duplicates_nothing(admin_client, groq):
    assert admin_client.get(DUPLICATE).status_code == 405
