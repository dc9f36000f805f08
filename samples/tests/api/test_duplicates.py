"""Samples that repeat others over the API: told, filtered, and left out of files unless they are asked for."""

import json

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from samples import actions
from samples.tests.actions.test_marking import stored
from samples.tests.people import make_user
from samples.tests.quality.duplicates.texts import clone, draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def samples():
    """Two that repeat none, then two that repeat the first of them."""
    found = [stored(text) for text in (draft(1), draft(2), draft(1), clone(draft(1)))]
    actions.mark_duplicates()
    return [sample.pk for sample in found]


@pytest.fixture
def client():
    api = APIClient()
    api.force_authenticate(make_user("ann", "view_sample"))
    return api


def listed(client, query):
    return sorted(sample["id"] for sample in client.get(f"/api/samples?{query}").json()["samples"])


def exported(client, query):
    body = b"".join(client.get(f"/api/samples/export?{query}").streaming_content)
    return [json.loads(line) for line in body.splitlines()]


def test_a_sample_tells_which_one_it_repeats(client, samples):
    assert client.get(f"/api/samples/{samples[2]}").json()["duplicate_of"] == samples[0]
    assert client.get(f"/api/samples/{samples[0]}").json()["duplicate_of"] is None


def test_lists_hold_all_and_can_be_narrowed(client, samples):
    assert listed(client, "") == listed(client, "duplicates=with") == samples
    assert listed(client, "duplicates=without") == samples[:2]
    assert listed(client, "duplicates=only") == listed(client, f"duplicate_of={samples[0]}") == samples[2:]


def test_what_is_no_choice_is_refused_with_the_choices(client, samples):
    told = client.get("/api/samples?duplicates=some").json()
    assert "Use one of: without, only, with" in str(told)


def test_files_leave_out_what_repeats_others_unless_it_is_asked_for(client, samples):
    assert [row["id"] for row in exported(client, "")] == samples[:2]
    assert [row["id"] for row in exported(client, "duplicates=with")] == samples
    assert [row["duplicate_of"] for row in exported(client, "duplicates=only")] == [samples[0]] * 2
    assert len(exported(client, f"duplicate_of={samples[0]}")) == 2


def test_the_command_does_as_the_api(samples, capsys):
    call_command("export_samples", output="-")
    assert len(capsys.readouterr().out.splitlines()) == 2
    call_command("export_samples", output="-", duplicates="with")
    assert len(capsys.readouterr().out.splitlines()) == 4
