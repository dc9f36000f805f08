"""``manage.py forecast``."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils.dateparse import parse_datetime

from generation.choices import BatchStatus
from generation.models import Batch
from generation.tests.factories import use_limits
from providers.tests.factories import make_provider

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_redis")]


def run(*arguments):
    out = StringIO()
    call_command("forecast", *arguments, stdout=out)
    return out.getvalue()


def test_it_tells_limits_and_batches_in_words():
    make_provider("p0", models=1, requires_key=False, requests_per_minute=60, requests_per_day=100)
    use_limits(40)
    batch = Batch.objects.create(count=100, seed=1, status=BatchStatus.RUNNING)
    head, limit, _, _, told = run().splitlines()
    assert head.split()[:2] == ["PROVIDER", "LIMIT"]
    assert limit.startswith("p0        100 requests per day  60 requests  not at this pace  all 20")
    assert told.split()[0] == str(batch.pk)
    assert parse_datetime(told.split()[1]).tzinfo
    assert "60 requests per minute" in run("--all")


def test_with_nothing_to_tell_it_says_so():
    assert run().splitlines() == ["No limit to tell of, or Redis is away.", "", "No batch is at work."]


def test_it_prints_json_of_one_provider():
    for provider in ("p0", "p1"):
        make_provider(provider, models=1, requires_key=False, requests_per_day=100)
    told = json.loads(run("--provider", "p1", "--json"))
    assert [limit["provider"] for limit in told["limits"]] == ["p1"]


def test_a_provider_that_is_not_there_is_refused_with_those_that_are():
    make_provider("p0", models=1, requires_key=False)
    with pytest.raises(CommandError, match="no provider 'nope'") as refused:
        run("--provider", "nope")
    assert refused.value.returncode == 2
