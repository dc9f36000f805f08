"""What a prompt asks for, read from its words. Pure.

Written for the prompts of this project, whose wording people may edit: what is not found has a default, so that any
text is a prompt.
"""

import re
from dataclasses import dataclass

Bounds = tuple[int, int]

# All begin with plain text: in a prompt of some thousand characters they are found many times as fast.
_SECTIONS = re.compile(r"under its name as a heading: ([^\n]{1,600}?)\.?\n")
_BOUNDS = re.compile(
    r"(?:(?P<low>\d{1,5})(?: to | and |-)(?P<high>\d{1,5})|at least (?P<least>\d{1,5})) (?:real )?$", re.IGNORECASE
)
BOUNDS_CHARS = 40
ITS_PART = "\nThis example:"
_JURISDICTION = re.compile(r"\nJurisdiction: ([^\n(]{1,100})")
_TOPIC = re.compile(r"\nTopic: ([^\n]{1,200})")
_POINT = re.compile(r"\nPoint: ([^\n]{1,300}?)\.?\n")
_CASE = re.compile(r"\nScenario: [^\n]{1,300}; (?P<stage>[^\n;]{1,200})\.\nParties: (?P<parties>[^\n;]{1,200});")
_NAMES = re.compile(r"\nNames[^:\n]{0,60}: ([^\n,]{1,40}), ([^\n;]{1,40}); ([^\n]{1,40}?)\.?(?:\n|$)")
_AS_AT = re.compile(r"The law is that of [^\n.]{1,20}?(\d{4})\.")

MANY = 1.5
"""Times the least, where no most is said."""


@dataclass(frozen=True, slots=True)
class Case:
    parties: str
    stage: str


@dataclass(frozen=True, slots=True)
class Names:
    first: str
    second: str
    town: str


@dataclass(frozen=True, slots=True)
class Asked:
    """Bounds are the least and the most. What is empty or None was not said.

    No ``sections``: prose. ``is_brief``: a few sentences of reasoning instead of steps. ``until`` is the year whose
    law is asked for.
    """

    sections: tuple[str, ...]
    words: Bounds | None
    steps: Bounds | None
    is_brief: bool
    citations: Bounds | None
    jurisdiction: str
    topic: str
    point: str
    case: Case | None
    names: Names | None
    is_american: bool
    until: int | None


def asked(prompt: str) -> Asked:
    as_at = _AS_AT.search(prompt)
    own = prompt[max(0, prompt.find(ITS_PART)) :]  # what stands before it may speak of words and authorities, too
    case, names, steps = _CASE.search(own), _NAMES.search(own), _bounds(own, "numbered steps")
    return Asked(
        sections=tuple(filter(None, _first(_SECTIONS, own).split(", "))),
        words=_bounds(own, "words"),
        steps=steps,
        is_brief=steps is None and "two or three sentences" in own,
        citations=_bounds(own, "authorities"),
        jurisdiction=_first(_JURISDICTION, own),
        topic=_first(_TOPIC, own),
        point=_first(_POINT, own),
        case=Case(case["parties"], case["stage"]) if case else None,
        names=Names(*names.groups()) if names else None,
        is_american="American spelling" in own,
        until=int(as_at[1]) if as_at else None,
    )


def _first(pattern: re.Pattern[str], prompt: str) -> str:
    found = pattern.search(prompt)
    return found[1].strip() if found else ""


def _bounds(prompt: str, what: str) -> Bounds | None:
    """The first bounds that stand before the word for what they count."""
    end = prompt.find(what)
    while end >= 0:
        if found := _BOUNDS.search(prompt, max(0, end - BOUNDS_CHARS), end):
            return _read(found)
        end = prompt.find(what, end + 1)
    return None


def _read(found: re.Match[str]) -> Bounds:
    if found["least"]:
        return int(found["least"]), round(int(found["least"]) * MANY)
    return int(found["low"]), max(int(found["low"]), int(found["high"]))
