"""What will become of batches and limits, read from configuration, shared store and ledger."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from generation.actions.batch_forecasts import forecast_batches
from generation.actions.limit_forecasts import forecast_limits, limits_by_provider
from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.factories import make_attempts, use_limits
from providers.calling import shared_store
from providers.routing.admission import StoreUnavailable
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]
HOUR_S = 3_600


def make_batch(**fields):
    return Batch.objects.create(**{"count": 100, "seed": 1, "status": BatchStatus.RUNNING, **fields})


def in_hours(moment):
    return (moment - timezone.now()).total_seconds() / HOUR_S


def test_a_batch_is_done_when_what_was_used_is_there_again():
    make_provider("p0", models=1, requires_key=False, requests_per_minute=60, requests_per_day=100)
    use_limits(100)
    batch = make_batch(count=10)
    told = forecast_batches()[batch.pk]
    assert in_hours(told.done_at) == pytest.approx(23, abs=0.5)
    assert told.limited_by == "100 requests per day of P0"


def test_batches_share_limits_and_the_urgent_one_is_done_first():
    make_provider("p0", models=1, requires_key=False, requests_per_minute=60)
    slow, fast = make_batch(count=3_600), make_batch(count=1_800, urgency=2)
    told = forecast_batches()
    assert in_hours(told[fast.pk].done_at) == pytest.approx(0.55, abs=0.1)
    assert in_hours(told[slow.pk].done_at) == pytest.approx(1.65, abs=0.2)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": BatchStatus.STOPPED},
        {"generated": 100},
        {"status": BatchStatus.PAUSED, "needs_tokens": 5, "needs_cost": 0},
    ],
)
def test_of_a_batch_that_does_not_go_on_by_itself_no_end_is_told(fields):
    make_provider("p0", models=1, requires_key=False)
    assert make_batch(**fields).pk not in forecast_batches()


def test_with_the_store_away_nothing_is_foretold(monkeypatch):
    make_provider("p0", models=1, requires_key=False, requests_per_day=100)
    make_batch()

    def away(*_):
        raise StoreUnavailable("away")

    monkeypatch.setattr(shared_store, "look", away)
    monkeypatch.setattr(shared_store, "uses", away)
    assert (forecast_batches(), forecast_limits()) == ({}, [])


def test_a_limit_tells_what_is_left_when_it_is_used_up_and_when_it_comes_back():
    make_provider("groq", models=["llama"], requires_key=False, requests_per_minute=60, requests_per_day=100)
    use_limits(40)
    make_attempts(make_batch(), 30, started_at=timezone.now() - timedelta(minutes=1))
    (told,) = limits_by_provider()["groq"]
    assert (told.left, told.per_minute, told.back) == (60, 6, 40)
    assert in_hours(told.used_up_at) == pytest.approx(10 / 60, abs=0.01)
    assert in_hours(told.back_at) == pytest.approx(23, abs=0.3)
    assert [limit.window for limit in forecast_limits()] == ["minute", "day"]


def test_providers_that_are_off_have_no_forecast():
    make_provider("p0", models=1, requires_key=False, requests_per_day=100, enabled=False)
    assert forecast_limits() == []


def test_a_providers_page_tells_what_is_left(admin_client):
    make_provider("p0", models=1, requires_key=False, requests_per_day=100)
    use_limits(40)
    for address in (
        reverse("admin:providers_provider_change", args=["p0"]),
        reverse("admin:generation_batch_limits_ahead", args=["p0"]),
        reverse("admin:index"),
    ):
        assert "60 requests" in admin_client.get(address).content.decode()
