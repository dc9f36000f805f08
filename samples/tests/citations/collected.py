"""Authorities that people know, and citations that cannot be, from ``data/``."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")


@dataclass(frozen=True, slots=True)
class Real:
    """What a citation is to be read as; several keys for several reports of one case."""

    kind: str
    text: str
    keys: tuple[str, ...]
    pinpoint: str
    parties: str


def real() -> list[Real]:
    return [_real(line) for line in lines("real.txt")]


def impossible() -> list[tuple[str, str]]:
    found = [line.split("|") for line in lines("impossible.txt")]
    return [(kind, text) for kind, text in found]


def given() -> list[dict[str, Any]]:
    """Those that came from outside, real and impossible."""
    return [json.loads(line) for line in (DATA / "given.jsonl").read_text(encoding="utf-8").splitlines()]


def lines(name: str) -> list[str]:
    text = (DATA / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _real(line: str) -> Real:
    kind, text, keys, pinpoint = line.split("|")
    before, tilde, behind = text.partition("~")
    prefix = ("Case ", "Joined Cases ")
    named = behind.partition(" [")[0].partition(", EU:")[0] if before.startswith(prefix) else before.strip(" ,(")
    return Real(kind, before + behind, tuple(keys.split("+")), pinpoint, named if tilde else "")
