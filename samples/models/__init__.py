"""What was made: finished training samples, what reviewers think of them, and what kinds of samples there are."""

from samples.models.difficulty import Difficulty
from samples.models.edition import Edition, TaxonomyMark
from samples.models.jurisdiction import Jurisdiction
from samples.models.review import Review
from samples.models.sample import Sample
from samples.models.sample_type import SampleType
from samples.models.term import Term
from samples.models.topic import Topic

__all__ = [
    "Difficulty",
    "Edition",
    "Jurisdiction",
    "Review",
    "Sample",
    "SampleType",
    "TaxonomyMark",
    "Term",
    "Topic",
]
