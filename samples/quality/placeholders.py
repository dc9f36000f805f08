"""Text that holds the place of an answer: words for nothing, instructions to fill in, filler."""

import re

from samples.quality.text import FIELDS

CHARS_MAX = 300

_WORDS = frozenset(
    {"na", "none", "null", "nil", "nan", "undefined", "unknown", "empty", "blank", "true", "false", "string", "str"}
    | {"text", "tbd", "tbc", "tba", "todo", "fixme", "xxx", "placeholder", "pending", "notapplicable", "notavailable"}
    | {"comingsoon", "thisisatest", "tofollow", "toberevised", "tobewritten", "tobeprovided", "tobeadded"}
    | {"tobedetermined", "tobecompleted", "seeabove", "sameasabove", "asabove", "omitted", "foo", "bar", "test"}
    | {key.replace("_", "") for key in FIELDS}
)
_FIELD = r"(?:question|answer|(?:case\s+)?citations?|reasoning|text|content|response|explanation|string|value)"
_WHOSE = r"(?:your|the|this|my|a|an|sample|example|some|dummy|test|legal|detailed|full)"
_WHOLE = re.compile(
    rf"""
    [-+]?[\d.,\s]+(?:e[-+]?\d+)?
    | [\[<{{]{{1,3}}[^\[\]<>{{}}]*[\]>}}]{{1,3}} | \([^()]*\)                               # [Insert the answer]
    | (?:todo|tbd|tbc|tba|fixme|placeholder|lorem)\b.*                                    # TODO: write this
    | (?:please\s+)?(?:insert|write|add|enter|provide|put|type|fill|replace)\b.{{0,40}}\b(?:here|later|below)
    | (\w+)(?:\s+\1)+ | (?:see|refer\s+to)\s+(?:the\s+)?{_FIELD}                         # text text; See reasoning
    | (?:{_WHOSE}\s+)+{_FIELD}(?:\s+text)?                                                           # Your answer
    | (?:{_WHOSE}\s+)*{_FIELD}(?:\s+text)?\s+(?:(?:goes|comes|is|will\s+be|to\s+be|should\s+go|to\s+go)\s+)?
      (?:here|needed|placeholder|pending|later|(?:to\s+)?follows?|(?:added|completed|written|inserted|provided)(?:\s+(?:here|later))?)
    | (?:no|none|not)\s+(?:{_FIELD}\s+)?(?:is\s+)?
      (?:available|provided|given|applicable|found|specified|yet|needed|required)
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_NO_AUTHORITY = re.compile(
    r"(?!.*\bv\b)(?:there\s+(?:is|are)\s+)?(?:no|none|not|nothing|without|n/a)\b[^;\d]*",
    re.IGNORECASE,
)
_FILLER = re.compile(r"\blorem\s+ipsum\b", re.IGNORECASE)
_EDGE = " \t\n*_#`'\".:-\u201c\u201d\u2026"


def is_placeholder(text: str, *, is_citation: bool = False) -> bool:
    """Whether the whole text says nothing; a citation must name something."""
    if len(text) > CHARS_MAX:
        return "ipsum" in text and bool(_FILLER.search(text))
    bare = "".join(filter(str.isalnum, text)).casefold()
    words = text.strip(_EDGE)
    return (
        len(bare) < 2
        or bare in _WORDS
        or bool(_FILLER.search(text) or _WHOLE.fullmatch(words))
        or (is_citation and bool(_NO_AUTHORITY.fullmatch(words)))
    )
