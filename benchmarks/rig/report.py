"""What a benchmark found: one row per finding, target beside measured, in a plain table."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import eq, ge, le
from typing import Any, TypeVar

Number = TypeVar("Number", int, float)
HOLDS: Mapping[str, Callable[[Any, Any], bool]] = {"exactly": eq, "at least": ge, "at most": le}


@dataclass(frozen=True, slots=True)
class Row:
    """``held``: None where there is no target. ``is_count``: the same on any machine, so that CI may insist on it."""

    what: str
    measured: str
    target: str = ""
    held: bool | None = None
    is_count: bool = False

    @property
    def verdict(self) -> str:
        return "" if self.held is None else "held" if self.held else "MISSED"


def fact(what: str, measured: object) -> Row:
    return Row(what, str(measured))


def count(
    what: str, measured: int, *, exactly: int | None = None, at_most: int | None = None, at_least: int | None = None
) -> Row:
    """A number that does not depend on how fast the machine is."""
    terms = {"exactly": exactly, "at least": at_least, "at most": at_most}
    return Row(what, str(measured), *_compare(measured, terms, lambda number: f"{number:d}"), is_count=True)


def aim(
    what: str,
    measured: float,
    *,
    at_most: float | None = None,
    at_least: float | None = None,
    form: str = ".2f",
    unit: str = "",
) -> Row:
    """A number that depends on the machine and on what else it does."""

    def written(number: float) -> str:
        return f"{number:{form}}{unit}"

    return Row(what, written(measured), *_compare(measured, {"at least": at_least, "at most": at_most}, written))


def table(rows: Iterable[Row]) -> str:
    cells = [
        ("", "measured", "target", ""),
        *((row.what, row.measured, row.target, row.verdict) for row in rows),
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(3)]
    return "\n".join(
        f"  {what:<{widths[0]}}  {measured:>{widths[1]}}  {target:<{widths[2]}}  {verdict}".rstrip()
        for what, measured, target, verdict in cells
    )


def broken(rows: Iterable[Row]) -> list[Row]:
    """The counts that are not what they must be."""
    return [row for row in rows if row.is_count and row.held is False]


def _compare(
    measured: Number, terms: Mapping[str, Number | None], written: Callable[[Number], str]
) -> tuple[str, bool | None]:
    """The target in words, and whether it is held; None where there is none."""
    given = {words: number for words, number in terms.items() if number is not None}
    held = [HOLDS[words](measured, number) for words, number in given.items()]
    return ", ".join(f"{words} {written(number)}" for words, number in given.items()), all(held) if given else None
