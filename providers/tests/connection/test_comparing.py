"""The daily comparison with a vendor: whom it asks, whom it leaves alone, and what is remembered of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from providers import actions
from providers.connection.comparing import EVERY, compare, compare_in_turn
from providers.llm.errors import ErrorKind
from providers.models import Provider, VendorList
from providers.sandbox.thread import RunningSandbox
from providers.tests.calling.store.scripted_store import fail, hold
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
KEY = "sk-planted-0123456789"
TOMORROW = timezone.now() + EVERY + timedelta(minutes=5)


@pytest.fixture
def served(sandbox: RunningSandbox) -> RunningSandbox:
    make_provider("served", models=["good", "gone"], base_url=sandbox.url, requests_per_minute=3)
    actions.set_secrets("served", api_key=KEY)
    return sandbox


def asked(served):
    return compare(TOMORROW) is not None or served.calls != []


def test_a_vendor_is_asked_once_a_day_and_its_list_is_remembered_without_a_word(served):
    found = compare(TOMORROW)
    assert found is not None
    assert (found.pk, VendorList.objects.get().provider_id) == ("served", "served")
    told = VendorList.objects.get()
    assert "good" in told.model_ids
    assert told.seen_ids == told.model_ids
    VendorList.objects.update(asked_at=TOMORROW)
    assert compare(TOMORROW) is None
    assert compare(TOMORROW + EVERY + timedelta(minutes=1)) is not None


def test_one_that_is_younger_than_a_day_is_left_alone(served):
    assert compare(timezone.now()) is None
    assert served.calls == []


@pytest.mark.parametrize("how", ["no key", "off", "suspended", "held"])
def test_who_has_no_key_is_off_or_suspended_is_not_asked(served, how):
    if how == "no key":
        actions.set_secrets("served", api_key=None)
    elif how == "off":
        actions.set_provider_enabled("served", False)
    elif how == "suspended":
        fail("served", "auth: revoked", kind=ErrorKind.AUTH)
    else:
        hold("served", 60, "429")
    assert not asked(served)


def test_its_call_counts_and_none_leaves_over_the_limit(served):
    actions.update_provider("served", {"requests_per_minute": 1})
    assert compare(TOMORROW) is not None
    VendorList.objects.update(asked_at=timezone.now() - EVERY)
    before = VendorList.objects.get().answered_at
    assert compare(TOMORROW) is not None
    assert VendorList.objects.get().answered_at == before


def test_one_that_fails_is_left_until_the_next_day_and_its_list_stays(served):
    compare(TOMORROW)
    known = VendorList.objects.get().model_ids
    served.state.set_behaviour("401", key=KEY)
    VendorList.objects.update(asked_at=timezone.now() - EVERY)
    assert compare(TOMORROW) is not None
    after = VendorList.objects.get()
    assert after.model_ids == known
    assert after.asked_at > timezone.now() - timedelta(minutes=5)


def test_the_one_that_was_not_asked_for_the_longest_comes_first(served, sandbox):
    make_provider("never", base_url=sandbox.url, requires_key=False)
    actions.note_list("served", sandbox.url, ["good"], is_seen=True)
    found = compare(TOMORROW + EVERY)
    assert found is not None
    assert found.pk == "never"


def test_there_is_one_turn_for_all_workers(served):
    Provider.objects.update(created_at=timezone.now() - 2 * EVERY)
    for _ in range(3):
        compare_in_turn()
    assert VendorList.objects.count() == 1
    VendorList.objects.all().delete()
    compare_in_turn()
    assert not VendorList.objects.exists()


def test_without_redis_nobody_is_asked(served, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    compare_in_turn()
    assert served.calls == []
