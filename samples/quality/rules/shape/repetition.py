"""A text that goes round in circles."""

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
ALIKE_CHARS_MIN = 40
ALIKE_MAX = 7
ENDING_CHARS = 16
TAIL_CHARS = 4_000
PERIOD_WORDS_MAX = 40
LOOP_WORDS_MIN = 12
LOOP_TIMES_MIN = 4
LETTERS = 200
PERIOD_LETTERS_MAX = 8

_STOPS = " \t\n.!?\u2026"
_WITHOUT_NUMBERS = str.maketrans("", "", "0123456789")


def _loops(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if field != "case_citation" and (found := _sentence(text) or _tail(text)):
            yield field, f"{field} says the same again and again ('{shown(found)}'): say it once"


def _sentence(text: str) -> str:
    """A sentence that stands there too often: at once in a row, or with nothing but other numbers in it."""
    sentences = [sentence.strip(_STOPS) for sentence in _ended(text).split(". ")]
    return _often(sentences) or _alike(sentences)


def _often(sentences: list[str]) -> str:
    if len(sentences) - len(set(sentences)) < TIMES_MAX:
        return ""
    told = Counter(sentence for sentence in sentences if len(sentence) >= SENTENCE_CHARS_MIN)
    often = [sentence for sentence, times in told.items() if times > TIMES_MAX]
    runs = [sentence for sentence, run in groupby(sentences) if sum(1 for _ in run) > TIMES_MAX]
    return next((found for found in (*often, *runs) if len(found) >= RUN_CHARS_MIN and _is_text(found)), "")


def _alike(sentences: list[str]) -> str:
    if (
        len(sentences) <= ALIKE_MAX
        or max(Counter(sentence[-ENDING_CHARS:] for sentence in sentences).values()) <= ALIKE_MAX
    ):
        return ""  # those that are alike end alike
    told = Counter(sentence.translate(_WITHOUT_NUMBERS) for sentence in sentences)
    alike = (sentence for sentence, times in told.items() if times > ALIKE_MAX)
    return next((found for found in alike if len(found) >= ALIKE_CHARS_MIN and _is_text(found)), "")


def _ended(text: str) -> str:
    """The text with every end of a sentence or line alike."""
    return text.replace("! ", ". ").replace("? ", ". ").replace("\n", ". ")


def _tail(text: str) -> str:
    """What the end of the text goes on repeating."""
    words = text[-TAIL_CHARS:].rstrip(_STOPS).split()
    if words and words.count(words[-1]) >= LOOP_TIMES_MIN:
        for period in range(1, PERIOD_WORDS_MAX + 1):
            times = max(LOOP_TIMES_MIN, -(-LOOP_WORDS_MIN // period))
            if _ends_in(words, period, times) and _is_text(found := " ".join(words[-period:])):
                return found
    return _letters(text[-LETTERS:])


def _letters(tail: str) -> str:
    """What is repeated within a word."""
    if " " in tail or not _is_text(tail):
        return ""
    is_round = any(_ends_in(tail, period, LETTERS // period) for period in range(1, PERIOD_LETTERS_MAX + 1))
    return tail[-PERIOD_LETTERS_MAX:] if is_round else ""


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
