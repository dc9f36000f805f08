"""Whether two names are of one case: "R. v. Brown & Co Ltd" and "Regina v Brown and Company Limited" are."""

import re

from samples.citations import tables

_WORD = re.compile(r"[a-z0-9]{1,80}")
_V = re.compile(r"\s(?:v|vs|versus)\.?\s", re.IGNORECASE)
_CORPORATE = frozenset(
    {"co", "corp", "inc", "ltd", "llc", "llp", "lp", "plc", "sa", "nv", "gmbh", "spa", "sl", "ag", "est"}
)


def are_same(left: str, right: str) -> bool:
    """Tolerant: each side that both have must share a word that tells something, or be an abbreviation of the other."""
    ours, theirs = _sides(left), _sides(right)
    if not ours or not theirs:
        return False
    if len(ours) != len(theirs):
        return any(_agree(a, b) for a in ours for b in theirs)
    return all(_agree(a, b) for a, b in zip(ours, theirs, strict=True)) or (
        len(ours) == 2 and _agree(ours[0], theirs[1]) and _agree(ours[1], theirs[0])
    )


def _sides(name: str) -> list[list[str]]:
    found = [_words(side) for side in _V.split(f" {name} ", maxsplit=1)]
    return [words for words in found if words]


def _words(side: str) -> list[str]:
    plain = side.lower().replace("&", " and ").replace("\u2019", "").replace("'", "").replace(".", "")
    known = tables.name_words()
    words = [known.get(word, word) for word in _WORD.findall(plain)]
    telling = [word for word in words if word and word not in _CORPORATE]
    return telling or [word for word in words if word]


def _agree(ours: list[str], theirs: list[str]) -> bool:
    if set(ours) & set(theirs):
        return True
    return (
        _initials(ours, theirs) or _initials(theirs, ours) or _is_short_for(ours, theirs) or _is_short_for(theirs, ours)
    )


def _initials(short: list[str], long: list[str]) -> bool:
    """ "NRDC" is the Natural Resources Defense Council."""
    return len(short) == 1 and len(long) > 1 and short[0] == "".join(word[0] for word in long)


def _is_short_for(short: list[str], long: list[str]) -> bool:
    """ "Ill." is Illinois, and "Sec'y" the Secretary."""
    return any(len(word) >= 3 and other.startswith(word) for word in short for other in long)
