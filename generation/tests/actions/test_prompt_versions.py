"""Versions of the prompts' wording: what makes one, which is current, and what a release may change of that."""

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import ProtectedError

from generation.actions import BatchOrder, start_batch
from generation.actions.prompts import versions
from generation.engine.wording import rules, texts
from generation.engine.wording.texts import PromptTexts, built_in
from generation.models import PromptChoice, PromptVersion
from generation.tests.factories import make_batch
from legalds.tests.people import person
from providers.choices import Way
from providers.configuration.actor import Actor, asked_by
from providers.tests.factories import make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(monkeypatch):
    """``release("...")`` stands for an upgrade whose built-in system message is this."""
    was = built_in()

    def upgrade(system):
        newer = PromptTexts.of({**was.content, "system": system})
        for module in (texts, rules, versions):
            monkeypatch.setattr(module, "built_in", lambda: newer)

    return upgrade


def test_the_first_version_is_the_releases_own_and_is_current():
    version = versions.current_version()
    assert (version.number, version.is_built_in, version.texts) == (1, True, built_in())
    assert versions.current_version() == version
    assert PromptVersion.objects.count() == 1


def test_a_new_version_has_its_parents_texts_where_none_is_given():
    made = versions.add_version({"system": "You are a judge."}, note="Shorter.")
    assert (made.number, made.parent.number, made.note) == (2, 1, "Shorter.")
    assert made.texts.system == "You are a judge."
    assert made.texts.sample == built_in().sample


def test_a_new_version_is_not_current_until_it_is_made_so():
    made = versions.add_version({"system": "You are a judge."})
    assert versions.current_version().number == 1
    versions.choose_version(made.number)
    assert versions.current_version() == made


def test_who_made_it_and_who_chose_it_is_kept_when_the_user_is_gone():
    ann = person("ann", "Admin")
    with asked_by(lambda: Actor(Way.ADMIN, ann.pk, "ann")):
        made = versions.add_version({"system": "You are a judge."})
        versions.choose_version(made.number)
    ann.delete()
    made.refresh_from_db()
    assert (made.created_by, made.created_by_name) == (None, "ann")
    assert PromptChoice.objects.first().chosen_by_name == "ann"


@pytest.mark.parametrize("changed", [{"content": {}}, {"note": "Other."}, {"digest": "0"}, {"is_built_in": False}])
def test_a_version_is_never_changed(changed):
    number = versions.current_version().number
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        PromptVersion.objects.filter(number=number).update(**changed)


def test_a_version_that_a_batch_was_ordered_with_is_not_deleted():
    version = make_batch(prompt_version=versions.add_version({"system": "You are a judge."})).prompt_version
    with pytest.raises(ProtectedError):
        version.delete()


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"texts": {"sample": "Write $topik."}}, "sample", "Line 1: $topik is not known. Did you mean $topic?"),
        ({"texts": {"system": " "}}, "system", "It is empty."),
        ({"texts": {}}, "texts", "These are the texts of version 1, word for word."),
        ({"texts": {"system": "Other."}, "parent": 9}, "parent", "There is no prompt version 9."),
        ({"texts": {"system": "Other."}, "note": "x" * 2_001}, "note", "Keep it under 2,000 characters."),
    ],
)
def test_what_is_wrong_with_a_new_version_is_told_at_its_field(given, field, said):
    versions.current_version()
    with pytest.raises(ValidationError) as refusal:
        versions.add_version(**given)
    assert list(refusal.value.message_dict) == [field]
    assert refusal.value.message_dict[field][0].startswith(said)
    assert PromptVersion.objects.count() == 1


# --- orders ------------------------------------------------------------------------------
def test_an_order_for_a_version_that_there_is_not_is_refused():
    make_provider("local", models=["good"], requires_key=False)
    with pytest.raises(ValidationError) as refusal:
        start_batch(BatchOrder(count=1, prompt_version=9), queue=False)
    assert refusal.value.message_dict == {
        "prompt_version": ["There is no prompt version 9. GET /api/prompts lists them."]
    }


def test_a_version_that_names_what_this_release_does_not_fill_in_is_neither_ordered_nor_made_current():
    make_provider("local", models=["good"], requires_key=False)
    versions.current_version()
    old = PromptVersion.objects.create(
        number=2, content={**built_in().content, "reask": "$problems $remedy $gone"}, digest="of another time"
    )
    with pytest.raises(ValidationError, match=r"does not fit this release. reask: Line 1: \$gone is not known"):
        start_batch(BatchOrder(count=1, prompt_version=old.number), queue=False)
    with pytest.raises(ValidationError, match="Make a new version from it"):
        versions.choose_version(old.number)


# --- upgrades ----------------------------------------------------------------------------
def test_an_upgrade_brings_its_wording_where_nobody_has_chosen_another(release):
    versions.current_version()
    release("You are newer.")
    current = versions.current_version()
    assert (current.number, current.is_built_in, current.parent.number) == (2, True, 1)
    assert versions.newer_built_in() is None


def test_an_upgrade_leaves_the_version_that_a_person_has_chosen_and_says_that_there_is_a_newer_one(release):
    own = versions.add_version({"system": "You are a judge."})
    versions.choose_version(own.number)
    release("You are newer.")
    assert versions.current_version() == own
    assert versions.newer_built_in().texts.system == "You are newer."


def test_it_is_not_told_any_more_once_a_person_has_decided(release):
    own = versions.add_version({"system": "You are a judge."})
    versions.choose_version(own.number)
    release("You are newer.")
    newer = versions.newer_built_in()
    versions.choose_version(own.number)
    assert versions.newer_built_in() is None
    versions.choose_version(newer.number)
    assert versions.newer_built_in() is None


def test_a_releases_wording_that_was_there_before_is_no_news():
    own = versions.add_version({"system": "You are a judge."})
    versions.choose_version(own.number)
    assert versions.newer_built_in() is None
