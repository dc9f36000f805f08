"""What was made: finished training samples, what reviewers think of them, and by what their duplicates are found."""

from samples.models.duplicates import Band, Signature
from samples.models.review import Review
from samples.models.sample import Sample

__all__ = ["Band", "Review", "Sample", "Signature"]
