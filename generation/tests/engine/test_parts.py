"""The United Kingdom is planned as its three laws, each with the topics that it knows."""

from collections import Counter

import pytest

from generation.engine.planning.order import Order, check_order
from generation.engine.planning.plan import plan
from generation.engine.prompts import build_request
from samples.taxonomy import taxonomy

KNOWN = taxonomy()
PARTS = ("england_wales", "scotland", "northern_ireland")


def laws(count, **mix):
    return Counter(spec.jurisdiction for spec in plan(Order(count, **mix), KNOWN))


@pytest.mark.parametrize("word", ["uk", "UK", "United Kingdom", "great britain"])
def test_uk_spreads_over_its_parts_evenly(word):
    counts = laws(126 * 4, jurisdictions=(word,))
    assert set(counts) == set(PARTS)
    assert counts["england_wales"] == counts["northern_ireland"]  # what Scots law does not know is theirs
    assert 0 <= counts["england_wales"] - counts["scotland"] <= 16


@pytest.mark.parametrize("word", ["scotland", "Scots law"])
def test_a_part_can_be_asked_for_alone(word):
    assert set(laws(80, jurisdictions=(word,))) == {"scotland"}
    topics = {spec.topic for spec in plan(Order(80, jurisdictions=(word,)), KNOWN)}
    assert not topics & {"Leasehold vs Freehold", "Constructive Trusts"}


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 100])
def test_the_parts_take_turns_on_one_topic(count):
    counts = laws(count, topics=("Fraud",), sample_types=("simple_qa", "hypothetical", "case_study"))
    assert max(counts[part] for part in PARTS) - min(counts[part] for part in PARTS) <= 1


def test_each_part_meets_each_type_on_one_topic():
    types = ("simple_qa", "hypothetical", "case_study")
    specs = list(plan(Order(120, topics=("Fraud",), sample_types=types), KNOWN))
    assert len({(spec.jurisdiction, spec.sample_type) for spec in specs}) == 9


def test_a_topic_of_other_parts_alone_is_refused_with_its_home():
    problems = check_order(Order(1, jurisdictions=("scotland",), topics=("Constructive Trusts",)), KNOWN)
    assert "england_wales and northern_ireland" in problems["topics"]


@pytest.mark.parametrize("word", ["Child Custody", "child arrangements", "Residence and Contact"])
def test_a_topic_is_known_by_all_of_its_names(word):
    order = Order(3, topics=(word,))
    assert check_order(order, KNOWN) == {}
    assert {spec.topic for spec in plan(order, KNOWN)} == {"Child Arrangements"}


def test_a_part_calls_a_topic_by_its_own_name():
    order = Order(3, topics=("Easements and Covenants",), sample_types=("simple_qa",))
    told = {spec.jurisdiction: build_request(spec, KNOWN).messages[-1].content for spec in plan(order, KNOWN)}
    assert "Topic: Servitudes and Real Burdens" in told["scotland"]
    assert "Topic: Easements and Covenants" in told["england_wales"]


def test_the_seed_keeps_its_topics():
    assert len(KNOWN.topics) == 75
    assert all(KNOWN.homes(topic) for topic in KNOWN.topics)
