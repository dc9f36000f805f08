"""Whether the model that answered is surely another one than the model that was asked for. Pure.

Vendors answer with aliases, dated snapshots, paths and builds of the model asked for; those are the same. Only where
both names tell a family, a size, a version, a tier or a date, and those differ, is it another one: a name that tells
nothing, such as that of an Azure deployment, may stand for any model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_FAMILIES = (
    "gpt gptoss o claude gemini gemma llama codellama mistral mixtral ministral magistral codestral devstral pixtral "
    "qwen qwq deepseek grok kimi glm phi command nova jamba yi falcon olmo granite nemotron hermes minimax ernie "
    "doubao hunyuan palm bison davinci titan sonar solar starcoder dbrx exaone"
)
FAMILIES = frozenset(_FAMILIES.split())
OTHER_NAMES = {"chatgpt": "gpt", "chatglm": "glm"}
_TIERS = (
    "mini nano micro lite tiny small medium large pro flash ultra opus sonnet haiku plus max air coder distill vision "
    "image audio scout maverick reasoner embed guard"
)
TIERS = frozenset(_TIERS.split())
TRIALS = frozenset({"preview", "exp", "experimental", "beta"})

_BUILD = re.compile(
    r"[-_.](?:gguf|ggml|safetensors|bin|awq|gptq|exl2|mlx)\b|[-_.:]i?q\d(?:_[a-z0-9]+)*\b|[-_](?:fp|bf|int|f|w)\d+(?:a\d+)?\b"
    r"|[-_](?:mx|nv)fp4\b|[-_]\d+bit\b|-\d{5}-of-\d{5}\b"
)
_SIZE = re.compile(r"[ae]?\d+(?:\.\d+)?(?:x\d+(?:\.\d+)?)?[bm]")
_VERSION = re.compile(r"[a-z]?(?:0|[1-9]\d?)(?:\.\d{1,2})*[acdf-jln-z]?")  # 4o; but 8b is a size, 32k a context
_GLUED = re.compile(r"([a-z]{2,}|o)(\d[\d.]*[a-z]?)")


@dataclass(frozen=True, slots=True)
class _Name:
    """What a model's name tells; empty where it does not."""

    families: frozenset[str]
    version: str
    sizes: frozenset[str]
    tiers: frozenset[str]
    date: str


def other_model(asked: str, answered: str) -> str:
    """``answered`` where that is surely another model than the one asked for; else nothing."""
    return answered if is_other(asked, answered) else ""


def is_other(asked: str, answered: str) -> bool:
    if not answered.strip() or _bare(asked) == _bare(answered):
        return False
    ours, theirs = _read(asked), _read(answered)
    if not ours.families or not theirs.families:
        return False
    if not ours.families & theirs.families or _differ(ours.sizes, theirs.sizes):
        return True
    if ours.version and theirs.version:
        return (
            ours.version != theirs.version or ours.tiers != theirs.tiers or not _may_be_one_day(ours.date, theirs.date)
        )
    return _differ(ours.tiers, theirs.tiers) or not _may_be_one_day(ours.date, theirs.date)


def _differ(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return bool(ours and theirs) and not ours & theirs


def _may_be_one_day(ours: str, theirs: str) -> bool:
    """Vendors write dates in full or in part, and number revisions: 001 says nothing of a date."""
    if not ours or not theirs or (len(ours) == 3) != (len(theirs) == 3):
        return True
    return ours in theirs or theirs in ours or sorted(ours) == sorted(theirs)


def _bare(name: str) -> str:
    """Without path, region, vendor and build; in lower case."""
    last = name.strip().lower().replace("\\", "/").rstrip("/").rpartition("/")[2]
    return _BUILD.sub("", last)


def _words(bare: str) -> Iterator[str]:
    """Family and version apart, however they are glued: llama3.1, llama-v3p1, gpt4o."""
    text = re.sub(r"(?<=\d)p(?=\d)", ".", bare.replace("gpt-oss", "gptoss"))
    for word in re.split(r"[^a-z0-9.]+|(?<!\d)\.|\.(?!\d)", text):
        glued = _GLUED.fullmatch(word)
        yield from glued.groups() if glued else filter(None, (word,))


def _read(name: str) -> _Name:
    version, dates, others = list[str](), list[str](), list[str]()
    has_family, is_open = False, True  # a version follows its family, and stands before all else that looks like one
    for word in _words(_bare(name)):
        if is_open and has_family and _VERSION.fullmatch(word) and (not version or word.isdigit()):
            version.append(word)
            continue
        is_open = is_open and not version and not word.isdigit() and word not in TRIALS
        has_family = has_family or _family(word) in FAMILIES
        if not word.isdigit():
            others.append(word)
        elif _is_dated(word, dates):
            dates.append(word)
    return _Name(
        frozenset(map(_family, others)) & FAMILIES,
        _plain(version),
        frozenset(word for word in others if _SIZE.fullmatch(word)),
        frozenset(others) & TIERS,
        "".join(dates),
    )


def _family(word: str) -> str:
    return OTHER_NAMES.get(word, word)


def _is_dated(word: str, before: Sequence[str]) -> bool:
    """A date or a part of one, or the number of a revision; not the size of a context."""
    return len(word) in (4, 6, 8) or (len(word) in (2, 3) and word[0] == "0") or (len(word) == 2 and bool(before))


def _plain(version: Sequence[str]) -> str:
    """35 for 3.5, 3-5 and v3.5 alike, 2 for 2.0."""
    parts = [part for word in version for part in word.removeprefix("v").split(".")]
    while len(parts) > 1 and parts[-1] == "0":
        parts.pop()
    return "".join(parts)
