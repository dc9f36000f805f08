"""The pages of the taxonomy: lists in order, forms, what is refused, and who may do what."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from samples import actions, vocabulary
from samples.admin.terms.forms import state_of
from samples.models import Difficulty, Jurisdiction, SampleType, Topic
from samples.tests.factories import make_sample
from samples.tests.people import make_user
from samples.tests.seeding import seed

pytestmark = pytest.mark.django_db

TABLES = (Jurisdiction, Difficulty, SampleType, Topic)


@pytest.fixture(autouse=True)
def seeded():
    seed()


def url(table, name, *args):
    return reverse(f"admin:samples_{table._meta.model_name}_{name}", args=args)


def row_of(table, word):
    return table.objects.get(word=word)


def sent(client, table, word, /, **changes):
    """The form of the page as it came, with what a person changes in it."""
    page = url(table, "change", row_of(table, word).pk)
    form = client.get(page).context["adminform"].form
    data: dict[str, Any] = {}
    for bound in form:
        widget, value = bound.field.widget, bound.field.prepare_value(bound.initial)
        if hasattr(widget, "widgets"):
            parts = widget.decompress(bound.initial)
            data |= {
                f"{bound.name}_{key}": "" if part is None else part
                for key, part in zip(("least", "most"), parts, strict=True)
            }
        elif value not in (None, False):
            data[bound.name] = value
    return client.post(page, {name: value for name, value in (data | changes).items() if value is not None})


@pytest.mark.parametrize("table", TABLES)
def test_each_list_and_each_form_can_be_seen(admin_client, table):
    for row in (table.objects.first(), table.objects.last()):
        assert admin_client.get(url(table, "change", row.pk)).status_code == 200
    html = admin_client.get(url(table, "changelist")).content.decode()

    assert html.count('class="l-handle"') == table.objects.count()
    assert admin_client.get(url(table, "add")).status_code == 200


@pytest.mark.parametrize("table", TABLES)
def test_a_list_asks_no_more_when_it_grows(admin_client, django_assert_max_num_queries, table):
    with django_assert_max_num_queries(8):
        admin_client.get(url(table, "changelist"))


@pytest.mark.parametrize("table", TABLES)
def test_a_form_that_is_sent_back_as_it_came_changes_nothing(admin_client, table):
    before = vocabulary.everything()
    for row in table.objects.all():
        assert sent(admin_client, table, row.word).status_code == 302

    assert vocabulary.everything() == before
    assert not LogEntry.objects.exists()


def test_lines_and_bounds_are_saved_as_lists_and_numbers(admin_client):
    answer = sent(
        admin_client, SampleType, "case_analysis", sections="Facts\r\n\r\n Held ", words_least="100", words_most="200"
    )

    assert answer.status_code == 302
    kind = vocabulary.current().sample_type("case_analysis")
    assert (kind.sections, kind.words) == (("Facts", "Held"), (100, 200))
    assert "sections: Issue, Rule, Application, Conclusion → Facts, Held." in LogEntry.objects.get().change_message


def test_local_names_are_lines(admin_client):
    sent(admin_client, Topic, "Breach of Contract", local_names="scotland: Breach in Scots law")

    assert vocabulary.current().topic("Breach of Contract").name_in("scotland") == "Breach in Scots law"


@pytest.mark.parametrize(
    ("changes", "field", "told"),
    [
        ({"words_least": "300", "words_most": "200"}, "words", "Swap them"),
        ({"aliases": "simple_qa"}, "aliases", "Choose another"),
        ({"word": "Case Analysis"}, "word", "small letters"),
        ({"name": ""}, "name", "required"),
    ],
)
def test_what_is_wrong_is_shown_at_its_field(admin_client, changes, field, told):
    answer = sent(admin_client, SampleType, "case_analysis", **changes)

    assert told in " ".join(answer.context["adminform"].form.errors[field])


def test_what_the_action_refuses_is_shown_in_the_form(admin_client):
    SampleType.objects.exclude(word="simple_qa").update(enabled=False)

    answer = sent(admin_client, SampleType, "simple_qa", enabled=None)

    assert "Switch another one on" in " ".join(answer.context["adminform"].form.errors["enabled"])
    assert row_of(SampleType, "simple_qa").enabled


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(admin_client):
    row = row_of(SampleType, "simple_qa")
    stale = state_of(row)
    SampleType.objects.filter(pk=row.pk).update(name="Questions")

    answer = sent(admin_client, SampleType, "simple_qa", seen=stale, focus="Something else")

    assert "meanwhile" in " ".join(answer.context["adminform"].form.non_field_errors())
    assert row_of(SampleType, "simple_qa").name == "Questions"


def test_a_new_one_is_added_and_logged(admin_client):
    answer = admin_client.post(
        url(SampleType, "add"), {"name": "Moot", "word": "moot", "focus": "Arguing", "enabled": "on", "seen": ""}
    )

    assert answer.status_code == 302
    assert vocabulary.current().sample_types[-1].id == "moot"
    assert LogEntry.objects.get().object_repr == "Moot"


def test_a_row_is_switched_where_it_stands_and_back(admin_client):
    row = row_of(SampleType, "simple_qa")

    told = admin_client.post(url(SampleType, "switch"), {"id": row.pk, "enabled": "false"}).json()
    assert not row_of(SampleType, "simple_qa").enabled
    assert "not ordered any more" in told["message"]

    admin_client.post(told["undo"]["url"], {**told["undo"]["body"], "enabled": "true"})
    assert row_of(SampleType, "simple_qa").enabled


def test_who_switches_off_a_whole_is_told_of_its_parts(admin_client):
    actions.switch_term(Jurisdiction, row_of(Jurisdiction, "scotland").pk, False)
    body = {"id": row_of(Jurisdiction, "uk").pk, "enabled": "false"}
    told = admin_client.post(url(Jurisdiction, "switch"), body).json()["message"]
    assert told == (
        "United Kingdom is off: it and its parts (England and Wales, Northern Ireland) are not ordered any more."
    )


def test_a_row_is_moved_where_it_stands_and_back(admin_client):
    first, second = SampleType.objects.all()[:2]
    told = admin_client.post(url(SampleType, "move"), {"id": second.pk, "before": first.pk}).json()

    assert told["message"] == f"{second} moved above {first}."
    assert told["order"][:2] == [str(second.pk), str(first.pk)]
    back = admin_client.post(told["undo"]["url"], told["undo"]["body"]).json()
    assert back["order"][:2] == [str(first.pk), str(second.pk)]
    assert "back where it was" in back["message"]


def test_an_undo_after_somebody_elses_move_is_refused_with_the_order_of_now(admin_client):
    rows = list(SampleType.objects.all()[:3])
    told = admin_client.post(url(SampleType, "move"), {"id": rows[1].pk, "before": rows[0].pk}).json()
    admin_client.post(url(SampleType, "move"), {"id": rows[2].pk, "before": rows[0].pk})

    answer = admin_client.post(told["undo"]["url"], told["undo"]["body"])

    assert answer.status_code == 409
    assert answer.json()["redraw"]


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("move", {}, 400),
        ("move", {"id": "x", "before": "1"}, 400),
        ("move", {"id": "999999", "before": "1"}, 409),
        ("switch", {"id": "1"}, 400),
        ("switch", {"id": "999999", "enabled": "true"}, 409),
        ("switch", {"id": "1", "enabled": "true", "as": "fun"}, 400),
    ],
)
def test_what_a_page_asks_wrongly_is_refused_in_a_sentence(admin_client, name, body, status):
    body = {**body, "id": str(SampleType.objects.first().pk)} if body.get("id") == "1" else body
    answer = admin_client.post(url(SampleType, name), body)

    assert answer.status_code == status
    assert answer.json()["message"]


def test_what_has_samples_is_not_deleted_and_the_page_says_what_to_do(admin_client):
    make_sample(sample_type="simple_qa")
    row = row_of(SampleType, "simple_qa")

    page = admin_client.post(url(SampleType, "delete", row.pk), {"post": "yes"}, follow=True).content.decode()

    assert "Switch it off instead" in page
    assert row_of(SampleType, "simple_qa").enabled


def test_what_nothing_has_is_deleted(admin_client):
    admin_client.post(url(SampleType, "delete", row_of(SampleType, "simple_qa").pk), {"post": "yes"})

    assert not SampleType.objects.filter(word="simple_qa").exists()
    assert LogEntry.objects.get().object_repr


def test_who_may_only_look_changes_nothing(client):
    client.force_login(make_user("vera", "view_sampletype"))
    row = row_of(SampleType, "simple_qa")

    assert "l-handle" not in client.get(url(SampleType, "changelist")).content.decode()
    assert client.get(url(SampleType, "change", row.pk)).status_code == 200
    assert client.get(url(SampleType, "add")).status_code == 403
    assert client.post(url(SampleType, "switch"), {"id": row.pk, "enabled": "false"}).status_code == 403
    assert client.get(url(Topic, "changelist")).status_code == 403
    assert row_of(SampleType, "simple_qa").enabled


def test_the_form_previews_what_the_prompt_asks_for(admin_client):
    page = admin_client.get(url(SampleType, "change", row_of(SampleType, "case_analysis").pk)).content.decode()

    assert "Headings: Issue, Rule, Application, Conclusion." in page
    assert "Basic: 250 to 450 words" in page
