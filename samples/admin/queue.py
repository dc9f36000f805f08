"""The samples of a list's filter without the list: what a reviewer goes through, what is exported."""

from copy import copy
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR
from django.http import HttpRequest, QueryDict
from unfold.views import ChangeList

from samples.choices import ReviewStatus
from samples.models import Sample
from samples.querysets import SampleQuerySet

LEFT_MAX = 5_000
LEFT_MAX_IN_SEARCH = 500  # PostgreSQL reads the whole text of each that it counts


class FilterOnly(ChangeList):  # type: ignore[misc]
    """Applies a list's filters, and counts and fetches nothing."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_list: list[Any] = []
        self.result_count = self.full_result_count = 0
        self.can_show_all = self.multi_page = self.show_full_result_count = self.show_admin_actions = False


def samples_of(model_admin: Any, request: HttpRequest, query: str) -> SampleQuerySet[Sample]:
    """The samples that the list of this query string shows, newest first; all where it is no such string."""
    twin = copy(request)
    twin.GET = QueryDict(query)
    twin.wants_filter_only = True  # type: ignore[attr-defined]
    try:
        found = model_admin.get_changelist_instance(twin).queryset
    except IncorrectLookupParameters:
        found = Sample.objects.all()
    return cast(SampleQuerySet[Sample], found.order_by("-pk"))


def queue_of(model_admin: Any, request: HttpRequest, query: str, pk: int) -> "Queue":
    samples = samples_of(model_admin, request, query)
    return Queue(samples, pk, is_search=bool(QueryDict(query).get(SEARCH_VAR)))


@dataclass(frozen=True, slots=True)
class ReviewProgress:
    """How many samples of a filter nobody has reviewed, and how many there are; counted up to ``most``."""

    left: int
    every: int
    most: int

    def __str__(self) -> str:
        if self.left == self.every or self.left > self.most:
            return f"{self._number(self.left)} left"
        return f"{self._number(self.left)} of {self._number(self.every)} left"

    def _number(self, number: int) -> str:
        return f"more than {self.most:,}" if number > self.most else f"{number:,}"


class Queue:
    """Where a reviewer stands in the samples of a filter."""

    def __init__(self, samples: SampleQuerySet[Sample], pk: int, *, is_search: bool = False) -> None:
        self.samples = samples.defer(None)
        self.pk = pk
        self.most = LEFT_MAX_IN_SEARCH if is_search else LEFT_MAX

    @property
    def next_pk(self) -> int | None:
        return self._first(self.samples.filter(pk__lt=self.pk))

    @property
    def previous_pk(self) -> int | None:
        return self._first(self.samples.filter(pk__gt=self.pk).order_by("pk"))

    @property
    def next_open_pk(self) -> int | None:
        """The next one that nobody has reviewed, from the top again after the last; else the next one."""
        undecided = self.samples.filter(review=ReviewStatus.UNREVIEWED).exclude(pk=self.pk)
        return self._first(undecided.filter(pk__lt=self.pk)) or self._first(undecided) or self.next_pk

    @property
    def has_open(self) -> bool:
        return self.samples.filter(review=ReviewStatus.UNREVIEWED).exists()

    @property
    def progress(self) -> ReviewProgress:
        undecided = self.samples.filter(review=ReviewStatus.UNREVIEWED)
        left, every = (samples[: self.most + 1].count() for samples in (undecided, self.samples))
        return ReviewProgress(left, every, self.most)

    def _first(self, samples: SampleQuerySet[Sample]) -> int | None:
        return samples.values_list("pk", flat=True).first()
