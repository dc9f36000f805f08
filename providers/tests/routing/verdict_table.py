"""The table of verdicts in words, as in docs/engine.md: ``python -m providers.tests.routing.verdict_table``."""

from collections.abc import Iterator

from providers.llm.errors import ErrorKind
from providers.routing.explaining.durations import exactly
from providers.routing.verdicts import PROVIDER_OUTAGE, VERDICTS, Scope, Verdict

HEAD = "| Kind | Same route again | Suspends | From failure | For | Counts against the item |"


def markdown() -> str:
    rule = "|" + "---|" * (HEAD.count("|") - 1)
    return "\n".join([HEAD, rule, *_rows()])


def _rows() -> Iterator[str]:
    for kind in ErrorKind:
        verdict = VERDICTS[kind]
        yield _row(f"`{kind}`", "once" if verdict.asks_again else "no", verdict)
    outages = ", ".join(f"`{kind}`" for kind in ErrorKind if VERDICTS[kind].is_outage)
    yield _row(f"models in a row suspended by {outages}", "", PROVIDER_OUTAGE)


def _row(what: str, again: str, verdict: Verdict) -> str:
    if verdict.suspends is Scope.NOTHING:
        suspension = ("nothing", "", "")
    else:
        after = f"{verdict.opens_after} items in a row" if verdict.is_refusal else str(verdict.opens_after)
        suspension = (f"the {verdict.suspends}", after, _time(verdict))
    return f"| {' | '.join((what, again, *suspension, _blame(verdict)))} |"


def _blame(verdict: Verdict) -> str:
    if verdict.is_refusal:
        return "where others pass"
    if verdict.is_outage:
        return "where it alone meets it"
    return "yes" if verdict.blames_item else "no"


def _time(verdict: Verdict) -> str:
    if verdict.open_s == verdict.max_open_s:
        return exactly(verdict.open_s)
    return f"{exactly(verdict.open_s)}, doubled each time, {exactly(verdict.max_open_s)} at most"


if __name__ == "__main__":
    print(markdown())  # noqa: T201 - the output of a command
