"""The spread that is shown before a batch starts is the one that its plan has."""

from collections import Counter

import pytest

from generation.engine.estimates.spread import spread
from generation.engine.planning.order import Order
from generation.engine.planning.plan import plan
from legalds.tests.effort import calls_in
from samples.taxonomy import taxonomy

MIXES = [
    {},
    {"jurisdictions": ("uk", "eu")},
    {"jurisdictions": ("us",), "difficulties": ("basic", "expert")},
    {"topics": ("Fraud", "Breach of Contract"), "sample_types": ("simple_qa", "case_study", "educational")},
    {"difficulties": ("basic", "advanced", "expert"), "sample_types": ("hypothetical",)},
]


def told(shares):
    return {share.id: share.count for share in shares}


@pytest.mark.parametrize("mix", MIXES)
@pytest.mark.parametrize("count", [1, 7, 75, 301, 2_000])
@pytest.mark.parametrize("seed", [0, 123])
def test_the_spread_counts_what_the_plan_holds(mix, count, seed):
    order = Order(count, seed=seed, **mix)
    specs, shown = list(plan(order, taxonomy())), spread(order, taxonomy())
    assert told(shown.jurisdictions) == Counter(spec.jurisdiction for spec in specs)
    assert told(shown.difficulties) == Counter(spec.difficulty for spec in specs)
    assert told(shown.sample_types) == Counter(spec.sample_type for spec in specs)
    topics = Counter(spec.topic for spec in specs)
    assert (shown.topics, shown.fewest_per_topic, shown.most_per_topic) == (
        len(topics),
        min(topics.values()),
        max(topics.values()),
    )


def test_ten_million_samples_are_spread_at_once():
    shown = spread(Order(10_000_000, seed=5), taxonomy())
    assert calls_in(lambda: spread(Order(10_000_000, seed=5), taxonomy())) < 200_000
    assert sum(share.count for share in shown.jurisdictions) == 10_000_000


def test_topics_that_the_jurisdictions_exclude_are_named_and_left_out():
    shown = spread(Order(10, jurisdictions=("us",), topics=("Fraud", "Breach of Contract", "Due Process")), taxonomy())
    assert shown.left_out == ("Breach of Contract", "Fraud")
    assert shown.topics == 1


def test_nothing_is_spread_where_no_topic_is_left():
    with pytest.raises(ValueError, match="No topic"):
        spread(Order(10, jurisdictions=("us",), topics=("Fraud",)), taxonomy())
