"""What will become of limits and batches, over the API."""

import pytest

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.factories import use_limits
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def test_limits_and_batches_are_told(api):
    make_provider("p0", models=1, requires_key=False, requests_per_day=100)
    use_limits(40)
    batch = Batch.objects.create(count=100, seed=1, status=BatchStatus.RUNNING)
    told = api.get("/api/forecast").json()
    (limit,), (listed,) = told["limits"], told["batches"]
    assert (limit["provider"], limit["scope"], limit["unit"], limit["left"]) == ("p0", "p0", "requests", 60)
    assert (limit["back"], limit["back_at"]) == (40, limit["whole_at"])
    assert listed["batch"] == batch.pk
    one = api.get(f"/api/batches/{batch.pk}").json()["forecast"]
    assert one == {name: listed[name] for name in ("done_at", "seconds_left", "limited_by")}


def test_money_is_told_in_its_own_units(api):
    limit = {"unit": "money", "amount": 2.5, "window": "1 day"}
    make_provider("p0", models=1, requires_key=False, limits=[limit])
    (told,) = api.get("/api/forecast").json()["limits"]
    assert (told["limit"], told["left"]) == (2.5, 2.5)


def test_nobody_is_told_without_a_token(client):
    assert client.get("/api/forecast").status_code == 401
