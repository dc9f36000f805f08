"""Samples that break one rule of quality, by its name, and keep all others. Pure.

A rule that a prompt gives no occasion to break is kept: where prose is asked for, no section can be missing.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from providers.sandbox.pools import authorities, pools
from providers.sandbox.reading import Asked, Names, asked
from providers.sandbox.samples import CITATIONS, STEPS, USUAL, WORDS, Length, written

Sample = dict[str, str]
Order = Callable[[Asked], Asked]
"""What else is written than was asked for."""
Change = Callable[[Sample, Asked], Sample]
"""What is done to a sample that is as it was asked for."""

EVERYWHERE = "International Law"
"""It takes from every legal system: nothing is foreign to it."""
BRITISH = ("United Kingdom", "England and Wales", "Scotland", "Northern Ireland", EVERYWHERE)
FOREIGN, FOREIGN_IN_AMERICA = (
    "Palsgraf v. Long Island R.R. Co., 248 N.Y. 339 (1928)",
    "Street v Mountford [1985] AC 809 (HL)",
)
DOUBTFUL = "Donoghue v Stevenson [1932] UKHL 100"
IMPOSSIBLE = "Nicaragua v United States [1940] ICJ Rep 14"
UNLISTED_CASE = "Ireland v United Kingdom (1978) 2 EHRR 25"
UNLISTED_TREATY = (
    "the International Covenant on Civil and Political Rights (adopted 16 December 1966) 999 UNTS 171, art 14"
)
VAGUE = ("the leading cases", "the usual textbooks", "the practice of the courts", "the statutes in force")
FRENCH = "Le bailleur a chang\u00e9 les serrures de la maison sans d\u00e9cision. Que peut demander le locataire ?"
MONTHS = "|".join(pools(is_american=False).months)
DATE = re.compile(rf"(?<!adopted )\b(?:\d{{1,2}} (?:{MONTHS})|(?:{MONTHS}) \d{{1,2}},) \d{{4}}")


def spoiled(prompt: str, rule: str, length: Length = USUAL) -> Sample:
    """``rule`` is one of BREAKABLE."""
    wanted = asked(prompt)
    if rule in REPEATED:
        kind = replace(wanted, names=None, point="", topic="", case=None)
        return written(replace(kind, names=REPEATED[rule](wanted)), repr(kind), length)
    sample = written(ORDERS.get(rule, _as_asked)(wanted), prompt, length)
    return TEXTS.get(rule, _as_written)(sample, wanted)


def _as_asked(wanted: Asked) -> Asked:
    return wanted


def _as_written(sample: Sample, _: Asked) -> Sample:
    return sample


def _shortened(wanted: Asked) -> Asked:
    low, _ = wanted.words or WORDS
    return replace(wanted, words=(low // 4, low // 2))


def _times_the_most(least: float, most: float) -> Order:
    def longer(wanted: Asked) -> Asked:
        _, high = wanted.words or WORDS
        return replace(wanted, words=(round(least * high), round(most * high)))

    return longer


def _with_fewer_sections(wanted: Asked) -> Asked:
    return replace(wanted, sections=wanted.sections[:-1])


def _with_headings(wanted: Asked) -> Asked:
    return wanted if wanted.sections else replace(wanted, sections=("Position", "Outcome"))


def _without_steps(wanted: Asked) -> Asked:
    return replace(wanted, is_brief=True)


def _with_more_steps(wanted: Asked) -> Asked:
    _, high = wanted.steps or STEPS
    return wanted if wanted.is_brief else replace(wanted, steps=(high + 1, high + 2))


def _with_steps(wanted: Asked) -> Asked:
    return replace(wanted, is_brief=False)


def _with_fewer_authorities(wanted: Asked) -> Asked:
    low, _ = wanted.citations or CITATIONS
    return replace(wanted, citations=(max(1, low - 1), max(1, low - 1)))


def _with_room_for_one(wanted: Asked) -> Asked:
    """So that one authority more is not too many."""
    low, high = wanted.citations or CITATIONS
    return replace(wanted, citations=(low, max(low, high - 1)))


def _before(field: str, text: str) -> Change:
    return lambda sample, _: {**sample, field: text + sample[field]}


def _after(field: str, text: str) -> Change:
    return lambda sample, _: {**sample, field: sample[field] + text}


def _instead(field: str, text: str) -> Change:
    return lambda sample, _: {**sample, field: text}


def _listed_too(text: str) -> Change:
    return _after("case_citation", f"; {text}")


def _foreign(sample: Sample, wanted: Asked) -> Sample:
    if wanted.jurisdiction == EVERYWHERE:
        return sample
    return _listed_too(FOREIGN_IN_AMERICA if wanted.is_american else FOREIGN)(sample, wanted)


def _doubtful(sample: Sample, wanted: Asked) -> Sample:
    return _listed_too(DOUBTFUL)(sample, wanted) if wanted.jurisdiction in BRITISH else sample


def _too_many(sample: Sample, wanted: Asked) -> Sample:
    known = authorities(EVERYWHERE, wanted.is_american, wanted.until)
    _, high = wanted.citations or CITATIONS
    return _listed_too("; ".join(each.citation for each in known[:high]))(sample, wanted)


def _none_readable(sample: Sample, _: Asked) -> Sample:
    count = sample["case_citation"].count(";") + 1
    return {**sample, "case_citation": "; ".join(VAGUE[:count])}


def _only_conclusion(sample: Sample, wanted: Asked) -> Sample:
    """Of prose; sections are short already."""
    return sample if wanted.sections else {**sample, "answer": sample["answer"].rsplit(". ", 1)[-1]}


def _without_date(sample: Sample, _: Asked) -> Sample:
    return {field: DATE.sub("that day", text) for field, text in sample.items()}


REPEATED: Mapping[str, Callable[[Asked], Names | None]] = {
    "duplicate": lambda _: None,
    "near_duplicate": lambda wanted: wanted.names,
}
"""Whose names are in a sample that is otherwise the same for all prompts of a kind."""
ORDERS: Mapping[str, Order] = {
    "too_short": _shortened,
    "length": _times_the_most(1.5, 2.0),
    "out_of_proportion": _times_the_most(11.0, 12.0),
    "sections": _with_fewer_sections,
    "headings": _with_headings,
    "steps": _without_steps,
    "more_steps": _with_more_steps,
    "unwanted_steps": _with_steps,
    "authorities": _with_fewer_authorities,
    "impossible_citation": _with_room_for_one,
    "doubtful_citation": _with_room_for_one,
    "unreadable_citation": _with_room_for_one,
    "foreign_authority": _with_room_for_one,
}
TEXTS: Mapping[str, Change] = {
    "too_short": _only_conclusion,
    "placeholder": _instead("question", "Your question here"),
    "thinking_marks": _after("reasoning", " [THINK]Is that so?[/THINK]"),
    "control_token": _after("reasoning", "<|eot_id|>"),
    "markup": _after("reasoning", "<br>"),
    "garbled": _after("reasoning", " The tenant\u00e2\u20ac\u2122s claim stands."),
    "left_open": _after("reasoning", " See [insert relevant case here]."),
    "blank": _after("reasoning", " The notice is of [date]."),
    "refusal": _before("reasoning", "I'm sorry, but I can't help with that request. "),
    "disclaimer": _after("reasoning", " As an AI, I am not a lawyer."),
    "referral": _after("reasoning", " In the end she should consult a qualified solicitor in her area."),
    "invented_authority": _after("case_citation", " (hypothetical)"),
    "chatter": _after("reasoning", " I hope this helps."),
    "about_itself": _after("reasoning", " (Word count: 512)"),
    "emoji": _after("reasoning", " \U0001f389"),
    "prompt_echo": _after("reasoning", " Write each part under its name as a heading."),
    "thinking_aloud": _before("reasoning", "Okay, let me think. "),
    "cut_off": _after("answer", "\n\nHowever, the court may also award aggra"),
    "looping": _after("reasoning", " The tenant may sue the landlord." * 6),
    "wrong_language": _instead("question", FRENCH),
    "mixed_scripts": _after("reasoning", " The tenant \u53ef\u4ee5 sue the landlord."),
    "no_question": _instead("question", "Consideration?"),
    "asks_nothing": _instead("question", "The landlord changed the locks on that day, and the tenant was out."),
    "more_authorities": _too_many,
    "date": _without_date,
    "impossible_citation": _listed_too(IMPOSSIBLE),
    "doubtful_citation": _doubtful,
    "no_readable_citation": _none_readable,
    "unreadable_citation": _listed_too("the leading cases on negligence"),
    "unlisted_case": _after("reasoning", f" See also {UNLISTED_CASE}."),
    "unlisted_statute": _after("reasoning", f" See also {UNLISTED_TREATY}."),
    "foreign_authority": _foreign,
}
BREAKABLE = frozenset((*REPEATED, *ORDERS, *TEXTS))
"""The rules that a sample can break."""
