"""Which budgets cover a call, where limits count the same."""

from providers.routing.config import LimitEntry, Limits, LimitScope, ModelEntry, ProviderEntry
from providers.routing.limits.amounts import Unit
from providers.routing.limits.window import MINUTE
from providers.routing.route import Route

TEN = LimitEntry(LimitScope.MODEL, Unit.REQUESTS, 10, MINUTE)


def limits_of(provider_rpm, *rows, model_rpm=None):
    limits = Limits(requests_per_minute=provider_rpm, others=rows)
    provider = ProviderEntry("a", "A", "openai", "", limits=limits, limits_are_per_model=True)
    route = Route(provider, ModelEntry("m", limits=Limits(requests_per_minute=model_rpm)))
    return [bucket.limit for bucket in route.buckets]


def test_of_two_limits_that_a_provider_gives_each_model_the_lower_one_holds():
    assert (limits_of(5, TEN), limits_of(30, TEN)) == ([5], [10])


def test_a_models_own_limit_stands_in_for_either():
    assert limits_of(5, TEN, model_rpm=20) == [20]
