"""The pages of the prompts' wording: the list, a version, editing, what is sent, and trials."""

from decimal import Decimal

import pytest
from django.urls import reverse

from generation.actions.prompts import trials
from generation.actions.prompts.versions import add_version, choose_version, current_version
from generation.engine.wording.texts import built_in
from generation.models import Batch, PromptTrial, PromptVersion
from generation.tests.admin.batch_pages import ADD
from generation.tests.admin.batch_pages import url as batch_url
from generation.tests.factories import make_batch
from legalds.tests.people import client_of, person
from providers import actions
from providers.models import Model, Provider
from providers.tests.admin.admin_pages import page
from providers.tests.factories import make_provider
from samples.models import Sample
from samples.quality import checking
from samples.quality.findings import Severity
from samples.quality.rule import Rule

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]

LIST = reverse("admin:generation_promptversion_changelist")
EDIT = reverse("admin:generation_promptversion_add")
CHECK = reverse("admin:generation_promptversion_check")


def url(name, *args):
    return reverse(f"admin:generation_promptversion_{name}", args=args)


def typed(**changes):
    return {**built_in().content, "note": "", "parent": "1", **changes}


@pytest.fixture
def judge():
    return add_version({"system": "You are a judge.\nBe brief."}, note="Shorter.")


# --- reading -----------------------------------------------------------------------------
def test_the_list_says_which_one_is_current_and_what_uses_each(admin_client, judge):
    make_batch(prompt_version=judge)
    html = page(admin_client, LIST)
    assert "Shorter." in html
    assert "1 batch" in html
    assert html.count('<span class="l-chip is-ok">current</span>') == 1


def test_the_list_asks_no_query_for_each_version(admin_client, judge, django_assert_max_num_queries):
    page(admin_client, LIST)
    for number in range(5):
        make_batch(prompt_version=add_version({"system": f"You are judge {number}."}))
    with django_assert_max_num_queries(12):
        page(admin_client, LIST)


def test_a_version_shows_its_texts_and_what_is_different(admin_client, judge):
    html = page(admin_client, url("change", judge.number))
    assert "From version 1 to 2" in html
    assert '<td class="p-line">You are a judge.</td>' in html
    assert "Now write" not in html


def test_a_version_beside_the_current_one_is_compared_with_both(admin_client, judge):
    other = add_version({"system": "You are a clerk."}, parent=1)
    choose_version(other.number)
    third = add_version({"reask": "$problems $remedy"}, parent=judge.number)
    html = page(admin_client, url("change", third.number))
    assert "From version 2 to 4" in html
    assert "From version 3 to 4" in html


def test_what_is_sent_is_shown_for_the_item_that_is_asked_for(admin_client, judge):
    html = page(admin_client, url("preview", judge.number) + "?sample_type=simple_qa&jurisdiction=uk&instruction=Be+$5")
    assert "You are a judge." in html
    assert "Simple Q&amp;A, Advanced, England and Wales: Criminal Defences" in html
    assert "Be $5" in html
    assert "additionalProperties" in html


def test_what_is_wrong_with_the_item_that_is_asked_for_is_told(admin_client):
    number = current_version().number
    assert "Number: Give a number from 1" in page(admin_client, url("preview", number) + "?number=0")
    assert "Topic: " in page(admin_client, url("preview", number) + "?topic=Nothing")


def test_a_batchs_page_links_the_version_that_it_was_ordered_with(admin_client, judge):
    assert f'href="{url("change", 2)}"' in page(admin_client, batch_url("change", make_batch(prompt_version=judge)))
    assert "the release&#x27;s own" in page(
        admin_client, batch_url("change", make_batch())
    ) or "the release's own" in page(admin_client, batch_url("change", make_batch()))


def test_a_viewer_reads_and_is_offered_nothing(judge):
    html = page(client_of(person("ann", "Viewer")), url("change", judge.number))
    assert "You are a judge." in html
    for name in ("action-edit", "action-current", "action-try"):
        assert f'id="{name}"' not in html


# --- editing -----------------------------------------------------------------------------
def test_the_form_begins_with_the_texts_of_the_version_that_is_edited(admin_client, judge):
    response = admin_client.get(f"{EDIT}?from={judge.number}")
    assert response.context["form"]["system"].value() == judge.texts.system
    assert admin_client.get(f"{EDIT}?from=nine").context["parent"].number == 1


def test_what_is_saved_is_a_new_version_with_who_made_it(judge):
    current_version()
    sent = typed(system="You are\r\na clerk.", note="As a clerk.", parent=str(judge.number))
    client_of(person("ann", "Admin")).post(EDIT, sent)
    made = PromptVersion.objects.first()
    assert (made.number, made.parent_id, made.note, made.created_by_name) == (3, judge.number, "As a clerk.", "ann")
    assert made.texts.system == "You are\na clerk."
    assert current_version().number == 1


def test_what_is_wrong_is_told_at_its_text_and_nothing_is_saved(admin_client):
    current_version()
    response = admin_client.post(EDIT, typed(sample="Write $topik."))
    assert "Line 1: $topik is not known. Did you mean $topic?" in response.content.decode()
    assert response.context["form"].errors.keys() == {"sample"}
    assert PromptVersion.objects.count() == 1


def test_texts_that_are_there_already_are_refused_with_their_version(admin_client):
    current_version()
    response = admin_client.post(EDIT, typed())
    assert "These are the texts of version 1, word for word." in response.content.decode()


