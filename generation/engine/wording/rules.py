"""What must stand in the texts of a prompt before anything is sent by them.

The built-in texts say which $names there are: all that stand in one of them, and no others, may and must stand in the
same text of another version. What is asked for is what samples are checked by, so that nothing of it may be left out.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from string import Template
from typing import Any

from generation.engine.answers.keys import KEYS
from generation.engine.wording.texts import NAMES, PromptTexts, built_in, parsed_phrases

CHARS_MAX = 20_000
LINES_MAX = 500
SAID_MAX = 5
_GROUP = re.compile(r"\s*\[([^\[\]]+)\]")


def text_problems(texts: PromptTexts) -> dict[str, tuple[str, ...]]:
    """Text -> what is wrong with it, each a sentence with its remedy; empty where the texts can be used."""
    found = {name: tuple(_problems(name, texts))[:SAID_MAX] for name in NAMES}
    return {name: problems for name, problems in found.items() if problems}


def unknown_names(texts: PromptTexts) -> Iterator[str]:
    """What keeps anything from being asked in these texts by this release: what it does not fill in, in sentences.

    Of phrases, those that this release still asks for.
    """
    for name in NAMES[:-1]:
        yield from (f"{name}: {problem}" for problem in _unknown(getattr(texts, name), _known(name)))
    own = parsed_phrases(texts.phrases)
    for group, wanted in parsed_phrases(built_in().phrases).items():
        for name, text in own.get(group, {}).items():
            known = _known_in(wanted, name)
            line = _line_of_phrase(texts.phrases, group, name)
            yield from (f"phrases: [{group}] {name}: {problem}" for problem in _unknown(text, known, line))


def placeholders(text: str) -> dict[str, int]:
    """The $names of a text, each with the first line in which it stands."""
    names: dict[str, int] = {}
    for match in Template.pattern.finditer(text):
        if name := match["named"] or match["braced"]:
            names.setdefault(name, _line(text, match.start()))
    return names


def _problems(name: str, texts: PromptTexts) -> Iterator[str]:
    text: str = getattr(texts, name)
    if not text:
        yield "It is empty. Write what the model is to read, or take the built-in text."
    elif len(text) > CHARS_MAX:
        yield f"It has {len(text):,} characters, and {CHARS_MAX:,} are the most. Shorten it."
    elif text.count("\n") >= LINES_MAX:
        yield f"It has {len(text.splitlines()):,} lines, and {LINES_MAX:,} are the most. Shorten it."
    elif name == "phrases":
        yield from _phrase_problems(text)
    else:
        yield from _placeholder_problems(text, _known(name))
        yield from _key_problems(name, texts)


def _placeholder_problems(text: str, known: Collection[str], first_line: int = 1) -> Iterator[str]:
    yield from _unknown(text, known, first_line)
    stands = placeholders(text)
    for name in known:
        if name not in stands:
            yield f"It lacks ${name}. Put it where its words shall stand: samples are checked by what it says."


def _unknown(text: str, known: Collection[str], first_line: int = 1) -> Iterator[str]:
    """Of what cannot be filled in."""
    for name, line in placeholders(text).items():
        if name not in known:
            yield f"Line {line + first_line - 1}: ${name} is not known. {_remedy(name, known)}"
    for match in Template.pattern.finditer(text):
        if match["invalid"] is not None:
            line = _line(text, match.start()) + first_line - 1
            yield f"Line {line}: a $ begins no name here. Write $$ for the sign itself."


def _remedy(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    hint = f"Did you mean ${close[0]}? " if close else ""
    names = f"Those known here: {', '.join(f'${each}' for each in known)}." if known else "None is known here."
    return f"{hint}{names} Write $$ for the sign itself."


def _key_problems(name: str, texts: PromptTexts) -> Iterator[str]:
    if name == "sample":
        missing = [key for key in KEYS if key not in texts.sample and key not in texts.system]
        if missing:
            yield f"Neither it nor the system message names {', '.join(missing)}: answers are read by these keys."


def _phrase_problems(toml: str) -> Iterator[str]:
    try:
        groups = parsed_phrases(toml)
    except tomllib.TOMLDecodeError as error:
        yield f"It is no TOML: {error}."
        return
    except RecursionError:
        yield "It is no TOML of phrases: it holds lists in lists. Write groups of texts."
        return
    wanted = parsed_phrases(built_in().phrases)
    for group, phrases in groups.items():
        if group not in wanted or not isinstance(phrases, dict):
            yield f"There is no group [{group}]. The groups: {', '.join(f'[{each}]' for each in wanted)}."
    for group, phrases in wanted.items():
        own = groups.get(group, {})
        if isinstance(own, dict):
            yield from _group_problems(toml, group, own, phrases)


def _group_problems(toml: str, group: str, own: Mapping[str, Any], wanted: Mapping[str, str]) -> Iterator[str]:
    for name in wanted:
        if name not in own:
            yield f'[{group}] lacks the phrase {name}. Add a line: {name} = "...".'
    for name, text in own.items():
        line = _line_of_phrase(toml, group, name)
        if not isinstance(text, str) or not text.strip():
            yield f"Line {line}: {name} is no text, or an empty one. Write a text in double quotes."
            continue
        problems = (_placeholder_problems if name in wanted else _unknown)(text, _known_in(wanted, name), line)
        yield from (f"[{group}] {name}: {problem}" for problem in problems)


def _known(name: str) -> Collection[str]:
    return placeholders(getattr(built_in(), name))


def _known_in(phrases: Mapping[str, str], name: str) -> Collection[str]:
    """A phrase that the built-in ones do not have may hold what any of its group holds."""
    return placeholders(phrases[name] if name in phrases else " ".join(phrases.values()))


def _line_of_phrase(toml: str, group: str, name: str) -> int:
    inside = False
    for number, line in enumerate(toml.splitlines(), 1):
        if found := _GROUP.match(line):
            inside = found[1].strip() == group
        elif inside and line.partition("=")[0].strip().strip("\"'") == name:
            return number
    return 1


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
