"""A text that goes round in circles."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.rule import Broken, Rule
from samples.quality.text import shown, texts
from samples.taxonomy.requirements import Requirements

SENTENCE_CHARS_MIN = 25
TIMES_MAX = 3
RUN_CHARS_MIN = 8
NUMBERED_CHARS_MIN = 40
NUMBERED_TIMES_MAX = 7
TAIL_CHARS = 4_000
PERIOD_WORDS_MAX = 40
LOOP_WORDS_MIN = 12
LOOP_TIMES_MIN = 4
LETTERS = 200
PERIOD_LETTERS_MAX = 8

_END = re.compile(r"[.!?]\s|\n")
_STOPS = " \t\n.!?\u2026"
_WITHOUT_NUMBERS = str.maketrans("", "", "0123456789")


def _loops(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if field != "case_citation" and (found := _sentence(text) or _tail(text)):
            yield field, f"{field} says the same again and again ('{shown(found)}'): say it once"


def _sentence(text: str) -> str:
    """A sentence that stands there too often: at once in a row, or with nothing but other numbers in it."""
    sentences = [sentence.strip(_STOPS) for sentence in _END.split(text)]
    if len(sentences) <= TIMES_MAX:
        return ""
    told = Counter(sentence for sentence in sentences if len(sentence) >= SENTENCE_CHARS_MIN)
    numbered = Counter(sentence.translate(_WITHOUT_NUMBERS) for sentence in told if len(sentence) >= NUMBERED_CHARS_MIN)
    runs = (
        sentence
        for sentence, run in groupby(sentences)
        if len(sentence) >= RUN_CHARS_MIN and len(list(run)) > TIMES_MAX
    )
    often = (sentence for sentence, times in told.most_common(1) if times > TIMES_MAX)
    alike = (sentence for sentence, times in numbered.most_common(1) if times > NUMBERED_TIMES_MAX)
    return next((found for found in (*often, *alike, *runs) if _is_text(found)), "")


def _tail(text: str) -> str:
    """What the end of the text goes on repeating."""
    words = text[-TAIL_CHARS:].rstrip(_STOPS).split()
    for period in range(1, PERIOD_WORDS_MAX + 1):
        times = max(LOOP_TIMES_MIN, -(-LOOP_WORDS_MIN // period))
        if _ends_in(words, period, times) and _is_text(found := " ".join(words[-period:])):
            return found
    letters = text[-LETTERS:]
    is_round = any(_ends_in(letters, period, LETTERS // period) for period in range(1, PERIOD_LETTERS_MAX + 1))
    return letters[-PERIOD_LETTERS_MAX:] if is_round and _is_text(letters) else ""


def _ends_in(parts: Sequence[str], period: int, times: int) -> bool:
    length = period * times
    return len(parts) >= length and parts[-length:-period] == parts[len(parts) - length + period :]


def _is_text(text: str) -> bool:
    """Whether there are words in it: lines of dashes, or of a table's frame, may repeat."""
    return any(map(str.isalpha, text))


RULES = (
    Rule(
        name="looping",
        severity=Severity.REJECT,
        says="No text says the same again and again.",
        good="The first limb fails. The second limb fails. The third limb, however, does not fail.",
        bad="The tenant may sue the landlord. " * 6,
        find=_loops,
    ),
)
