"""Samples in the admin: to find, to read, to throw away."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display

from samples.models import Sample
from samples.taxonomy import taxonomy

SEARCH_MAX = 5_000


class SearchPaginator(Paginator):  # type: ignore[type-arg]
    """Stops counting at SEARCH_MAX: PostgreSQL reads every text that matches, and common words match them all."""

    @cached_property
    def count(self) -> int:
        found: int = self.object_list[:SEARCH_MAX].count()  # type: ignore[attr-defined]
        return found


class TypedFilter(admin.SimpleListFilter):
    """A filter whose value is typed, where there are too many to list. ``suggestions`` are offered, not forced."""

    template = "samples/admin/typed_filter.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], *args: Any) -> None:
        super().__init__(request, params, *args)
        self.others = [
            (name, value)
            for name, values in request.GET.lists()
            for value in values
            if name not in (self.parameter_name, "p")
        ]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return []

    def has_output(self) -> bool:
        return True

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {"clear": changelist.get_query_string(remove=[self.parameter_name or ""])}

    def suggestions(self) -> Iterable[str]:
        return ()


class TopicFilter(TypedFilter):
    title = "topic"
    parameter_name = "topic"

    def suggestions(self) -> Iterable[str]:
        return sorted({topic.name for topic in taxonomy().topics})

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sample]) -> QuerySet[Sample]:
        value = (self.value() or "").strip()
        return queryset.filter(topic=value) if value else queryset


class ProviderFilter(TypedFilter):
    title = "provider"
    parameter_name = "provider"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sample]) -> QuerySet[Sample]:
        value = (self.value() or "").strip()
        return queryset.filter(provider=value) if value else queryset


class BatchFilter(TypedFilter):
    title = "batch"
    parameter_name = "batch"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Sample]) -> QuerySet[Sample]:
        """What is no number is no batch, and finds nothing."""
        value = (self.value() or "").strip()
        if not value:
            return queryset
        return queryset.filter(batch_id=int(value)) if value.isdecimal() and len(value) < 19 else queryset.none()


@admin.register(Sample)
class SampleAdmin(UnfoldModelAdmin):  # type: ignore[misc]
    list_display = ("question_column", "topic", "jurisdiction", "difficulty", "sample_type", "made_by", "created_at")
    list_display_links = ("question_column",)
    list_filter = (TopicFilter, ProviderFilter, BatchFilter, "jurisdiction", "difficulty", "sample_type")
    list_fullwidth = True
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the whole table
    search_fields = ("question",)
    search_help_text = "Words of question, answer or citation"
    sortable_by = ("created_at",)
    ordering = ("-id",)
    fieldsets = (
        (None, {"fields": ("shown_question", "shown_answer", "shown_citation", "shown_reasoning")}),
        (
            "What it is about",
            {"fields": (("topic", "practice_area"), ("jurisdiction", "difficulty"), "sample_type")},
        ),
        (
            "Where it comes from",
            {"fields": (("provider", "model"), ("batch_id", "item_number"), ("tokens", "created_at"))},
        ),
    )
    readonly_fields = ("shown_question", "shown_answer", "shown_citation", "shown_reasoning")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sample]:
        samples: QuerySet[Sample] = super().get_queryset(request)
        is_list = request.resolver_match is not None and request.resolver_match.url_name == "samples_sample_changelist"
        return samples.defer("answer", "case_citation", "reasoning") if is_list else samples

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Sample], search_term: str
    ) -> tuple[QuerySet[Sample], bool]:
        """Full-text search on the index; never a LIKE."""
        words = search_term.strip()
        return (queryset.matching(words) if words else queryset), False  # type: ignore[attr-defined]

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        kind = SearchPaginator if request.GET.get(SEARCH_VAR) else Paginator
        return kind(*args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response: HttpResponse = super().changelist_view(request, extra_context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and shown["cl"].query and shown["cl"].result_count >= SEARCH_MAX:
            messages.info(request, f"These are the newest {SEARCH_MAX:,} that match. Narrow the search to see others.")
        return response

    # --- permissions: samples are made by batches, never by hand ----------
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Sample | None = None) -> bool:
        return False

    # --- columns and texts -------------------------------------------------
    @display(description="Question")
    def question_column(self, sample: Sample) -> str:
        return Truncator(sample.question).chars(110)

    @display(description="Made by")
    def made_by(self, sample: Sample) -> SafeString:
        return render_to_string("samples/admin/made_by.html", {"sample": sample})

    @display(description="Question")
    def shown_question(self, sample: Sample) -> SafeString:
        return prose(sample.question)

    @display(description="Answer")
    def shown_answer(self, sample: Sample) -> SafeString:
        return prose(sample.answer)

    @display(description="Case citation")
    def shown_citation(self, sample: Sample) -> SafeString:
        return prose(sample.case_citation)

    @display(description="Reasoning")
    def shown_reasoning(self, sample: Sample) -> SafeString:
        return prose(sample.reasoning)


def prose(text: str) -> SafeString:
    """A model's words as they are: escaped, line breaks kept."""
    return render_to_string("samples/admin/prose.html", {"text": text})
