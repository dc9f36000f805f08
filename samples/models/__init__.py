"""What was made: finished training samples, what reviewers think of them, by what their duplicates are found, and what
kinds of samples there are."""

from samples.models.citation import Authority, SampleCitation
from samples.models.difficulty import Difficulty
from samples.models.duplicates import Band, Signature
from samples.models.edition import Edition, TaxonomyMark
from samples.models.jurisdiction import Jurisdiction
from samples.models.review import Review
from samples.models.sample import Sample
from samples.models.sample_type import SampleType
from samples.models.term import Term
from samples.models.topic import Topic

__all__ = [
    "Authority",
    "Band",
    "Difficulty",
    "Edition",
    "Jurisdiction",
    "Review",
    "Sample",
    "SampleCitation",
    "SampleType",
    "Signature",
    "TaxonomyMark",
    "Term",
    "Topic",
]
