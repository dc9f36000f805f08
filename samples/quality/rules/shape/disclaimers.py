"""A model that speaks of what it is, or sends the reader to somebody else."""

from collections.abc import Iterator

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.phrases import read_phrases, said
from samples.quality.rule import Broken, Rule
from samples.quality.text import folded, is_letter, shown, texts
from samples.taxonomy.requirements import Requirements

_PHRASES = read_phrases(__file__)


def _tells_what_it_is(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        plain = folded(text)
        found = said(plain, _PHRASES["identities"])
        if not found and field != "question" and not is_letter(plain):
            found = said(plain, _PHRASES["not_advice"])
        if found:
            yield field, f"{field} holds a disclaimer ('{shown(found)}'): leave it out"


def _sends_away(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field in ("answer", "reasoning"):
        plain = folded(getattr(draft, field))
        if not is_letter(plain) and (found := said(plain, _PHRASES["referrals"])):
            yield field, f"{field} sends the reader to a lawyer instead of answering ('{shown(found)}')"


def _admits_invention(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    if found := said(folded(draft.case_citation), _PHRASES["invented"]):
        yield "case_citation", f"case_citation says itself that it is not real ('{shown(found)}'): cite what exists"


RULES = (
    Rule(
        name="disclaimer",
        severity=Severity.REJECT,
        says="No field says that a machine or no lawyer wrote it, or that it is no advice.",
        good="An accountant's opinion is not legal advice, so legal advice privilege does not cover it.",
        bad="She can sue. As an AI, I am not a lawyer; please consult a qualified solicitor.",
        find=_tells_what_it_is,
    ),
    Rule(
        name="referral",
        severity=Severity.FLAG,
        says="The answer itself tells what the law is, instead of sending the reader to somebody who may know it.",
        good="Before she signs, the bank must see that she has had independent advice from a solicitor.",
        bad="She may be able to sue, but she should consult a qualified solicitor in her area.",
        find=_sends_away,
    ),
    Rule(
        name="invented_authority",
        severity=Severity.REJECT,
        says="No citation says of itself that it is invented or an example.",
        good="Bank of England v Vagliano Bros [1891] AC 107",
        bad="Harrow v Whitmore [2019] EWHC 1234 (hypothetical)",
        find=_admits_invention,
        field="case_citation",
    ),
)
