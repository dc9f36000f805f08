"""The budgets that cover rows, from values alone: whose they are, and when one is told to be nearly full."""

import pytest

from legalds.home.cards import Use
from providers.choices import LimitsScope, Pacing
from providers.configuration.entries import provider_entry
from providers.models import Model, Provider
from providers.routing.limits.amounts import NOTHING, Unit
from providers.routing.limits.budget import Bucket
from providers.routing.limits.window import DAY, MINUTE
from providers.routing.route import endpoint_of, shared_admission, shared_buckets
from providers.status.usage import Meter, route_of


def row(**columns) -> Provider:
    return Provider(id="groq", name="Groq", base_url="http://x", requests_per_minute=30, **columns)


def test_a_providers_own_budgets_are_those_of_all_its_models():
    assert shared_buckets(provider_entry(row())) == (Bucket("groq", Unit.REQUESTS, MINUTE, 30),)
    spread = row(pacing=Pacing.SMOOTH)
    assert shared_buckets(provider_entry(spread)) == (Bucket("groq", Unit.REQUESTS, MINUTE, 30, is_smooth=True),)
    model = Model(model_id="m", requests_per_day=9)
    assert route_of(model, row()).buckets == (
        *shared_buckets(provider_entry(row())),
        Bucket("groq/m", Unit.REQUESTS, DAY, 9),
    )


def test_where_limits_are_of_each_model_a_provider_has_no_budget_and_is_no_account():
    per_model = provider_entry(row(limits_scope=LimitsScope.MODEL, max_concurrency=3))
    asked = shared_admission(per_model, 7)
    assert (asked.scopes, asked.buckets, asked.ceilings, asked.account) == (("groq",), (), (3,), "")
    assert (asked.version, asked.is_test, asked.amounts) == (7, True, NOTHING)


def test_an_entry_made_of_a_row_alone_holds_no_key():
    assert endpoint_of(provider_entry(row())).api_key == ""


@pytest.mark.parametrize(("used", "is_nearly_full"), [(0, False), (90, False), (91, True), (100, True)])
def test_every_page_calls_a_limit_nearly_full_from_the_same_share_on(used, is_nearly_full):
    assert Use("Requests", used, 100).is_nearly_full is is_nearly_full
    assert (used > Meter(Bucket("groq", Unit.REQUESTS, MINUTE, 100)).high) is is_nearly_full
