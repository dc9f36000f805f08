"""Pieces of patterns, and a text as the patterns want it. Every repetition is bounded, so that none costs more."""

import re

GAP = r"[ \t]{1,3}"
MAYBE = r"[ \t]{0,3}"
SUBDIVISIONS = r"(?:[ ]?\((?!\d{4}\))[0-9A-Za-z]{1,5}\)){0,5}"
_PLAIN = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u02bc\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f"), " "),
    **dict.fromkeys(map(ord, "\u201c\u201d"), '"'),
}
_ODD = re.compile(f"[{''.join(map(chr, _PLAIN))}]")
_LOOSE = re.compile(r"[.,'\s]")


def plain(text: str) -> str:
    """The text with plain quotes, dashes and blanks; every place in it stays where it is."""
    return text.translate(_PLAIN) if not text.isascii() and _ODD.search(text) else text


def starting(*words: str) -> str:
    """A pattern for one of the words where a word begins, found by their first letters: a look at every boundary of a
    text takes several times as long."""
    letters: dict[str, list[str]] = {}
    for word in words:
        letters.setdefault(word[0], []).append(word[1:])
    return "|".join(rf"{letter}(?<![\w-]{letter})(?:{'|'.join(rest)})" for letter, rest in letters.items())


def abbreviation(words: str) -> str:
    """An abbreviation without dots and blanks: "W.L.R." and "WLR" are one."""
    return _LOOSE.sub("", words)


def has_any(text: str, needles: tuple[str, ...]) -> bool:
    """Whether a pattern that needs one of these is worth trying: a look for plain words costs next to nothing."""
    for needle in needles:  # noqa: SIM110 - asked hundreds of times for each sample, and any() takes twice as long
        if needle in text:
            return True
    return False
