"""Limits as rows: taken from outside, kept, told in the trail, and known to every route."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from providers import actions
from providers.actions import limits
from providers.configuration import limit_lists, snapshot
from providers.models import ConfigurationChange, ConfigurationVersion, Limit
from providers.routing.config import LimitScope
from providers.routing.limits.amounts import Unit
from providers.routing.limits.budget import EVERYTHING
from providers.routing.route import chain
from providers.tests.factories import make_provider, pk_of

pytestmark = pytest.mark.django_db
A_DAY = {"unit": "tokens", "amount": 200_000, "window": "1 day"}
MIDNIGHT = {"unit": "requests", "amount": 50, "window": "1 day", "time_zone": "America/Los_Angeles"}
MONTHLY = {"unit": "money", "amount": 2.5, "window": "1 month", "time_zone": "UTC"}


def named(route):
    return [bucket.name for bucket in route.buckets]


def routes():
    return {route.key: route for route in chain(snapshot.load())}


def refused(values, scopes=(LimitScope.ACCOUNT, LimitScope.MODEL)):
    with pytest.raises(ValidationError) as refusal:
        limit_lists.read(values, scopes)
    return " ".join(refusal.value.message_dict["limits"])


def test_limits_of_account_model_and_installation_cover_every_call():
    make_provider("groq", models=["a", "b"], requests_per_minute=30, requires_key=False)
    actions.update_provider("groq", {"limits": [A_DAY, {**MIDNIGHT, "scope": "model"}]})
    actions.update_model(pk_of("groq", "b"), {"limits": [{**MIDNIGHT, "amount": 7}]})
    limits.set_installation_limits([{**A_DAY, "amount": 9_000_000}])
    midnight = "requests:day@America/Los_Angeles"
    assert named(routes()["groq/a"]) == [
        f"{EVERYTHING}:tokens:86400",
        "groq:requests:60",
        "groq:tokens:86400",
        f"groq/a:{midnight}",
    ]
    assert [(bucket.name, bucket.limit) for bucket in routes()["groq/b"].buckets][-1] == (f"groq/b:{midnight}", 7)


A_MINUTE = {"unit": "requests", "amount": 10, "window": "1 minute"}


def test_requests_per_minute_of_each_model_is_another_limit_than_those_of_their_account():
    make_provider("groq", models=["a"], requests_per_minute=30, requires_key=False)
    actions.update_provider("groq", {"limits": [{**A_MINUTE, "scope": "model"}]})
    buckets = [(bucket.name, bucket.limit) for bucket in routes()["groq/a"].buckets]
    assert buckets == [("groq:requests:60", 30), ("groq/a:requests:60", 10)]


@pytest.mark.parametrize(("before", "after"), [("account", "model"), ("model", "account")])
def test_a_scope_with_which_a_limit_of_the_list_is_one_that_has_a_column_is_refused(before, after):
    make_provider("groq", models=["a"], requests_per_minute=30, limits_scope=before)
    actions.update_provider("groq", {"limits": [{**A_MINUTE, "scope": after}]})
    with pytest.raises(ValidationError, match="requests_per_minute sets the limit '10 requests per minute") as refusal:
        actions.update_provider("groq", {"limits_scope": after})
    assert list(refusal.value.message_dict) == ["limits_scope"]
    actions.update_provider("groq", {"limits_scope": after, "limits": []})


def test_a_limit_in_money_keeps_what_has_no_price_out_of_every_chain():
    make_provider("groq", models=["priced", "unknown"], requires_key=False)
    actions.update_model(pk_of("groq", "priced"), {"input_price": 1, "output_price": 2})
    actions.update_provider("groq", {"limits": [MONTHLY]})
    assert set(routes()) == {"groq/priced"}
    assert routes()["groq/priced"].buckets[0].limit == 2_500_000


def test_the_list_replaces_what_was_and_a_change_of_nothing_is_none():
    make_provider("groq")
    actions.update_provider("groq", {"limits": [A_DAY, MIDNIGHT]})
    rows, version = set(Limit.objects.values_list("pk", flat=True)), ConfigurationVersion.objects.get().version
    actions.update_provider("groq", {"limits": [MIDNIGHT, A_DAY]})
    assert set(Limit.objects.values_list("pk", flat=True)) == rows
    actions.update_provider("groq", {"name": "Groq 2"})
    assert Limit.objects.count() == 2
    actions.update_provider("groq", {"limits": []})
    assert not Limit.objects.exists()
    assert ConfigurationVersion.objects.get().version > version


def test_the_trail_tells_limits_in_words():
    make_provider("groq")
    actions.update_provider("groq", {"limits": [A_DAY]})
    limits.set_installation_limits([MONTHLY])
    overall, own = ConfigurationChange.objects.all()[:2]
    assert own.details == [{"field": "limits", "from": [], "to": ["200,000 tokens per day"]}]
    assert overall.details[0]["to"] == ["2.50 US dollars per month in UTC"]
    actions.delete_provider("groq")
    assert {"field": "limits", "from": ["200,000 tokens per day"], "to": None} in ConfigurationChange.objects.all()[
        0
    ].details


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("30 a minute", "Give a list of limits"),
        ([{**A_DAY, "unit": "gpu"}], "'gpu' is no unit here. Choose one of: requests, tokens"),
        ([{**A_DAY, "amount": 0}], "Give an amount above 0"),
        ([{**A_DAY, "amount": True}], "Give an amount above 0"),
        ([{**A_DAY, "amount": 1.5}], "Give a whole number"),
        ([{**MONTHLY, "amount": 0.0000001}], "at most 6 decimal places"),
        ([{**A_DAY, "window": "soon"}], "such as 5 hours"),
        ([{**A_DAY, "window": "0 days"}], "at least 1 second"),
        ([{**A_DAY, "window": "500 weeks"}], "12 months at most"),
        ([{**A_DAY, "window": "2 days", "time_zone": "UTC"}], "1 day, 1 week or 1 month"),
        ([{**A_DAY, "time_zone": "Mars"}], "There is no time zone 'Mars'"),
        ([{**A_DAY, "time_zone": False}], "time_zone as text or null"),
        ([{**A_DAY, "amount": 10**400}], "Give an amount above 0"),
        ([{**A_DAY, "scope": "installation"}], "'installation' is no scope here"),
        ([{**A_DAY, "per": "day"}], "Unknown field 'per'"),
        ([{"unit": "requests", "amount": 30, "window": "60 seconds"}], "Set requests_per_minute instead"),
        ([{"unit": "requests", "amount": 30, "window": "24 hours"}], "Set requests_per_day instead"),
        ([A_DAY, {**A_DAY, "amount": 1, "window": "24 hours"}], "Limit 2: there are two limits on tokens per 24 hours"),
        ([A_DAY] * 13, "at most 12"),
    ],
)
def test_what_is_no_limit_is_refused_with_its_remedy(value, words):
    assert words in refused(value)


def test_nothing_is_written_where_one_of_them_is_wrong():
    make_provider("groq")
    with pytest.raises(ValidationError, match="Limit 2"):
        actions.update_provider("groq", {"name": "Other", "limits": [A_DAY, {**A_DAY, "unit": "x"}]})
    assert not Limit.objects.exists()


def test_what_is_read_can_be_written_and_read_again():
    scopes = (LimitScope.ACCOUNT, LimitScope.MODEL)
    entries = limit_lists.read([A_DAY, MIDNIGHT, MONTHLY, {**A_DAY, "unit": "uncached", "window": "5 hours"}], scopes)
    assert limit_lists.read([limit_lists.written(entry) for entry in entries], scopes) == entries
    assert entries[2].amount == 2_500_000
    assert entries[3].unit is Unit.UNCACHED


def test_the_database_refuses_a_limit_of_nobody():
    with pytest.raises(IntegrityError), transaction.atomic():
        Limit.objects.create(scope="model", unit="tokens", amount=1, window_span="day")
