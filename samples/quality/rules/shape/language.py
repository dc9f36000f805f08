"""A text that is not in the language that was asked for."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.rule import Broken, Rule
from samples.quality.text import folded, shown, texts
from samples.taxonomy.requirements import Requirements

ENGLISH = "en"
KNOWN_SHARE = 0.28
"""Of running text more than a third of all words are in our lists; lists of names and authorities hold fewer."""
WORDS_MIN = 4
OTHER_MIN = 3
SHORT_SHARE = 0.2
FOREIGN_SHARE = 0.3
SCRIPT_SHARE = 0.2
LINES_MAX = 400

_LISTS = tomllib.loads(Path(__file__).with_name("languages.toml").read_text(encoding="utf-8"))
_NAMES = frozenset(_LISTS.pop("names").split())
_WORDS = {tag: frozenset(words.split()) for tag, words in _LISTS.items()}
_OTHERS = {tag: frozenset[str]().union(*_WORDS.values()) - words for tag, words in _WORDS.items()}
"""What tells that a text is not in a language."""
_WORD = re.compile(r"(?<![\w@/.-])[^\W\d_]{1,40}(?:'[^\W\d_]{1,40})?(?![\w@/]|[.-]\w)")  # no parts of addresses
_QUOTED = re.compile(
    r"\"[^\"\n]{0,300}\"|\u201c[^\u201d\n]{0,300}\u201d|\u00ab[^\u00bb\n]{0,300}\u00bb|\([^()\n]{0,300}\)"
)
# Letters of other scripts; not Greek, of which formulas are made, nor the Latin letters of Vietnamese
_SCRIPT = re.compile("[\u0400-\u1dff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def _is_foreign(draft: Draft, requirements: Requirements | None) -> Iterator[Broken]:
    language = requirements.language.partition("-")[0].lower() if requirements else ENGLISH
    if language not in _WORDS:
        return
    for field in ("question", "answer", "reasoning"):
        text = getattr(draft, field)
        if _is_other_script(text) or _is_other_language(folded(text), language):
            yield field, f"{field} is not in the language asked for, {language} ('{shown(text[:200])}')"


def _is_other_script(text: str) -> bool:
    return not text.isascii() and len(_SCRIPT.findall(text)) > SCRIPT_SHARE * len(text)


def _is_other_language(plain: str, language: str) -> bool:
    words = plain.split()
    if len(words) < WORDS_MIN or _count(words, _WORDS[language]) > KNOWN_SHARE * len(words):
        return False
    lines = [_WORD.findall(_QUOTED.sub(" ", line)) for line in plain.split("\n")[:LINES_MAX] if line[:1] != ">"]
    foreign = sum(len(line) for line in lines if _is_foreign_line(line, language))
    return foreign > FOREIGN_SHARE * sum(map(len, lines))


def _is_foreign_line(words: list[str], language: str) -> bool:
    known, other = _count(words, _WORDS[language]), _count(words, _OTHERS[language])
    if len(words) < WORDS_MIN or other < OTHER_MIN or other == _count(words, _NAMES):
        return False
    return other > known if known else other > SHORT_SHARE * len(words)


def _count(words: list[str], known: frozenset[str]) -> int:
    return sum(map(known.__contains__, words))


def _mixes_scripts(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    for field, text in texts(draft):
        if text.isascii() or not _SCRIPT.search(text) or _is_other_script(text):
            continue
        if found := _SCRIPT.search(_QUOTED.sub(" ", text)):
            yield field, f"{field} falls into another script ('{found[0]}'): say it in English, or quote it"


RULES = (
    Rule(
        name="wrong_language",
        severity=Severity.REJECT,
        says="But for names and quotations a sample is in the language that was asked for, else in English.",
        good=(
            "In Soci\u00e9t\u00e9 G\u00e9n\u00e9rale v Credit Lyonnais the court applied force majeure: \u201ctout "
            "d\u00e9biteur est tenu\u201d. Nemo dat quod non habet."
        ),
        bad="Le locataire peut demander des dommages, car le bailleur a chang\u00e9 les serrures sans d\u00e9cision.",
        find=_is_foreign,
    ),
    Rule(
        name="mixed_scripts",
        severity=Severity.FLAG,
        says="Words in another script are quoted or stand in brackets.",
        good="The supplier (\u534e\u4e3a) may sue under its \u201c\u0434\u043e\u0433\u043e\u0432\u043e\u0440\u201d.",
        bad="The tenant \u53ef\u4ee5 sue the landlord for damages.",
        find=_mixes_scripts,
    ),
)
