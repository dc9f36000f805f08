"""Names and numbers out of sight: a sample with other parties, sums and years is the same sample.

A name is what begins with a capital letter, which takes first words of sentences along: on both sides of a
comparison alike. In scripts without capital letters nothing is a name.
"""

from collections.abc import Iterable

MASK = "#"
_SMALL = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_TEENS = [f"{stem}teen" for stem in ("thir", "four", "fif", "six", "seven", "eigh", "nine")]
_TENS = [f"{stem}ty" for stem in ("twen", "thir", "for", "fif", "six", "seven", "eigh", "nine")]
_NUMBERS = frozenset([*_SMALL, *_TEENS, *_TENS, "hundred", "thousand", "million", "billion"])
_INSIDE = frozenset(["and", "of", "the", "for"])  # "Bank of England", "Hale and Sons"
_AFTER = frozenset(["s", "plc", "ltd", "inc", "llp", "llc", "co"])  # "Hale's", "Hale plc"
_BEFORE = frozenset(["al", "bin", "da", "de", "del", "den", "der", "di", "du", "ibn", "la", "le", "the", "van", "von"])
_ANYBODY = dict.fromkeys(["he", "she", "him", "her", "his", "hers", "himself", "herself"], "they")


def masked(words: Iterable[str]) -> list[str]:
    """The words, with each name and each number as one MASK, however many words it has."""
    found: list[str] = []
    inside: list[str] = []
    is_masked = False
    for word in words:
        if word.isalpha() and not word[0].isupper() and word not in _NUMBERS:
            if is_masked and word in _AFTER and not inside:
                continue
            if is_masked and word in _INSIDE:
                inside.append(word)
                continue
            if is_masked:
                found += inside
                inside.clear()
                is_masked = False
            found.append(_ANYBODY.get(word, word))
        else:
            inside.clear()
            if not is_masked:
                _take_back(found)
                is_masked = True
            if found[-1:] != [MASK]:
                found.append(MASK)
    return found + inside


def _take_back(found: list[str]) -> None:
    """A name's small words before its first capital letter, as in "de la Cruz", are a part of it, and so is "the"."""
    while found and found[-1] in _BEFORE:
        found.pop()
