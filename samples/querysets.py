from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.db import models
from django.db.models import Value
from django.db.models.functions import Concat

if TYPE_CHECKING:
    from samples.models import Sample  # noqa: F401 - named in strings


# Characters that no text of a model holds, so that what they mark can be told from it.
FOUND, FOUND_END = "\x01", "\x02"


class SampleQuerySet(models.QuerySet["Sample"]):
    def of_batch(self, batch_id: int) -> "SampleQuerySet":
        """A batch's samples in the order of its items."""
        return self.filter(batch_id=batch_id).order_by("item_number")

    def matching(self, words: str) -> "SampleQuerySet":
        """Full-text search in question, answer and citation; uses the index ``samples_search``."""
        vector = SearchVector("question", "answer", "case_citation", config="english")
        query = SearchQuery(words, config="english", search_type="websearch")
        return self.annotate(document=vector).filter(document=query)

    def found(self, words: str) -> dict[int, str]:
        """By key: where in question, answer or citation the words stand, between FOUND and FOUND_END.

        It reads whole texts: for the rows of one page, not for all.
        """
        break_ = Value("\n")
        text = Concat("question", break_, "answer", break_, "case_citation", output_field=models.TextField())
        headline = SearchHeadline(
            text,
            SearchQuery(words, config="english", search_type="websearch"),
            config="english",
            start_sel=FOUND,
            stop_sel=FOUND_END,
            max_words=30,
            min_words=12,
            max_fragments=2,
            fragment_delimiter=" … ",
        )
        return dict(self.annotate(headline=headline).values_list("pk", "headline"))

    def noted(self) -> "SampleQuerySet":
        """Those with a reviewer's note; uses the index ``samples_noted``."""
        return self.exclude(review_note="")

    def without_note(self) -> "SampleQuerySet":
        return self.filter(review_note="")
