"""What one process hears of limits, and tells on."""

from dataclasses import replace

from providers.calling.told_limits import Told, ToldLimits
from providers.llm.types import LimitFact
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.route import Route

PROVIDER = ProviderEntry("a", "A", "openai", "http://127.0.0.1", api_key="one")
ROUTE = Route(PROVIDER, ModelEntry("m"))
RPM = LimitFact("requests", 60, 30, remaining=29)


def heard(*calls) -> list[Told]:
    told_limits = ToldLimits()
    for route, *facts in calls:
        told_limits.hear(route, facts)
    return told_limits.news


def test_a_limit_is_told_on_once():
    assert heard((ROUTE, RPM), (ROUTE, replace(RPM, remaining=3))) == [
        Told("a", "m", "openai", "http://127.0.0.1", "requests", 60, 30, "headers")
    ]


def test_another_amount_and_another_key_are_news():
    rotated = Route(replace(PROVIDER, api_key="two"), ModelEntry("m"))
    told = heard((ROUTE, RPM), (ROUTE, replace(RPM, limit=20)), (rotated, replace(RPM, limit=20)))
    assert [each.amount for each in told] == [30, 20, 20]


def test_what_names_no_amount_or_no_window_is_not_told_on():
    assert heard((ROUTE, replace(RPM, limit=None), replace(RPM, window_s=None))) == []
