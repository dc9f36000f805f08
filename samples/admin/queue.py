"""The samples of a list's filter without the list: what a reviewer goes through, what is exported."""

from copy import copy
from typing import Any, cast

from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, QueryDict
from unfold.views import ChangeList

from samples.choices import ReviewStatus
from samples.models import Sample
from samples.querysets import SampleQuerySet

LEFT_MAX = 5_000


class FilterOnly(ChangeList):  # type: ignore[misc]
    """Applies a list's filters, and counts and fetches nothing."""

    def get_results(self, request: HttpRequest) -> None:
        self.result_list: list[Any] = []
        self.result_count = self.full_result_count = 0
        self.can_show_all = self.multi_page = self.show_full_result_count = self.show_admin_actions = False


def samples_of(model_admin: Any, request: HttpRequest, query: str) -> SampleQuerySet:
    """The samples that the list of this query string shows, newest first; all where it is no such string."""
    twin = copy(request)
    twin.GET = QueryDict(query)
    twin.wants_filter_only = True  # type: ignore[attr-defined]
    try:
        found = model_admin.get_changelist_instance(twin).queryset
    except IncorrectLookupParameters:
        found = Sample.objects.all()
    return cast(SampleQuerySet, found.order_by("-pk"))


class Queue:
    """Where a reviewer stands in the samples of a filter."""

    def __init__(self, samples: SampleQuerySet, pk: int) -> None:
        self.samples = samples.defer(None)
        self.pk = pk

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
    def left(self) -> int:
        """How many nobody has reviewed; counted up to LEFT_MAX."""
        return self.samples.filter(review=ReviewStatus.UNREVIEWED)[:LEFT_MAX].count()

    def _first(self, samples: SampleQuerySet) -> int | None:
        return samples.values_list("pk", flat=True).first()
