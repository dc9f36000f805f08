from dataclasses import replace
from decimal import Decimal

import pytest

from providers.llm.errors import ErrorKind
from providers.routing.config import ModelEntry, ProviderEntry, Snapshot
from providers.routing.report import Suspicion
from providers.routing.route import RouteChoice, chain
from providers.routing.tried_routes import TriedRoutes


def provider(name, *models, **fields):
    entries = tuple(map(ModelEntry, models))
    return ProviderEntry(name, name, "openai", "http://x", api_key="k", models=entries, **fields)


def snapshot(*providers):
    return Snapshot(1, providers)


def keys(routes):
    return [route.key for route in routes]


TWO = snapshot(provider("a", "a1", "a2", "a3"), provider("b", "b1", "b2"))


def after(*kinds_by_key):
    by_key = {route.key: route for route in chain(TWO)}
    tried = TriedRoutes()
    for key, kind in kinds_by_key:
        tried = tried.after(by_key[key], kind)
    return tried


def test_chain_starts_with_the_champion_then_goes_by_priority():
    champion = snapshot(provider("a", "a1", "a2", "a3", champion_model="a3", default_model="a2"))
    assert keys(chain(champion)) == ["a/a3", "a/a1", "a/a2"]


def test_chain_starts_with_the_default_where_the_champion_is_off():
    models = (ModelEntry("a1"), ModelEntry("a2"), ModelEntry("a3", enabled=False))
    entry = ProviderEntry("a", "a", "openai", "http://x", api_key="k", champion_model="a3", models=models)
    assert keys(chain(snapshot(replace(entry, default_model="a2")))) == ["a/a2", "a/a1"]


def test_chain_leaves_out_providers_that_are_off_or_have_no_key():
    off = provider("off", "m", enabled=False)
    keyless = ProviderEntry("keyless", "k", "openai", "http://x", models=(ModelEntry("m"),))
    local = ProviderEntry("local", "l", "openai", "http://x", requires_key=False, models=(ModelEntry("m"),))
    assert keys(chain(snapshot(off, keyless, local))) == ["local/m"]


def test_chain_puts_the_provider_asked_for_first_and_keeps_the_others_behind():
    assert keys(chain(TWO, RouteChoice("b"))) == ["b/b1", "b/b2", "a/a1", "a/a2", "a/a3"]


def test_chain_puts_the_model_asked_for_first():
    assert keys(chain(TWO, RouteChoice("a", "a2")))[:3] == ["a/a2", "a/a1", "a/a3"]
    assert keys(chain(TWO, RouteChoice(None, "b2")))[:2] == ["b/b2", "b/b1"]


def test_under_a_cap_in_money_the_chain_is_of_models_with_both_prices():
    models = (
        ModelEntry("free", input_price=Decimal(0), output_price=Decimal(0)),
        ModelEntry("half", input_price=Decimal(1)),
        ModelEntry("unknown"),
    )
    entry = ProviderEntry("a", "a", "openai", "http://x", api_key="k", models=models)
    assert keys(chain(snapshot(entry), RouteChoice("a", "half", priced_only=True))) == ["a/free"]


def test_after_an_outage_the_providers_next_model_comes_first():
    assert keys(after(("a/a1", ErrorKind.SERVER)).next_routes(chain(TWO))) == ["a/a2", "a/a3", "a/a1", "b/b1", "b/b2"]


def test_an_outage_of_a_providers_only_model_is_asked_again_before_the_next_provider():
    lone = snapshot(provider("a", "a1"), provider("b", "b1"))
    tried = TriedRoutes().after(chain(lone)[0], ErrorKind.TIMEOUT)
    assert keys(tried.next_routes(chain(lone))) == ["a/a1", "b/b1"]


def test_two_outages_at_one_provider_move_on_to_the_next_provider():
    tried = after(("a/a1", ErrorKind.SERVER), ("a/a1", ErrorKind.TIMEOUT))
    assert keys(tried.next_routes(chain(TWO))) == ["b/b1", "b/b2"]


def test_an_unknown_model_moves_on_to_the_next_model():
    assert keys(after(("a/a1", ErrorKind.NOT_FOUND)).next_routes(chain(TWO)))[0] == "a/a2"


def test_a_refused_key_rules_the_whole_provider_out():
    assert keys(after(("a/a1", ErrorKind.AUTH)).next_routes(chain(TWO))) == ["b/b1", "b/b2"]


def test_a_wrong_answer_is_asked_again_once_then_the_next_model_is():
    once = after(("a/a1", ErrorKind.BAD_OUTPUT))
    twice = after(("a/a1", ErrorKind.BAD_OUTPUT), ("a/a1", ErrorKind.BAD_OUTPUT))
    assert keys(once.next_routes(chain(TWO)))[0] == "a/a1"
    assert keys(twice.next_routes(chain(TWO)))[0] == "a/a2"


def test_only_faults_of_the_item_count_against_it():
    tried = after(("a/a1", ErrorKind.SERVER), ("b/b1", ErrorKind.BAD_OUTPUT), ("b/b2", ErrorKind.CONTENT_REFUSED))
    assert tried.faults == 2


def test_a_refusal_counts_against_the_item_at_once_only_where_others_pass():
    route = chain(TWO)[0]
    assert TriedRoutes().after(route, ErrorKind.BAD_REQUEST).faults == 0
    assert TriedRoutes().after(route, ErrorKind.BAD_REQUEST, Suspicion.SURE).faults == 1


def test_what_every_route_refuses_counts_once():
    tried = after(*((route.key, ErrorKind.BAD_REQUEST) for route in chain(TWO)))
    assert tried.begun_again(is_last_round=False).faults == 1


@pytest.mark.parametrize(
    ("own", "is_last_round", "faults"),
    [
        (Suspicion.NONE, True, 0),
        (Suspicion.LIKELY, False, 0),
        (Suspicion.LIKELY, True, 1),
        (Suspicion.SURE, False, 1),
        (Suspicion.SURE, True, 1),
    ],
)
def test_an_outage_that_the_item_alone_meets_counts_once_a_round(own, is_last_round, faults):
    route = chain(TWO)[0]
    tried = TriedRoutes().after(route, ErrorKind.SERVER, own).after(route, ErrorKind.SERVER, own)
    assert tried.begun_again(is_last_round=is_last_round) == TriedRoutes(faults=faults)


def test_a_model_that_vanishes_neither_skips_nor_repeats_a_route():
    tried = after(("a/a1", ErrorKind.NOT_FOUND))
    shrunk = snapshot(provider("a", "a2", "a3"))
    assert keys(tried.next_routes(chain(shrunk))) == ["a/a2", "a/a3"]
