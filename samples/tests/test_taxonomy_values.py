"""Taxonomies as values: as plain data and back, with some of it off, and what people call what."""

import json
from dataclasses import replace

import pytest

from samples.taxonomy import taxonomy
from samples.taxonomy.in_use import Off, in_use, nothing_left
from samples.taxonomy.plain import as_plain, fingerprint, read_plain
from samples.taxonomy.values import SampleType, Taxonomy
from samples.taxonomy.words import names_in, words_meant

PARTS = frozenset(("england_wales", "scotland", "northern_ireland"))


def off(**words):
    return in_use(taxonomy(), Off(**{kind: frozenset(names) for kind, names in words.items()}))


def ids(entries):
    return {entry.id for entry in entries}


# --- plain data ----------------------------------------------------------------
def test_what_comes_back_from_json_is_what_went_in():
    assert read_plain(Taxonomy, json.loads(json.dumps(as_plain(taxonomy())))) == taxonomy()


def test_what_an_earlier_version_wrote_takes_the_defaults_of_what_it_lacks():
    plain = as_plain(taxonomy().sample_type("simple_qa"))
    del plain["wants_scenario"], plain["guidance"]
    read = read_plain(SampleType, {**plain, "gone": 1})

    assert (read.id, read.wants_scenario, read.guidance) == ("simple_qa", True, "")


def test_the_fingerprint_differs_where_anything_does():
    known = taxonomy()
    changed = replace(known, difficulties=(replace(known.difficulties[0], complexity="x"), *known.difficulties[1:]))

    assert fingerprint(known) == fingerprint(read_plain(Taxonomy, as_plain(known)))
    assert fingerprint(known) != fingerprint(changed)
    assert fingerprint(known) != fingerprint(replace(known, topics=known.topics[::-1]))


# --- what is off -----------------------------------------------------------------
def test_with_nothing_off_everything_is_in_use():
    assert off() == taxonomy()


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        (["us"], {"us"}),
        (["scotland"], {"scotland"}),
        (["uk"], {"uk", *PARTS}),
        (PARTS, {"uk", *PARTS}),
    ],
)
def test_a_part_goes_with_its_whole_and_a_whole_with_its_last_part(words, gone):
    left = off(jurisdictions=words)

    assert ids(taxonomy().jurisdictions) - ids(left.jurisdictions) == gone
    assert {topic.jurisdiction for topic in left.topics} <= ids(left.jurisdictions)


def test_a_topic_that_only_a_part_knows_goes_with_it():
    known = taxonomy()
    special = replace(known.topics[0], name="Udal Law", jurisdiction="uk", only_in=("scotland",))
    left = in_use(replace(known, topics=(special, *known.topics)), Off(jurisdictions=frozenset(["scotland"])))

    assert left.topic("Udal Law") is None
    assert left.topic(known.topics[0].name)


@pytest.mark.parametrize(
    ("usual", "instead"), [("expert", "advanced"), ("intermediate", "basic"), ("basic", "intermediate")]
)
def test_a_topic_whose_difficulty_is_off_takes_the_nearest_and_of_two_the_easier(usual, instead):
    known = replace(taxonomy(), topics=(replace(taxonomy().topics[0], difficulty=usual),))

    assert in_use(known, Off(difficulties=frozenset([usual]))).topics[0].difficulty == instead


@pytest.mark.parametrize(
    ("kind", "told"),
    [("jurisdictions", "jurisdiction"), ("difficulties", "difficulty"), ("sample_types", "sample type")],
)
def test_the_kind_of_which_nothing_is_left_is_named(kind, told):
    assert nothing_left(off(**{kind: ids(getattr(taxonomy(), kind))})) == told
    assert nothing_left(taxonomy()) == ""


# --- words -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("field", "name", "words"),
    [
        ("jurisdiction", "uk", {"uk", *PARTS}),
        ("jurisdiction", "Great  Britain", {"uk", *PARTS}),
        ("jurisdiction", "scotland", {"scotland"}),
        ("jurisdiction", "mars", {"mars"}),
        ("difficulty", "foundational", {"basic"}),
        ("sample_type", "simple_qa", {"simple_qa"}),
        ("topic", "Law of the Moon", {"Law of the Moon"}),
    ],
)
def test_who_filters_by_a_name_means_these_words(field, name, words):
    assert set(words_meant(taxonomy(), field, name)) == words


def test_a_topic_is_found_by_names_that_it_once_had():
    known = taxonomy()
    renamed = replace(known, topics=(replace(known.topics[0], name="New", aliases=("Old",)), *known.topics[1:]))

    assert words_meant(renamed, "topic", "Old") == words_meant(renamed, "topic", "New") == ("New", "Old")


def test_every_word_has_a_name():
    assert names_in(taxonomy())["jurisdiction"]["uk"] == "United Kingdom"
    assert set(names_in(taxonomy())) == {"jurisdiction", "difficulty", "sample_type", "topic"}
