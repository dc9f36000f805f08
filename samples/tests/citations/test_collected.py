"""How many of the collected authorities are found whole, and how many impossible ones are told."""

from collections import Counter
from datetime import date

import pytest

from samples.citations.finding import citations_in
from samples.citations.judging import possible
from samples.citations.listing import listed_citations
from samples.tests.citations import collected
from samples.tests.citations.collected import Real

TODAY = date(2026, 11, 28)
BY_CLASS = {
    "uk-ncn": "uk_neutral",
    "uk-law": "uk_report",
    "uk-act": "uk_act",
    "us": "us_case",
    "us-stat": "us_statute",
}


def is_whole(citations, text, wanted: Real):
    """Keys, class, parties and pinpoint are right, and nothing of the text is left over."""
    covered = {place for citation in citations for place in range(citation.start, citation.end)}
    return (
        tuple(citation.key for citation in citations) == wanted.keys
        and wanted.kind in [citation.kind for citation in citations]
        and wanted.pinpoint in [citation.pinpoint for citation in citations]
        and all(citation.parties == wanted.parties for citation in citations if wanted.parties)
        and not "".join(char for place, char in enumerate(text) if place not in covered).strip(" ,;()")
    )


def shares(found):
    """By class, how many of how many."""
    good: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for wanted, is_good in found:
        every[wanted.kind] += 1
        good[wanted.kind] += is_good
    return {kind: good[kind] / count for kind, count in every.items()}, good.total() / every.total()


def test_there_are_more_than_three_hundred_over_all_classes():
    counts = Counter(each.kind for each in collected.real())
    assert counts.total() >= 300
    assert min(counts.values()) >= 10
    assert len(collected.impossible()) >= 60


def test_in_a_list_real_ones_are_found_whole():
    found = [(each, is_whole(listed_citations(each.text), each.text, each)) for each in collected.real()]
    by_class, all_together = shares(found)
    assert all_together >= 0.95
    assert {kind: share for kind, share in by_class.items() if share < 0.9} == {}


def test_in_running_text_real_ones_are_found_whole():
    found = []
    for each in collected.real():
        text = f"The point was settled: see {each.text}. The court followed it."
        cut = [citation for citation in citations_in(text) if citation.start < len(text) - 25]
        whole = {place for citation in cut for place in range(citation.start, citation.end)}
        missing = [char for place, char in enumerate(text[27:-25], 27) if place not in whole]
        keys = tuple(citation.key for citation in cut)
        found.append((each, keys == each.keys and not "".join(missing).strip(" ,;().")))
    by_class, all_together = shares(found)
    assert all_together >= 0.95
    assert {kind: share for kind, share in by_class.items() if share < 0.9} == {}


def problems(text):
    return [problem for citation in citations_in(text) if (problem := possible(citation, TODAY))]


def test_impossible_ones_are_told():
    missed = [text for _, text in collected.impossible() if not problems(text)]
    assert len(missed) <= 0.1 * len(collected.impossible()), missed


def test_real_ones_are_hardly_ever_taken_for_impossible():
    wrong = [each.text for each in collected.real() if problems(each.text)]
    assert len(wrong) <= 0.01 * len(collected.real()), wrong
    assert not [text for text in wrong if any(problem.is_certain for problem in problems(text))]


def test_a_report_in_the_wrong_brackets_is_no_impossible_one():
    assert not problems("Heaven v Pender [1883] 11 QBD 503")
    assert not problems("Caparo Industries plc v Dickman (1990) 2 AC 605")


@pytest.mark.parametrize("row", [row for row in collected.given() if row["real"]], ids=lambda row: row["text"])
def test_a_given_real_one_is_read_in_one_piece(row):
    found = listed_citations(row["text"])
    covered = {place for citation in found for place in range(citation.start, citation.end)}
    rest = "".join(char for place, char in enumerate(row["text"]) if place not in covered)
    assert rest.strip(" ,;") in ("", "the")
    assert BY_CLASS.get(row["class"], found[0].kind) == found[0].kind
    assert not problems(row["text"])


@pytest.mark.parametrize("row", [row for row in collected.given() if not row["real"]], ids=lambda row: row["text"])
def test_a_given_impossible_one_is_told(row):
    assert problems(row["text"])
