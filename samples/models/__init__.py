"""What was made: finished training samples, what reviewers think of them, and what they cite."""

from samples.models.citation import Authority, SampleCitation
from samples.models.review import Review
from samples.models.sample import Sample

__all__ = ["Authority", "Review", "Sample", "SampleCitation"]
