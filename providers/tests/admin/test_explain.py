"""The page Explain route, and its panel on a provider's page."""

import pytest
from django.urls import reverse
from django.utils.html import escape

from providers import actions
from providers.connection.words import ADVICE
from providers.llm.errors import ErrorKind
from providers.models import Provider
from providers.tests.admin.admin_pages import change_url, make_provider, model, page, viewer
from providers.tests.calling.store.scripted_store import count_trips, fail, open_store

pytestmark = pytest.mark.django_db
URL = reverse("admin:providers_provider_explain")
KEY = "planted-secret-of-groq"


@pytest.fixture
def groq():
    make_provider("groq", "llama", "qwen")
    actions.set_secrets("groq", api_key=KEY)
    make_provider("mistral", "large")
    open_store()
    return Provider.objects.get(pk="groq")


def test_it_shows_the_order_and_what_is_left_out_with_the_remedy(admin_client, groq):
    html = page(admin_client, URL)
    assert "The next call goes to groq/llama at once." in html
    assert "Mistral has no API key" in html
    assert f"{change_url(Provider.objects.get(pk='mistral'))}#id_api_key" in html
    assert KEY not in html


def test_a_models_remedy_leads_to_the_models_page(admin_client, groq):
    fail("groq/llama", "not_found: no such model", kind=ErrorKind.NOT_FOUND)
    html = page(admin_client, URL)
    assert "The model is suspended for 60 s: not_found: no such model" in html
    assert f"{change_url(model('llama'))}#id_model_id" in html


@pytest.mark.parametrize("kind", ErrorKind)
def test_the_advice_fits_the_failure(admin_client, groq, kind):
    fail("groq", f"{kind}: the vendor's words", kind=kind)
    for url in (URL, change_url(groq)):
        html = page(admin_client, url)
        assert escape(ADVICE[kind].remedy) in html
        assert ('id="remedy-groq-enter-the-key"' in html) is (kind is ErrorKind.AUTH)
        assert ('id="remedy-groq-check-the-base-url"' in html) is (kind is ErrorKind.CONNECTION)
        assert f"""hx-vals='{{"id": "{groq.pk}"}}'>Try again now""" in html


def test_who_may_not_change_a_provider_gets_no_button_to_try_it_again(groq):
    fail("groq", "server: HTTP 503", kind=ErrorKind.SERVER)
    client = viewer("view_provider")
    assert "Try again now" not in page(client, URL)
    assert "Try again now" not in page(client, change_url(groq))


def test_a_reason_that_all_models_of_a_provider_share_is_said_once(admin_client, groq):
    fail("groq", "auth: revoked")
    assert page(admin_client, URL).count("auth: revoked") == 1


def test_the_query_string_fills_the_form(admin_client, groq):
    html = page(admin_client, f"{URL}?provider=groq&model=qwen&when_full=stay&tokens=300&priced_only=true")
    assert '<option value="qwen" selected>' in html
    assert '<option value="stay" selected>' in html
    assert "both prices are called" in html


def test_an_order_that_would_be_refused_says_so(admin_client, groq):
    assert "Mistral has no API key: a new order that asks for it is refused." in page(
        admin_client, f"{URL}?provider=mistral"
    )
    actions.set_model_enabled(model("qwen").pk, False)
    assert "No model qwen can be asked" in page(admin_client, f"{URL}?model=qwen")


def test_a_wrong_question_is_shown_at_its_field(admin_client, groq):
    html = page(admin_client, f"{URL}?provider=nope&colour=red")
    assert "There is no such parameter." in html
    assert "There is no provider &#x27;nope&#x27;. Known: groq, mistral." in page(admin_client, f"{URL}?provider=nope")


def test_htmx_gets_the_answer_alone(admin_client, groq):
    response = admin_client.get(URL, headers={"HX-Request": "true"})
    assert response.content.decode().strip().startswith('<div id="explained"')


def test_who_may_view_sees_it_without_remedies_and_who_may_not_gets_403(groq):
    client = viewer("view_provider")
    html = page(client, URL)
    assert "Mistral has no API key" in html
    assert "Enter the key" not in html
    assert client.post(URL).status_code == 405


def test_without_the_permission_it_is_forbidden(groq):
    client = viewer("view_model")
    assert client.get(URL).status_code == 403
    assert URL not in page(client, reverse("admin:index"))


def test_where_nothing_is_configured_it_says_what_to_do_first(admin_client):
    html = page(admin_client, URL)
    assert "There is no model yet." in html
    assert reverse("admin:providers_provider_add") in html


def test_without_redis_it_says_what_is_not_known(admin_client, groq, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    html = page(admin_client, URL)
    assert "Redis is away" in html
    assert "By the configuration alone groq/llama is tried first." in html


def test_the_sidebar_marks_this_page_and_not_the_list_above_it(admin_client, groq):
    groups = admin_client.get(URL).context["sidebar_navigation"]
    active = [item["title"] for group in groups for item in group["items"] if item["active"]]
    assert active == ["Explain route"]


@pytest.mark.parametrize("count", [5, 50])
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_it_takes_one_trip_and_as_many_queries_for_many_providers(
    admin_client, count, headers, monkeypatch, django_assert_max_num_queries
):
    for number in range(count):
        make_provider(f"p{number}", "a", "b", requires_key=False, requests_per_minute=5)
    open_store()
    trips = count_trips(monkeypatch)
    with django_assert_max_num_queries(12):
        admin_client.get(URL, headers=headers)
    assert trips == ["outlook"]


def test_a_providers_page_shows_what_a_batch_would_do(admin_client, groq):
    html = page(admin_client, change_url(groq))
    assert "If a batch started now with this provider" in html
    assert "The next call goes to groq/llama at once." in html
    assert f"{URL}?provider=groq" in html


def test_the_page_of_a_provider_without_key_says_so_there(admin_client, groq):
    html = page(admin_client, change_url(Provider.objects.get(pk="mistral")))
    assert "Mistral has no API key: a new order that asks for it is refused." in html
