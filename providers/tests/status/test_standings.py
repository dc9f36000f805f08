"""How models stand: by what is known, and by the vendor's own list, which knows better."""

from datetime import date

import pytest

from providers import actions
from providers.models import Model, Provider, VendorList
from providers.status import standing_words
from providers.status.standings import standings, standings_of
from providers.tests.factories import make_provider, pk_of

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 28)
GROQ = "https://api.groq.com/openai/v1"
NAMES = ["llama-3.3-70b-versatile", "llama-3.1-70b-versatile", "openai/gpt-oss-120b", "own"]


@pytest.fixture
def provider():
    return make_provider("mine", models=NAMES, base_url=GROQ)


def stand(provider, today=TODAY):
    told = VendorList.objects.filter(pk=provider.pk).first()
    return standings(provider, list(Model.objects.filter(provider=provider)), told, today)


def names(entries):
    return [entry.model.model_id for entry in entries]


def test_without_a_list_what_is_known_decides(provider):
    found = stand(provider)
    assert (names(found.retired), names(found.unsure)) == ([NAMES[0]], [NAMES[1]])
    assert (found.gone, found.new, found.read_at) == ((), (), None)
    assert standing_words.headline(found) == "1 retired, 1 probably retired"
    assert standing_words.what(found.retired[0]) == "retired on 16 August 2026"
    assert standing_words.what(found.unsure[0]) == "said to be retired; not verified"


def test_one_that_the_list_still_has_is_not_retired_for_sure_and_one_that_it_lacks_is(provider):
    actions.note_list("mine", GROQ, [NAMES[0], NAMES[2]], is_seen=True)
    found = stand(provider)
    assert (names(found.retired), names(found.unsure), names(found.gone)) == ([NAMES[1]], [NAMES[0]], [NAMES[3]])
    assert standing_words.what(found.unsure[0]).endswith("the vendor's list still has it")


def test_a_successor_that_the_list_lacks_is_none(provider):
    assert [entry.successor.model_id for entry in stand(provider).retired if entry.successor] == [NAMES[2]]
    actions.note_list("mine", GROQ, ["other"], is_seen=True)
    assert [entry.successor for entry in stand(provider).retired] == [None, None]


def test_what_is_switched_off_is_not_spoken_of(provider):
    actions.set_model_enabled(pk_of("mine", NAMES[0]), False)
    assert names(stand(provider).retired) == []


def test_what_is_new_in_the_list_is_told_until_somebody_looks(provider):
    actions.note_list("mine", GROQ, NAMES, is_seen=False)
    assert stand(provider).new == ()
    actions.note_list("mine", GROQ, [*NAMES, "qwen-9", "whisper-9"], is_seen=False)
    assert stand(provider).new == ("qwen-9",)
    actions.note_list("mine", GROQ, [*NAMES, "qwen-9"], is_seen=True)
    assert stand(provider).new == ()


def test_a_list_says_nothing_of_another_address(provider):
    actions.note_list("mine", GROQ, ["other"], is_seen=True)
    actions.update_provider("mine", {"base_url": f"{GROQ}/"})
    found = stand(Provider.objects.get(pk="mine"))
    assert (found.gone, found.read_at) == ((), None)


def test_a_question_without_an_answer_forgets_nothing(provider):
    actions.note_list("mine", GROQ, NAMES, is_seen=True)
    before = VendorList.objects.get()
    actions.note_asked("mine", GROQ)
    after = VendorList.objects.get()
    assert (after.model_ids, after.answered_at) == (NAMES, before.answered_at)
    assert after.asked_at > before.asked_at


def test_a_list_of_a_provider_that_is_gone_is_dropped():
    actions.note_list("nobody", GROQ, ["m"], is_seen=True)
    assert not VendorList.objects.exists()


def test_what_ends_is_told_with_its_day():
    google = "https://generativelanguage.googleapis.com/v1beta/openai/"
    provider = make_provider("google", models=["gemini-2.5-pro"], base_url=google)
    (entry,) = stand(provider).ending
    assert standing_words.what(entry) == "ends on 1 December 2026"
    assert names(stand(provider, date(2026, 12, 1)).retired) == ["gemini-2.5-pro"]


def test_all_providers_take_one_query_beside_their_rows(provider, django_assert_num_queries):
    make_provider("other", models=["m"])
    rows = list(Provider.objects.with_details())
    with django_assert_num_queries(1):
        assert len(standings_of(rows, TODAY)) == 2
