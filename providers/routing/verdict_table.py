"""The table of verdicts in words, as it stands in docs/engine.md: ``python -m providers.routing.verdict_table``."""

from collections.abc import Iterator

from providers.llm.errors import ErrorKind
from providers.routing.verdicts import DAY_S, HOUR_S, MINUTE_S, PROVIDER_OUTAGE, VERDICTS, Scope, Verdict

HEAD = "| Kind | Same route again | Suspends | From failure | For | Counts against the item |"
UNITS = ((DAY_S, "d"), (HOUR_S, "h"), (MINUTE_S, "min"), (1.0, "s"))


def markdown() -> str:
    rule = "|" + "---|" * (HEAD.count("|") - 1)
    return "\n".join([HEAD, rule, *_rows()])


def _rows() -> Iterator[str]:
    for kind in ErrorKind:
        verdict = VERDICTS[kind]
        yield _row(f"`{kind}`", "once" if verdict.asks_again else "no", verdict)
    outages = ", ".join(f"`{kind}`" for kind in ErrorKind if VERDICTS[kind].speaks_against_provider)
    yield _row(f"a route suspended by {outages}", "", PROVIDER_OUTAGE)


def _row(what: str, again: str, verdict: Verdict) -> str:
    if verdict.suspends is Scope.NOTHING:
        suspension = ("nothing", "", "")
    else:
        suspension = (f"the {verdict.suspends}", str(verdict.opens_after), _time(verdict))
    return f"| {' | '.join((what, again, *suspension, 'yes' if verdict.blames_item else 'no'))} |"


def _time(verdict: Verdict) -> str:
    return f"{_duration(verdict.open_s)}, doubled each time, {_duration(verdict.max_open_s)} at most"


def _duration(seconds: float) -> str:
    size, unit = next((size, unit) for size, unit in UNITS if seconds >= size and seconds % size == 0)
    return f"{seconds / size:g} {unit}"


if __name__ == "__main__":
    print(markdown())  # noqa: T201 - the output of a command
