"""What the sandbox writes for the prompts of items is what they ask for: no rule finds anything in it."""

from dataclasses import replace
from datetime import date

import pytest

from generation.engine.planning.plan import ItemSpec
from generation.engine.prompts import build_request
from providers.sandbox.pools import authorities
from providers.sandbox.samples import USUAL, VARIED, of_about, sample
from providers.sandbox.spoiling import BREAKABLE, REPEATED, spoiled
from samples.citations.listing import listed_citations
from samples.citations.systems import is_foreign
from samples.quality.checking import check
from samples.quality.draft import Draft
from samples.quality.duplicates.fingerprint import fingerprint, similarity
from samples.taxonomy import taxonomy
from samples.taxonomy.requirements import requirements

LENGTHS = {"usual": USUAL, "varied": VARIED, "3000": of_about(3_000), "90000": of_about(90_000)}


def specs(count=1, **kind):
    """Of every type, difficulty and jurisdiction that samples can be of, ``count`` each."""
    known = taxonomy()
    wholes = {entry.part_of for entry in known.jurisdictions}
    homes = [entry for entry in known.jurisdictions if entry.id not in wholes]
    for number, (home, level, sort) in enumerate(
        (home, level, sort) for home in homes for level in known.difficulties for sort in known.sample_types
    ):
        topics = [topic for topic in known.topics if topic.jurisdiction in (home.id, home.part_of)]
        topic = topics[number % len(topics)]
        scenario = known.scenario_patterns[number % 5] if sort.wants_scenario else ""
        yield ItemSpec(number + 1, home.id, topic.practice_area, topic.name, level.id, sort.id, scenario, **kind)


def prompt_of(spec, instruction=""):
    return "\n".join(message.content for message in build_request(spec, taxonomy(), instruction).messages)


def findings(spec, draft):
    kind = {"jurisdiction": spec.jurisdiction, "sample_type": spec.sample_type, "difficulty": spec.difficulty}
    return check(draft, requirements(taxonomy(), **kind))


@pytest.mark.parametrize("length", LENGTHS.values(), ids=LENGTHS)
def test_its_samples_of_every_kind_break_no_rule_at_all(length):
    for spec in specs(seed=7):
        assert findings(spec, Draft(**sample(prompt_of(spec), length))) == ()


def test_an_instruction_that_speaks_of_words_and_authorities_does_not_mislead_it():
    instruction = "In the question at least 900 words, with 7 to 9 authorities, and in 20 to 30 numbered steps."
    for spec in list(specs())[::9]:
        assert findings(spec, Draft(**sample(prompt_of(spec, instruction)))) == ()


def test_nothing_in_it_is_later_than_the_day_whose_law_is_asked_for():
    for spec in list(specs(as_at=date(2012, 5, 3)))[::9]:
        written = " ".join(sample(prompt_of(spec)).values())
        assert not any(str(year) in written for year in range(2012, 2026))


OCCASIONAL = {
    "sections",
    "headings",
    "steps",
    "more_steps",
    "unwanted_steps",
    "authorities",
    "more_authorities",
    "date",
}
OCCASIONAL |= {"doubtful_citation", "foreign_authority"}
"""Rules that not every prompt gives an occasion to break."""


@pytest.mark.parametrize("rule", sorted(BREAKABLE - REPEATED.keys()))
def test_by_name_it_breaks_one_rule_and_no_other(rule):
    broken = [
        {finding.rule for finding in findings(spec, Draft(**spoiled(prompt_of(spec), rule)))}
        for spec in list(specs(seed=3))[::5]
    ]
    assert [rule] in [list(rules) for rules in broken]
    assert all(rules == {rule} or (not rules and rule in OCCASIONAL) for rules in broken)


def test_by_name_it_repeats_itself_for_all_items_of_a_kind():
    spec = next(specs(seed=3))
    prompts = [prompt_of(replace(spec, number=number)) for number in (1, 2)]
    twins = [Draft(**spoiled(prompt, "duplicate")) for prompt in prompts]
    assert twins[0] == twins[1]
    cousins = [Draft(**spoiled(prompt, "near_duplicate")) for prompt in prompts]
    assert fingerprint(cousins[0]).text_hash != fingerprint(cousins[1]).text_hash
    assert similarity(*cousins) > 0.95
    assert [findings(spec, draft) for draft in (*twins, *cousins)] == [()] * 4


def test_an_edited_wording_that_it_does_not_know_still_gets_a_whole_sample():
    prompt = "Write me a sample with the keys question, answer, case_citation and reasoning. Law of Ruritania."
    assert check(Draft(**sample(prompt))) == ()


@pytest.mark.parametrize("home", taxonomy().jurisdictions, ids=lambda entry: entry.id)
def test_its_authorities_are_of_the_jurisdiction_and_can_all_be_read(home):
    known = authorities(home.name, home.language == "en-US", None)
    found = [listed_citations(each.citation) for each in known]
    assert len(known) >= 12
    assert all(len({citation.parties for citation in citations}) == 1 for citations in found)
    assert not any(is_foreign(citation, home.id) for citations in found for citation in citations)
