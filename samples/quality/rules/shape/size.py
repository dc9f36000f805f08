"""A text that is too short to say what it should, or longer than anybody asked for."""

from collections.abc import Iterator

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.phrases import read_phrases, said
from samples.quality.rule import Broken, Rule
from samples.quality.text import folded, shown
from samples.taxonomy.requirements import Requirements

TIMES_MAX = 10
QUESTION_WORDS_MIN = 2

_PHRASES = read_phrases(__file__)


def _says_one_word(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field in ("answer", "reasoning"):
        if len(getattr(draft, field).split(None, 1)) == 1:
            yield field, f"{field} is a single word ('{shown(getattr(draft, field))}')"


def _asks_nothing(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    words = draft.question.split(None, QUESTION_WORDS_MIN)
    if len(words) < QUESTION_WORDS_MIN:
        yield "question", f"question asks nothing ('{shown(draft.question)}')"


def _may_ask_nothing(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    if "?" in draft.question or len(draft.question.split(None, QUESTION_WORDS_MIN)) < QUESTION_WORDS_MIN:
        return
    if not said(folded(draft.question), _PHRASES["asks"]):
        yield "question", "question tells facts and asks nothing of them"


def _is_out_of_proportion(draft: Draft, requirements: Requirements | None) -> Iterator[Broken]:
    if requirements is None:
        return
    low, high = requirements.words
    most = TIMES_MAX * (high or low)
    if most and (words := len(draft.answer.split())) > most:
        yield "answer", f"answer has {words:,} words, more than {TIMES_MAX} times what was asked for"


RULES = (
    Rule(
        name="single_word",
        severity=Severity.REJECT,
        says="Answer and reasoning are more than a word.",
        good="Yes, she can: he had no order.",
        bad="Yes.",
        find=_says_one_word,
    ),
    Rule(
        name="no_question",
        severity=Severity.REJECT,
        says="The question is more than a word.",
        good="What is consideration?",
        bad="Consideration?",
        find=_asks_nothing,
        field="question",
    ),
    Rule(
        name="asks_nothing",
        severity=Severity.FLAG,
        says="The question asks or orders something.",
        good="Ann's landlord changed the locks. Advise her.",
        bad="Ann's landlord changed the locks on 3 May 2024 while she was out.",
        find=_may_ask_nothing,
        field="question",
    ),
    Rule(
        name="out_of_proportion",
        severity=Severity.REJECT,
        says="No answer is more than ten times as long as was asked for.",
        good="She can sue, for he had no order.",
        bad=(
            "She can sue. The landlord let the flat to her in 2019 and promised in writing that nobody would come in. "
            "On that day he had neither a court's order nor her leave, and the police told him so. He went on, and put "
            "what she owned into the street, where it was lost."
        ),
        find=_is_out_of_proportion,
        asked=Requirements("uk", "case_analysis", "basic", (), (4, None), (2, 2), (1, None)),
    ),
)
