"""The marks that models and their templates put around thinking."""

import re
from collections.abc import Iterator

_WORD = (
    r"(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflect(?:ion)?|analysis|scratch_?pad|plan(?:ning)?|monologue"
    r"|details|cot)"
)
_TAG = rf"(?:\w{{1,12}}[:_])?{_WORD}"
# ``final``: the answer starts here, whatever came before. ``maybe``: an end of thinking only where thinking goes on.
# ``block``: thinking in a fence of its own.
MARK = re.compile(
    rf"""
    (?P<final><\|channel\|>\s*final\b(?:[^<]{{0,40}}<\|message\|>)?|assistantfinal
        |<\|(?:begin_of_solution|start_response)\|>
        |<(?:final_?)?(?:answer|output|response|result)>(?=\s*(?:```\w*\s*)?[{{\["]))
    | (?P<block>```{_WORD}\s*\n[\s\S]*?```)
    | (?P<maybe><\|(?:end|start|return)\|>)
    | (?P<close></{_TAG}\s*>|\[/think(?:ing)?\]|<\|/{_TAG}\|>|<\|end_?(?:of_?)?{_WORD}\|>|\u25c1/{_TAG}\u25b7)
    | (?P<open><{_TAG}(?:\s[^<>]{{0,80}})?>)
    | (?P<token>\[think(?:ing)?\]|<\|(?:(?:begin|start)_?(?:of_?)?)?{_WORD}\|>|\u25c1{_TAG}\u25b7
        |<\|channel\|>\s*analysis\b(?:[^<]{{0,40}}<\|message\|>)?)
    """,
    re.IGNORECASE | re.VERBOSE,
)
BEGINNINGS = ("<", "```", "\u25c1", "[think", "[/think", "assistantfinal")
"""What every mark begins with."""


def marks(text: str) -> Iterator[re.Match[str]]:
    """In order. Most texts hold none, which their beginnings tell at a fraction of the cost."""
    lowered = text.lower()
    return MARK.finditer(text) if any(beginning in lowered for beginning in BEGINNINGS) else iter(())


def holds_thinking(text: str) -> bool:
    """Whether thinking stands in the text itself; a single tag in the middle is a word about it."""
    found = list(marks(text))
    return len(found) > 1 or (bool(found) and found[0].start() == 0)
