"""Characters that no reader sees or no database takes, and escapes that were escaped twice."""

import html
import re

from providers.llm.text import storable

# Joiners (U+200C, U+200D) are spelling in Arabic and Indic scripts and inside emoji, and nothing anywhere else.
_JOINED = "\u0600-\u1fff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_LOST_JOINER = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]")
_LINE_END = re.compile("\r\n?|[\x85\u2028\u2029]")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{2,6}|#[xX][0-9a-fA-F]{2,5});")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|x[0-9a-fA-F]{2}|[\s\S])")
_SAYS_ESCAPED_TWICE = re.compile(r"(?<![:\\])\\n(?![a-z])|\\u[0-9a-fA-F]{4}")
_BACKSLASH_OF_ITS_OWN = re.compile(r"\\(?![nrt\"'/\\]|u[0-9a-fA-F]{4})|:\\")
_CHARACTERS = {"n": "\n", "r": "\r", "t": "\t", "\n": "\n", **{mark: mark for mark in "\\\"'/`"}}


def seen(text: str) -> str:
    """The text without characters that do not show: controls, zero-width, those that turn the direction of writing."""
    if text.isascii() and text.replace("\n", "").isprintable():  # most texts, at a twentieth of the cost
        return text
    return _LOST_JOINER.sub("", _UNSEEN.sub("", _LINE_END.sub("\n", text)))


def clean(text: str) -> str:
    """A field as it was meant, fit to be stored."""
    if "\\" in text and _SAYS_ESCAPED_TWICE.search(text) and not _BACKSLASH_OF_ITS_OWN.search(text):
        text = unescaped(text)
    return storable(seen(without_entities(text)))


def without_entities(text: str) -> str:
    return _ENTITY.sub(lambda entity: html.unescape(entity[0]), text) if "&" in text else text


def unescaped(text: str) -> str:
    """JSON's and Python's escapes as characters; a backslash that starts none of them stays, with what follows it."""
    characters = _ESCAPE.sub(_character, text)
    return characters.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")


def _character(escape: re.Match[str]) -> str:
    code = escape[1]
    if len(code) > 1:
        return chr(min(int(code[1:], 16), 0x10FFFF))
    return _CHARACTERS.get(code, escape[0])
