"""The list's page: each row says of what kind it is, and in a search where the words stand in it."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from unfold.views import ChangeList

from samples.admin.kinds import kind_of, known_to
from samples.citations import Span
from samples.models import Sample
from samples.querysets import FOUND, FOUND_END
from samples.taxonomy.words import names_in


class SearchList(ChangeList):  # type: ignore[misc]
    """One more query for a page of a search, none for any other."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: list[Any] = list(self.result_list)
        names = names_in(known_to(request))
        for sample in self.result_list:
            sample.kind = kind_of(sample, names)
        if not self.query.strip():
            return
        rows = Sample.objects.filter(pk__in=[sample.pk for sample in self.result_list]).order_by()
        found = rows.found(self.query)
        for sample in self.result_list:
            sample.found = list(found_spans(found.get(sample.pk, "")))


def found_spans(headline: str) -> Iterator[Span]:
    """The words that were found are the stressed ones."""
    for place, piece in enumerate(headline.split(FOUND)):
        word, _, rest = piece.partition(FOUND_END) if place else ("", "", piece)
        if word:
            yield Span(word, is_stressed=True)
        if rest:
            yield Span(rest)
