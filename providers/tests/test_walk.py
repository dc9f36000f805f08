from dataclasses import replace

from providers.llm.errors import ErrorKind
from providers.routing.config import ModelEntry, ProviderEntry, Snapshot
from providers.routing.route import RouteChoice, chain
from providers.routing.walk import Trail


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
    trail = Trail()
    for key, kind in kinds_by_key:
        trail = trail.after(by_key[key], kind)
    return trail


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


def test_after_an_outage_the_providers_next_model_comes_first():
    assert keys(after(("a/a1", ErrorKind.SERVER)).next_routes(chain(TWO))) == ["a/a2", "a/a3", "a/a1", "b/b1", "b/b2"]


def test_an_outage_of_a_providers_only_model_is_asked_again_before_the_next_provider():
    lone = snapshot(provider("a", "a1"), provider("b", "b1"))
    trail = Trail().after(chain(lone)[0], ErrorKind.TIMEOUT)
    assert keys(trail.next_routes(chain(lone))) == ["a/a1", "b/b1"]


def test_two_outages_at_one_provider_move_on_to_the_next_provider():
    trail = after(("a/a1", ErrorKind.SERVER), ("a/a1", ErrorKind.TIMEOUT))
    assert keys(trail.next_routes(chain(TWO))) == ["b/b1", "b/b2"]


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
    trail = after(("a/a1", ErrorKind.SERVER), ("b/b1", ErrorKind.BAD_OUTPUT), ("b/b2", ErrorKind.CONTEXT_LENGTH))
    assert trail.faults == 2


def test_a_model_that_vanishes_meanwhile_neither_skips_nor_repeats_a_route():
    trail = after(("a/a1", ErrorKind.NOT_FOUND))
    shrunk = snapshot(provider("a", "a2", "a3"))
    assert keys(trail.next_routes(chain(shrunk))) == ["a/a2", "a/a3"]
