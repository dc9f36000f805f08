"""What a chat puts around an answer: greetings, offers, word counts, pictures."""

import re
from collections.abc import Iterator

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.phrases import read_phrases, said
from samples.quality.rule import Broken, Rule
from samples.quality.text import folded, is_letter, shown, texts
from samples.taxonomy.requirements import Requirements

OPENING_CHARS = 160
CLOSING_CHARS = 400

_PHRASES = read_phrases(__file__)
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2705\u2714\ufe0f\u274c\u2728\u2b50\u26a0\u2757\u2753\u27a1\u2b06\u2b07]")
_PICTURES = ("emoji", "emoticon", "pictogram")


def _chats(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        plain = folded(text)
        if field == "question" or is_letter(plain):
            continue  # who asks or writes a letter may be polite
        found = said(plain, _PHRASES["openings"], end=OPENING_CHARS) or said(
            plain, _PHRASES["closings"], start=len(plain) - CLOSING_CHARS
        )
        if found:
            yield field, f"{field} holds chatter ('{shown(found)}'): leave it out"


def _speaks_of_itself(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if found := said(folded(text), _PHRASES["about_itself"]):
            yield field, f"{field} speaks of itself as a text ('{shown(found)}'): leave it out"


def _decorates(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    if all(text.isascii() for _, text in texts(draft)):
        return
    if any(word in folded(text) for word in _PICTURES for _, text in texts(draft)):
        return  # the case is about them
    for field, text in texts(draft):
        if found := _EMOJI.search(text):
            yield field, f"{field} holds a picture ('{found[0]}'): use words alone"


RULES = (
    Rule(
        name="chatter",
        severity=Severity.REJECT,
        says="A field begins and ends with what it has to say, without praise, greetings or offers.",
        good="Certainly, the landlord had no order. The tenant may sue, and she should let him know before she does.",
        bad="Great question! The landlord had no order, so the tenant may sue. I hope this helps.",
        find=_chats,
    ),
    Rule(
        name="about_itself",
        severity=Severity.REJECT,
        says="No field counts its own words or tells how it follows its instructions.",
        good="The rule limits a skeleton argument to 25 pages, whatever its number of words.",
        bad="The landlord had no order, so the tenant may sue. (Word count: 512)",
        find=_speaks_of_itself,
    ),
    Rule(
        name="emoji",
        severity=Severity.REJECT,
        says="No field holds emoji, unless the sample is about them.",
        good="By replying with a thumbs-up emoji (\U0001f44d) the buyer accepted the offer.",
        bad="\U0001f389 The tenant may sue.",
        find=_decorates,
    ),
)