def test_while_one_edits_the_changes_and_the_mistakes_are_shown(admin_client):
    current_version()
    html = admin_client.post(CHECK, typed(system="You are a clerk.", reask="Again.")).content.decode()
    assert '<td class="p-line">You are a clerk.</td>' in html
    assert "It lacks $problems" in html
    assert PromptVersion.objects.count() == 1


def test_endless_texts_are_not_compared(admin_client):
    current_version()
    html = admin_client.post(CHECK, typed(system="x\n" * 20_000)).content.decode()
    assert "too long to be compared" in html


# --- which one is current ------------------------------------------------------------------
def test_an_admin_makes_a_version_the_current_one(judge):
    client = client_of(person("ann", "Admin"))
    response = client.post(url("current", judge.number), follow=True)
    assert "New batches take version 2 from now on." in response.content.decode()
    assert current_version() == judge
    assert " by ann" in page(client, url("change", judge.number)).partition("Made current")[2]


def test_a_newer_version_of_a_release_is_told_and_taken_with_one_click(admin_client, judge, monkeypatch):
    choose_version(judge.number)
    newer = PromptVersion.objects.create(
        number=3, content={**built_in().content, "system": "Newer."}, digest="another", is_built_in=True, parent_id=1
    )
    monkeypatch.setattr("generation.actions.prompts.versions.newer_built_in", lambda: newer)
    for address in (LIST, reverse("admin:index")):
        html = page(admin_client, address)
        assert "This release has newer prompts" in html
        assert f'href="{url("change", 3)}#differences"' in html
        assert f'action="{url("current", 3)}"' in html


# --- ordering --------------------------------------------------------------------------------
def test_an_order_offers_versions_where_there_are_several(admin_client, local):
    current_version()
    assert "Version of the prompts" not in page(admin_client, ADD)
    judge = add_version({"system": "You are a judge."}, note="Shorter.")
    assert "2: Shorter." in page(admin_client, ADD)
    admin_client.post(ADD, {"count": "2", "prompt_version": str(judge.number)})
    admin_client.post(ADD, {"count": "2", "prompt_version": ""})
    assert list(Batch.objects.order_by("pk").values_list("prompt_version", flat=True)) == [2, 1]


# --- trials ----------------------------------------------------------------------------------
@pytest.fixture
def asked(sandbox, admin_client, judge):
    """``asked("good")`` tries the second version with a model that behaves so."""

    def ask(model, **form):
        if not Provider.objects.exists():
            make_provider("a", models=[model], base_url=sandbox.url, requires_key=False, requests_per_minute=1)
            actions.update_model(Model.objects.get().pk, {"input_price": 1, "output_price": 2})
        return admin_client.post(url("try", judge.number), {"route": f"a/{model}", **form}).content.decode()

    return ask


@pytest.fixture
def picky(monkeypatch):
    """One rule, which every sample breaks."""
    rule = Rule("no-samples", Severity.REJECT, "None.", "", "", lambda draft, wanted: [("answer", "it is an answer")])
    monkeypatch.setattr(checking, "RULES", (rule,))


def test_a_trial_asks_one_model_in_the_words_of_the_version_and_saves_no_sample(asked, sandbox):
    html = asked("good", sample_type="simple_qa", number="4")
    (call,) = sandbox.calls
    assert call.body["messages"][0]["content"] == "You are a judge.\nBe brief."
    trial = PromptTrial.objects.get()
    assert (trial.outcome, trial.spec["sample_type"], trial.spec["number"]) == ("ok", "simple_qa", 4)
    assert trial.messages == call.body["messages"]
    assert trial.prompt_tokens > 0
    assert "What it was read as" in html
    assert not Sample.objects.exists()


def test_what_the_rules_find_is_shown_and_kept(asked, picky, admin_client):
    html = asked("good")
    trial = PromptTrial.objects.get()
    assert (trial.outcome, trial.detail) == ("bad_output", "answer: it is an answer")
    assert "no-samples" in html
    assert "it is an answer" in page(admin_client, url("trial", trial.version_id, trial.pk))
    assert "Bad output" in page(admin_client, url("change", trial.version_id))


@pytest.mark.parametrize(
    ("model", "outcome", "said"),
    [
        ("malformed", "bad_output", "JSON"),
        ("truncated", "bad_output", "cut off"),
        ("503", "server", "503"),
        ("billing-400", "billing", "billing"),
    ],
)
def test_what_went_wrong_is_shown_and_kept(asked, model, outcome, said):
    html = asked(model)
    trial = PromptTrial.objects.get()
    assert trial.outcome == outcome
    assert said.lower() in html.lower()


def test_a_trial_counts_against_the_limits_and_a_call_that_is_not_let_out_is_none(asked, sandbox, monkeypatch):
    monkeypatch.setattr(trials, "PATIENCE_S", 0.1)
    asked("good")
    assert "No call was made." in asked("good")
    assert len(sandbox.calls) == PromptTrial.objects.count() == 1


def test_a_trial_tells_what_it_cost(asked):
    html = asked("good")
    trial = PromptTrial.objects.get()
    assert trial.cost == (trial.prompt_tokens + 2 * trial.completion_tokens) / Decimal(1_000_000)
    assert "<dt>Cost</dt><dd>$0.00" in " ".join(html.split())


def test_a_model_that_cannot_be_asked_is_refused_by_name(asked):
    html = asked("good", route="a/other")
    assert "not an enabled model" in html
    assert not PromptTrial.objects.exists()
