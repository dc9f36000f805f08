"""What can be asked of samples."""

from typing import Self, TypeVar

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchVector
from django.db import connections, models, transaction
from django.db.models import Value
from django.db.models.functions import Concat

M = TypeVar("M", bound=models.Model)
"""A queryset's row. Its model's manager says which, so that this module imports no model."""


# Characters that no text of a model holds, so that what they mark can be told from it.
FOUND, FOUND_END = "\x01", "\x02"
ANY_RULE = "any"
"""Stands for every rule of quality, and so is no rule's name."""


class SampleQuerySet(models.QuerySet[M]):
    def of_batch(self, batch_id: int) -> Self:
        """A batch's samples in the order of its items."""
        return self.filter(batch_id=batch_id).order_by("item_number")

    def matching(self, words: str) -> Self:
        """Full-text search in question, answer and citation; uses the index ``samples_search``."""
        vector = SearchVector("question", "answer", "case_citation", config="english")
        query = SearchQuery(words, config="english", search_type="websearch")
        return self.annotate(document=vector).filter(document=query)

    def count(self) -> int:
        """Of a search on its index alone: the planner takes the parse of a text for cheap, and would parse them all."""
        if "document" not in self.query.annotations:
            return super().count()
        with transaction.atomic(using=self.db, savepoint=False), connections[self.db].cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off")  # bitmaps stay
            count = super().count()
            cursor.execute("SET LOCAL enable_seqscan = DEFAULT; SET LOCAL enable_indexscan = DEFAULT")
        return count

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

    def flagged(self, rule: str) -> Self:
        """Those against which this rule holds something, or any one.

        Uses the index ``samples_findings``, or ``samples_found``.
        """
        return (
            self.filter(findings__isnull=False)
            if rule == ANY_RULE
            else self.filter(findings__contains=[{"rule": rule}])
        )

    def noted(self) -> Self:
        """Those with a reviewer's note; uses the index ``samples_noted``."""
        return self.exclude(review_note="")

    def without_note(self) -> Self:
        return self.filter(review_note="")
