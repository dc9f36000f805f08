"""What was made: finished training samples, and what reviewers think of them."""

from samples.models.review import Review
from samples.models.sample import Sample

__all__ = ["Review", "Sample"]
