"""Synthetic legal samples that are what their prompt asks for: the same for the same prompt, and plainly marked. Pure.

Their facts are made up. Their authorities are real, and say what they are cited for.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from providers.sandbox.pools import Authority, Pools, authorities, pools
from providers.sandbox.reading import Asked, Bounds, Names, asked

POUNDS = "\u00a3"
_MONEY = {"United States": "$", "International Law": "$", "European Union": "EUR "}
WORDS, STEPS, CITATIONS = (200, 380), (5, 6), (2, 3)
"""Where a prompt does not say."""
SHORT_WORDS = 150
"""An answer of no more words has no room for more than the least number of authorities."""
PARAGRAPH_WORDS, SENTENCE_WORDS = 90, 18
TIMES = 3.0
LAST_YEAR, YEARS_BACK = 2024, 8
CHARS_PER_WORD, JSON_CHARS = 6.2, 80


@dataclass(frozen=True, slots=True)
class Length:
    """How long an answer is: in the middle of what was asked for, or anywhere in it, or nearest to a whole sample of
    so many ``chars``. Where no length was asked for, a varied one is of a third to three times the usual."""

    is_varied: bool = False
    chars: int | None = None

    def words(self, wanted: Bounds | None, dice: Random, other_chars: int) -> int:
        low, high = wanted or WORDS
        middle = (low + high) / 2
        if self.chars is not None:
            words = max(1.0, (self.chars - other_chars) / CHARS_PER_WORD)
        elif self.is_varied:
            least, most = wanted or (middle / TIMES, middle * TIMES)
            words = least * float((most / least) ** dice.random())
        else:
            words = middle
        if wanted is None:
            return round(words)
        room = min(SENTENCE_WORDS, (high - low) / 3)
        return round(min(max(words, low + room), high - room))


USUAL = Length()
VARIED = Length(is_varied=True)


def of_about(chars: int) -> Length:
    """The length that makes a whole sample about so many characters long, as far as its prompt allows."""
    return Length(chars=chars)


@dataclass(frozen=True, slots=True)
class Cast:
    """What one sample is made of."""

    dice: Random
    asked: Asked
    pools: Pools
    names: Names
    point: str
    date: str
    authorities: Sequence[Authority]


def sample(prompt: str, length: Length = USUAL) -> dict[str, str]:
    """Question, answer, case citation and reasoning, usually 2 to 6 KB in all."""
    return written(asked(prompt), prompt, length)


def written(wanted: Asked, seed: str, length: Length = USUAL) -> dict[str, str]:
    """What is wanted, the same for the same seed."""
    cast = _cast(Random(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")), wanted)
    question, reasoning = _question(cast), _reasoning(cast)
    citation = "; ".join(each.citation for each in cast.authorities)
    words = length.words(wanted.words, cast.dice, len(question) + len(reasoning) + len(citation) + JSON_CHARS)
    answer = _answer(cast, words)
    return {"question": question, "answer": answer, "case_citation": citation, "reasoning": reasoning}


def _cast(dice: Random, wanted: Asked) -> Cast:
    known = authorities(wanted.jurisdiction, wanted.is_american, wanted.until)
    low, high = wanted.citations or CITATIONS
    is_short = (wanted.words or WORDS)[1] <= SHORT_WORDS
    count = max(1, low if is_short else dice.randint(low, high))
    words = pools(wanted.is_american)
    return Cast(
        dice=dice,
        asked=wanted,
        pools=words,
        names=wanted.names or Names(*(_name(dice, words.syllables) for _ in range(3))),
        point=wanted.point or wanted.topic or "the remedy",
        date=_date(dice, wanted, words),
        authorities=dice.sample(known, min(count, len(known))),
    )


def _question(cast: Cast) -> str:
    case = cast.asked.case
    facts = _pick(cast, cast.pools.cases if case else cast.pools.matters).format(
        first=cast.names.first,
        second=cast.names.second,
        town=cast.names.town,
        parties=case.parties if case else "",
        stage=case.stage if case else "",
        thing=_pick(cast, cast.pools.things),
        other=_pick(cast, cast.pools.things),
        date=cast.date,
        sum=f"{_MONEY.get(cast.asked.jurisdiction, POUNDS)}{cast.dice.randint(2, 900)},000",
    )
    order = _pick(cast, cast.pools.orders).format(first=cast.names.first, second=cast.names.second, point=cast.point)
    return f"{facts} {order}"


def _answer(cast: Cast, words: int) -> str:
    """Sections under their headings, or paragraphs, of about so many words in all."""
    headings = cast.asked.sections
    parts = _outline(cast, len(headings) or max(1, words // PARAGRAPH_WORDS))
    end = _conclusion(cast)
    fixed = [*headings, *(text for part in parts for text in part), end]
    due = (words - sum(map(_count, fixed))) / len(parts)
    owed = 0.0
    for part in parts:
        owed += due
        while owed > SENTENCE_WORDS / 2 or not part:
            part.append(_sentence(cast))
            owed -= _count(part[-1])
    parts[-1].append(end)
    texts = [" ".join(part) for part in parts]
    return "\n\n".join(map("## {}\n{}".format, headings, texts) if headings else texts)


def _outline(cast: Cast, count: int) -> list[list[str]]:
    """What must be said in each part: the point first, and the authorities spread over the rest."""
    parts: list[list[str]] = [[] for _ in range(count)]
    parts[0].append(f"On these synthetic facts of {cast.date} the point is {cast.point}.")
    for number, authority in enumerate(cast.authorities, 1):
        place = min(count - 1, number * count // (len(cast.authorities) + 1))
        parts[place].append(_pick(cast, cast.pools.lead_ins).format(authority=authority.citation, law=authority.law))
    return parts


def _conclusion(cast: Cast) -> str:
    return _pick(cast, cast.pools.conclusions).format(
        first=cast.names.first, second=cast.names.second, thing=_pick(cast, cast.pools.things)
    )


def _sentence(cast: Cast) -> str:
    return f"{_pick(cast, cast.pools.openers)} {_clause(cast)}, {_pick(cast, cast.pools.ends)}."


def _clause(cast: Cast) -> str:
    things = cast.pools.things
    return f"{_pick(cast, things)} {_pick(cast, cast.pools.verbs)} {_pick(cast, things)}"


def _reasoning(cast: Cast) -> str:
    first = cast.authorities[0]
    if cast.asked.is_brief:
        return f"{_capital(first.law)} ({first.citation}). {_sentence(cast)}"
    count = max(1, cast.dice.randint(*(cast.asked.steps or STEPS)))
    return "\n".join(f"Step {number}: {_step(cast, number)}" for number in range(1, count + 1))


def _step(cast: Cast, number: int) -> str:
    """The first ones say what the authorities stand for, the later ones rest on them."""
    authority = cast.authorities[(number - 1) % len(cast.authorities)]
    if number <= len(cast.authorities):
        return f"{_capital(authority.law)} ({authority.citation}), so {_clause(cast)}."
    return f"{_pick(cast, cast.pools.openers)} {_clause(cast)} ({authority.citation}), {_pick(cast, cast.pools.ends)}."


def _pick(cast: Cast, choices: Sequence[str]) -> str:
    """As ``choice`` does, at a third of its cost."""
    return choices[int(cast.dice.random() * len(choices))]


def _date(dice: Random, wanted: Asked, words: Pools) -> str:
    latest = (wanted.until or LAST_YEAR + 1) - 1
    day, month, year = dice.randint(1, 28), dice.choice(words.months), dice.randint(latest - YEARS_BACK, latest)
    return f"{month} {day}, {year}" if wanted.is_american else f"{day} {month} {year}"


def _count(text: str) -> int:
    return text.count(" ") + 1


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _name(dice: Random, syllables: Sequence[str]) -> str:
    return "".join(dice.choices(syllables, k=dice.randint(2, 4))).capitalize()
