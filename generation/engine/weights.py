"""How often the values of a mix come beside each other: words with whole numbers."""

import re
from collections.abc import Collection, Iterator, Mapping

from generation.engine.vocabulary import QUOTED_MAX, fold, vocabularies
from samples.taxonomy import Taxonomy

Weights = Mapping[str, Mapping[str, int]]
"""By field of an order, its words with their weights."""

WEIGHT_MAX = 100
AXES = ("jurisdictions", "topics", "difficulties", "sample_types")
PLANNED_MAX = 2_000_000
"""Sum of an axis' weights by its values, at most: a round of the mix takes so many looks."""
TYPED = "uk:3, us:1"
EXAMPLE = '{"jurisdictions": {"uk": 3, "us": 1}}'


def weights_error(weights: Weights, chosen: Mapping[str, Collection[str]], known: Taxonomy) -> str:
    """The first thing that is wrong with the weights, with its remedy; empty where nothing is.

    ``chosen`` are an order's words by field; none means all.
    """
    return next(_errors(weights, chosen, known), "")


def _errors(weights: Weights, chosen: Mapping[str, Collection[str]], known: Taxonomy) -> Iterator[str]:
    if not isinstance(weights, Mapping):
        yield f"Give an object, such as {EXAMPLE}."
        return
    for axis, given in weights.items():
        if axis not in AXES:
            yield f"There is no '{str(axis)[:QUOTED_MAX]}' to weigh. Weigh any of: {', '.join(AXES)}."
        elif not isinstance(given, Mapping):
            yield f"Give {axis} as words with whole numbers, such as {EXAMPLE}."
        else:
            yield from _axis_errors(axis, given, chosen.get(axis, ()), known)


def _axis_errors(axis: str, given: Mapping[str, int], chosen: Collection[str], known: Taxonomy) -> Iterator[str]:
    spoken = vocabularies(known)[axis]
    if problem := spoken.unknown(given):
        yield f"{axis}: {problem}"
    for word, weight in given.items():
        if isinstance(weight, bool) or not isinstance(weight, int) or not 0 <= weight <= WEIGHT_MAX:
            yield f"{axis}: give '{word[:QUOTED_MAX]}' a whole number from 0 to {WEIGHT_MAX}, 0 for none of it."
    meant = [spoken.meant.get(fold(word), "") for word in given]
    if twice := next((word for word, id_ in zip(given, meant, strict=True) if meant.count(id_) > 1), None):
        yield f"{axis}: '{twice}' is weighed twice. Give it one weight."
    wanted = spoken.ids(chosen) or set(spoken.meant.values())
    if axis == "jurisdictions":
        yield from _whole_and_part(meant, known)
        wanted = {*known.with_parts(wanted), *(known.jurisdiction(id_).part_of for id_ in wanted)}
    total = len(wanted) + sum(weight - 1 for weight in given.values() if isinstance(weight, int))
    if total * len(wanted) > PLANNED_MAX:
        problem = f"weights of {total:,} in sum are too many for {len(wanted):,} words"
        yield f"{axis}: {problem}. Give smaller ones, or choose fewer words."
    if strange := next((word for word, id_ in zip(given, meant, strict=True) if id_ not in wanted), None):
        yield f"{axis}: '{strange}' is not among those chosen ({', '.join(chosen)}). Choose it too, or leave it out."


def _whole_and_part(meant: Collection[str], known: Taxonomy) -> Iterator[str]:
    for id_ in meant:
        if (whole := known.jurisdiction(id_).part_of) in meant:
            yield f"jurisdictions: '{id_}' is a part of '{whole}'. Weigh either the whole or its parts."


def weights_by_id(weights: Weights, axis: str, known: Taxonomy) -> dict[str, int]:
    """Of one field of an order that ``weights_error`` finds no fault with: by id, those that are named."""
    meant = vocabularies(known)[axis].meant
    return {meant[fold(word)]: weight for word, weight in weights.get(axis, {}).items()}


def weighed_as(home: str, weights: Mapping[str, int], known: Taxonomy) -> str:
    """What a jurisdiction's weight is looked up by: the whole that it is a part of, unless its parts are weighed."""
    whole = known.jurisdiction(home).part_of
    return home if not whole or any(part in weights for part in known.parts(whole)) else whole


def weights_in(text: str, known: Taxonomy) -> Weights:
    """Weights as people type them, such as "uk:3, us:1". ValueError says what is wrong with it.

    What cannot be weighed is left to ``weights_error``, as a weight that is too high.
    """
    weights: dict[str, dict[str, int]] = {}
    spoken = vocabularies(known)
    for entry in filter(None, map(str.strip, re.split(r"[,;\n]", text))):
        word, _, weight = (part.strip() for part in entry.rpartition(":"))
        axis = next((axis for axis in AXES if spoken[axis].ids([word])), None)
        if not re.fullmatch(r"\d{1,9}", weight, re.ASCII) or not word:
            raise ValueError(f"'{entry[:QUOTED_MAX]}' is no weight. Give words with whole numbers, such as {TYPED}.")
        if axis is None:
            raise ValueError(
                f"'{word[:QUOTED_MAX]}' is no jurisdiction, topic, difficulty or sample type. Give such as {TYPED}."
            )
        if word in weights.setdefault(axis, {}):
            raise ValueError(f"'{word[:QUOTED_MAX]}' is weighed twice. Give it one weight.")
        weights[axis][word] = int(weight)
    return weights


def weight_words(weights: Weights) -> str:
    """As ``weights_in`` reads them; empty where there are none."""
    return ", ".join(f"{word}:{weight}" for given in weights.values() for word, weight in given.items())
