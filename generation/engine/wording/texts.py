"""The texts that a prompt is made of. The files in ``generation/prompts`` are the built-in ones."""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from string import Template
from typing import Any, Self

from providers.llm.text import storable

FOLDER = Path(__file__).parent.parent.parent / "prompts"
NAMES = ("system", "sample", "reask", "phrases")
KEPT_PARSED = 32

Phrases = dict[str, dict[str, str]]


class UnknownNameError(LookupError):
    """A text holds a $name that this release does not fill in."""


@dataclass(frozen=True, slots=True)
class PromptTexts:
    """``system`` and ``sample`` are the two messages of a request, ``reask`` is the one after a wrong answer.

    ``phrases`` is TOML: groups of phrases, of which the item decides which ones are used. $names are filled in.
    """

    system: str
    sample: str
    reask: str
    phrases: str

    @classmethod
    def of(cls, content: Mapping[str, Any]) -> Self:
        """From what a person or a file gave: with one kind of line end, and without blanks around."""
        return cls(**{name: _tidy(str(content.get(name, ""))) for name in NAMES})

    @property
    def content(self) -> dict[str, str]:
        return asdict(self)

    @property
    def digest(self) -> str:
        """The same for the same texts, word for word."""
        parts = (f"{name}\0{text}\0" for name, text in self.content.items())
        return sha256("".join(parts).encode()).hexdigest()

    def filled(self, name: str, **values: str | int) -> str:
        """One of the texts with its $names filled in. Raises UnknownNameError for one that has no value."""
        return _filled(getattr(self, name), values)

    def has_phrase(self, group: str, name: str) -> bool:
        return any(name in parsed_phrases(text).get(group, {}) for text in (self.phrases, built_in().phrases))

    def phrase(self, group: str, name: str, **values: str | int) -> str:
        """Of a phrase that is newer than these texts, the built-in wording. Raises UnknownNameError, too."""
        own = parsed_phrases(self.phrases).get(group, {}).get(name)
        text = own if own is not None else parsed_phrases(built_in().phrases)[group][name]
        return _filled(text, values)


@cache
def built_in() -> PromptTexts:
    """The wording of this release."""
    files = {"phrases": "phrases.toml", **{name: f"{name}.txt" for name in NAMES[:-1]}}
    return PromptTexts.of({name: (FOLDER / file).read_text(encoding="utf-8") for name, file in files.items()})


@lru_cache(maxsize=KEPT_PARSED)
def parsed_phrases(toml: str) -> Phrases:
    """Raises tomllib.TOMLDecodeError, which names the line."""
    groups: Phrases = tomllib.loads(toml)
    return groups


def _filled(text: str, values: Mapping[str, str | int]) -> str:
    try:
        return Template(text).substitute(values)
    except KeyError as error:
        raise UnknownNameError(f"${error.args[0]} is not known") from error
    except ValueError as error:
        raise UnknownNameError("a $ begins no name") from error


def _tidy(text: str) -> str:
    return storable(text.replace("\r\n", "\n").replace("\r", "\n"))
