"""docs/quality.md says of the rules what they say of themselves."""

from samples.quality.checking import RULES
from tools.quality_docs import TARGET, block, document


def test_the_page_is_as_the_rules_are():
    assert TARGET.read_text(encoding="utf-8") == document(RULES), "run: python -m tools.quality_docs"


def test_an_example_that_is_too_long_is_cut_in_its_middle():
    shown = block("begin " + "x" * 2_000 + " end")
    assert shown.startswith("    begin")
    assert shown.endswith("end")
    assert len(shown) < 500
