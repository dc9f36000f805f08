"""What a batch is short of, in words."""

import pytest

from generation.engine.shortfall import Reason, Shortfall


def reason(name, items):
    return Reason(name.lower(), name, items, items * 2, 1, "it has 3 words")


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ((), "18 of 20 samples made, 4 short"),
        ((reason("Words", 4),), "18 of 20 samples made, 4 short: words"),
        ((reason("Words", 4), reason("Filler", 1)), "18 of 20 samples made, 4 short: mostly words"),
        (
            (reason("Words", 3), reason("Filler", 2), reason("Refusal", 1)),
            "18 of 20 samples made, 4 short: mostly words and filler",
        ),
        (tuple(reason(name, 1) for name in "ABCD"), "18 of 20 samples made, 4 short, for many reasons"),
    ],
    ids=["none", "one", "mostly one", "mostly two", "many"],
)
def test_the_commonest_reasons_are_named(reasons, words):
    assert Shortfall(20, 18, 4, 4, reasons).words == words


def test_what_is_common_among_those_that_were_counted_is_common():
    told = Shortfall(20_000, 0, 20_000, 5_000, (reason("Words", 4_000), reason("Filler", 1_000)))
    assert told.words == "0 of 20,000 samples made, 20,000 short: mostly words"
