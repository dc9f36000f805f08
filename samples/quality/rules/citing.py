"""Rules on authorities: that they can exist, can be read, are listed, and are of the right legal system."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import islice

from samples.citations.citation import Citation
from samples.citations.finding import citations_in
from samples.citations.judging import possible
from samples.citations.judging.problem import Problem
from samples.citations.listing import authorities as listed_authorities
from samples.citations.listing import entries, listed_citations
from samples.citations.parties import are_same
from samples.citations.systems import NAMES, is_foreign, system
from samples.quality.draft import Draft
from samples.quality.findings import Severity
from samples.quality.rule import Broken, Rule
from samples.taxonomy.requirements import Requirements

FIELDS = ("question", "answer", "case_citation", "reasoning")
SHOWN_MAX = 120
UNLISTED_MAX = 20
"""Of one rule; each more costs a look at the whole list, which a model that runs on makes as long as it likes."""
LISTED = "Protection from Eviction Act 1977, s 3; Housing Act 1988, s 27"
ASKED = Requirements(
    jurisdiction="england_wales",
    sample_type="",
    difficulty="",
    sections=(),
    words=(5, 500),
    reasoning_steps=(2, 2),
    citations=(1, None),
    wants_scenario=False,
)
"""Of an example: its jurisdiction, and what it is in all else."""
Clock = Callable[[], date]


def authorities(draft: Draft) -> tuple[Citation, ...]:
    """The distinct authorities that the draft lists, other reports of one case left out."""
    return listed_authorities(draft.case_citation)


def cited(draft: Draft, field: str) -> tuple[Citation, ...]:
    """The distinct citations of a field."""
    return _distinct(getattr(draft, field), is_list=field == "case_citation")


@lru_cache(maxsize=16)
def _distinct(text: str, *, is_list: bool) -> tuple[Citation, ...]:
    found = listed_citations(text) if is_list else citations_in(text)
    return tuple({citation.key: citation for citation in reversed(found)}.values())[::-1]


@lru_cache(maxsize=16)
def _problems(text: str, today: date, *, is_list: bool) -> tuple[tuple[Citation, Problem], ...]:
    """The citations that cannot be right. Kept, for two rules tell of them."""
    judged = ((citation, possible(citation, today)) for citation in _distinct(text, is_list=is_list))
    return tuple((citation, problem) for citation, problem in judged if problem is not None)


def utc_today() -> date:
    return datetime.now(UTC).date()


def rules(today: Clock = utc_today) -> tuple[Rule, ...]:
    """``today``: what comes after it cannot be cited."""

    def judged(draft: Draft, *, is_certain: bool) -> Iterator[Broken]:
        for field in FIELDS:
            for citation, problem in _problems(getattr(draft, field), today(), is_list=field == "case_citation"):
                if problem.is_certain is is_certain:
                    yield field, f"'{shown(citation.raw)}' {_cannot(is_certain)}: {problem.says}"

    def impossible(draft: Draft, _: Requirements | None) -> Iterable[Broken]:
        return judged(draft, is_certain=True)

    def doubtful(draft: Draft, _: Requirements | None) -> Iterable[Broken]:
        return judged(draft, is_certain=False)

    return (
        Rule(
            "impossible_citation",
            Severity.REJECT,
            "Every citation can exist: its court, series, year, volume and number fit each other.",
            f"{LISTED}; Jones v Kaney [2011] UKSC 13",
            f"{LISTED}; Smith v Jones [2005] UKSC 12",
            impossible,
            "case_citation",
        ),
        Rule(
            "doubtful_citation",
            Severity.FLAG,
            "No citation is by a number that was given long after the judgment, or of a series that nobody knows.",
            f"{LISTED}; Donoghue v Stevenson [1932] AC 562",
            f"{LISTED}; Donoghue v Stevenson [1932] UKHL 100",
            doubtful,
            "case_citation",
        ),
        *_STANDING,
    )


def _cannot(is_certain: bool) -> str:
    return "cannot exist" if is_certain else "is doubtful"


def shown(raw: str) -> str:
    return raw if len(raw) <= SHOWN_MAX else f"{raw[:SHOWN_MAX]}..."


def _none_readable(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    found = entries(draft.case_citation)
    if not any(entry.citations for entry in found):
        yield "case_citation", f"'{shown(draft.case_citation.strip())}' names no authority with its citation"


def _some_unreadable(draft: Draft, _: Requirements | None) -> Iterator[Broken]:
    found = entries(draft.case_citation)
    if any(entry.citations for entry in found):
        for entry in found:
            if not entry.citations:
                yield "case_citation", f"'{shown(entry.text)}' cannot be read as an authority: give its full citation"


def _unlisted(draft: Draft, *, is_case: bool) -> Iterator[Broken]:
    listed = listed_citations(draft.case_citation)
    told = {citation.key for citation in listed}
    if not listed:
        return
    for field in ("answer", "reasoning"):
        for citation in cited(draft, field):
            if citation.kind.is_case is is_case and citation.key not in told and not _is_named(citation, listed):
                told.add(citation.key)
                yield field, f"'{shown(citation.raw)}' is cited here and not listed in case_citation"


def _is_named(citation: Citation, listed: tuple[Citation, ...]) -> bool:
    """Whether a case of its name is listed, with the number of another report."""
    return citation.kind.is_case and any(
        other.kind.is_case and are_same(citation.parties, other.parties) for other in listed
    )


def _unlisted_cases(draft: Draft, _: Requirements | None) -> Iterable[Broken]:
    return islice(_unlisted(draft, is_case=True), UNLISTED_MAX)


def _unlisted_statutes(draft: Draft, _: Requirements | None) -> Iterable[Broken]:
    return islice(_unlisted(draft, is_case=False), UNLISTED_MAX)


def _foreign(draft: Draft, wanted: Requirements | None) -> Iterator[Broken]:
    if wanted is None:
        return
    for citation in authorities(draft):
        if is_foreign(citation, wanted.jurisdiction):
            home = NAMES.get(wanted.jurisdiction, wanted.jurisdiction)
            yield (
                "case_citation",
                f"'{shown(citation.raw)}' is of {NAMES[system(citation)]}; the example is about {home}",
            )


_STANDING = (
    Rule(
        "no_readable_citation",
        Severity.REJECT,
        "What case_citation lists are authorities with their citations.",
        LISTED,
        "the leading cases on eviction",
        _none_readable,
        "case_citation",
    ),
    Rule(
        "unreadable_citation",
        Severity.FLAG,
        "Each entry between semicolons of case_citation is an authority with its citation.",
        f"{LISTED}; Donoghue v Stevenson [1932] AC 562",
        f"{LISTED}; the leading cases on negligence",
        _some_unreadable,
        "case_citation",
    ),
    Rule(
        "unlisted_case",
        Severity.REJECT,
        "Every case that answer or reasoning cites is listed in case_citation.",
        "Ann can sue for damages, for her landlord had no court's order (Protection from Eviction Act 1977, s 3).",
        "Ann can sue for damages: see Street v Mountford [1985] AC 809. Her landlord had no court's order.",
        _unlisted_cases,
    ),
    Rule(
        "unlisted_statute",
        Severity.FLAG,
        "Every act, rule and treaty that answer or reasoning cites is listed in case_citation.",
        "Ann can sue for damages, for her landlord had no court's order (Protection from Eviction Act 1977, s 3).",
        "Ann can sue for damages, and the Theft Act 1968, s 1 does not help her landlord.",
        _unlisted_statutes,
    ),
    Rule(
        "foreign_authority",
        Severity.FLAG,
        "The listed authorities are of the jurisdiction that was asked for, or part of its law.",
        f"{LISTED}; Street v Mountford [1985] AC 809",
        f"{LISTED}; Palsgraf v. Long Island R.R. Co., 248 N.Y. 339 (1928)",
        _foreign,
        "case_citation",
        asked=ASKED,
    ),
)

RULES = rules()
