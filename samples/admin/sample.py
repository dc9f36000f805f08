"""The pages of samples."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.views.main import SEARCH_VAR
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from unfold.admin import ModelAdmin as UnfoldModelAdmin
from unfold.decorators import display

from samples.actions import delete_all
from samples.admin.bulk import approve_many, check_again, delete_many, needs_work_many, reject_many
from samples.admin.filters import (
    BatchFilter,
    CitesFilter,
    DuplicatesFilter,
    FlaggedFilter,
    FromFilter,
    ModelFilter,
    NoteFilter,
    OriginalFilter,
    PracticeAreaFilter,
    ProviderFilter,
    ReviewerFilter,
    ScoreFromFilter,
    ScoreToFilter,
    StandingFilter,
    ToFilter,
    TopicFilter,
)
from samples.admin.found import SearchList
from samples.admin.kinds import DifficultyFilter, JurisdictionFilter, SampleTypeFilter
from samples.admin.queue import FilterOnly, samples_of
from samples.admin.reviewing import Reviewing, list_url
from samples.download import file_response
from samples.export import FORMATS
from samples.models import Sample

SEARCH_MAX = 5_000


class SearchPaginator(Paginator):  # type: ignore[type-arg]
    """Stops counting at SEARCH_MAX: PostgreSQL reads every text that matches, and common words match them all."""

    @cached_property
    def count(self) -> int:
        found: int = self.object_list[:SEARCH_MAX].count()  # type: ignore[attr-defined]
        return AtLeast(found) if found == SEARCH_MAX else found


class AtLeast(int):
    """A number that was not counted to its end, as pages show it."""

    def __str__(self) -> str:
        return f"{int(self):,}+"


def column(name: str, template: str, **shown_with: Any) -> Any:
    """A column that a template fills."""

    @display(description=name, **shown_with)
    def shown(_: Any, sample: Sample) -> SafeString:
        return render_to_string(f"samples/admin/{template}.html", {"sample": sample})

    return shown


@admin.register(Sample)
class SampleAdmin(Reviewing, UnfoldModelAdmin):  # type: ignore[misc]
    list_display = ("question_column", "review_column", "quality", "kind", "made_by", "made_at")
    list_display_links = ("question_column",)
    list_filter = (
        "review",
        ReviewerFilter,
        NoteFilter,
        ScoreFromFilter,
        ScoreToFilter,
        FlaggedFilter,
        JurisdictionFilter,
        DifficultyFilter,
        SampleTypeFilter,
        PracticeAreaFilter,
        TopicFilter,
        BatchFilter,
        CitesFilter,
        StandingFilter,
        ProviderFilter,
        ModelFilter,
        DuplicatesFilter,
        OriginalFilter,
        FromFilter,
        ToFilter,
    )
    list_filter_sheet = True
    list_before_template = "samples/admin/toolbar.html"
    list_fullwidth = True
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # each would count the whole table
    search_fields = ("question",)
    search_help_text = "Words of question, answer or citation"
    sortable_by = ("quality", "made_at")
    ordering = ("-id",)
    actions = (approve_many, needs_work_many, reject_many, check_again, delete_many)
    change_list_template = "samples/admin/list.html"

    question_column = column("Question", "question")
    review_column = column("Review", "review")
    quality = column("Score", "quality", ordering="score")
    kind = column("Kind", "kind")
    made_by = column("Made by", "made_by")
    made_at = column("Made", "made_at", ordering="created_at")

    class Media:
        css = {"all": ("samples/samples.css",)}
        js = ("samples/review.js",)

    def get_urls(self) -> list[URLPattern]:
        export = path("export/", self.admin_site.admin_view(self.export_view), name="samples_sample_export")
        return [export, *self.own_urls(), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sample]:
        samples: QuerySet[Sample] = super().get_queryset(request).select_related("reviewed_by")
        is_list = request.resolver_match is not None and request.resolver_match.url_name == "samples_sample_changelist"
        return samples.defer("answer", "case_citation", "reasoning") if is_list else samples

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        is_filter_only = getattr(request, "wants_filter_only", False)
        return FilterOnly if is_filter_only else SearchList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Sample], search_term: str
    ) -> tuple[QuerySet[Sample], bool]:
        """Full-text search on the index; never a LIKE."""
        words = search_term.strip()
        return (queryset.matching(words) if words else queryset), False  # type: ignore[attr-defined]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Without the admin's own deletion, which lists every row that it is about to delete."""
        offered: dict[str, Any] = super().get_actions(request)
        offered.pop("delete_selected", None)
        return offered

    def delete_model(self, request: HttpRequest, obj: Sample) -> None:
        delete_all(Sample.objects.filter(pk=obj.pk))

    def get_paginator(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        kind = SearchPaginator if request.GET.get(SEARCH_VAR) else Paginator
        return kind(*args, **kwargs)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        context = {"may_review": self.has_review_permission(request), "formats": FORMATS, **(extra_context or {})}
        response: HttpResponse = super().changelist_view(request, context)
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and shown["cl"].query and shown["cl"].result_count >= SEARCH_MAX:
            messages.info(request, f"These are the newest {SEARCH_MAX:,} that match. Narrow the search to see others.")
        return response

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The samples of the list's filter as a file, without those that repeat others unless they are asked for."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        query = request.GET.copy()
        name = str(query.pop("format", ["jsonl"])[-1])
        if name not in FORMATS:
            messages.error(request, f"There is no format '{name}'. Choose one of: {', '.join(FORMATS)}.")
            return HttpResponseRedirect(list_url(query.urlencode()))
        samples = samples_of(self, request, query.urlencode())
        asks = any(query.get(each.parameter_name or "") for each in (DuplicatesFilter, OriginalFilter))
        return file_response(samples if asks else samples.unique(), FORMATS[name])

    # --- permissions: samples are made by batches, never by hand ----------
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Sample | None = None) -> bool:
        return False
