"""Authorities that models invented and that courts have named as such."""

from samples.citations import tables
from samples.citations.citation import Citation
from samples.citations.judging.problem import Problem
from samples.citations.parties import are_same


def known(citation: Citation) -> Problem | None:
    """By number and name together: a number alone may be that of a real case."""
    for parties, told_by in tables.inventions().get(citation.key, ()):
        if are_same(parties, citation.parties):
            return Problem(f"a model invented it, as {told_by} found")
    return None
