from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import models

if TYPE_CHECKING:
    from samples.models import Sample  # noqa: F401 - named in strings


class SampleQuerySet(models.QuerySet["Sample"]):
    def of_batch(self, batch_id: int) -> "SampleQuerySet":
        """A batch's samples in the order of its items."""
        return self.filter(batch_id=batch_id).order_by("item_number")

    def matching(self, words: str) -> "SampleQuerySet":
        """Full-text search in question, answer and citation; uses the index ``samples_search``."""
        vector = SearchVector("question", "answer", "case_citation", config="english")
        query = SearchQuery(words, config="english", search_type="websearch")
        return self.annotate(document=vector).filter(document=query)

    def noted(self) -> "SampleQuerySet":
        """Those with a reviewer's note; uses the index ``samples_noted``."""
        return self.exclude(review_note="")

    def without_note(self) -> "SampleQuerySet":
        return self.filter(review_note="")
