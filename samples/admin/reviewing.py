"""The page on which a sample is read and decided upon, and the way from one to the next."""

from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from samples import actions
from samples.admin.cited import cited_by
from samples.admin.kinds import kind_of, known_to
from samples.admin.queue import queue_of
from samples.admin.reading import reading_of
from samples.admin.repetition import repetition_of
from samples.choices import ReviewStatus
from samples.models import Sample
from samples.quality.scoring import WEIGHTS
from samples.taxonomy.words import names_in

FILTERS = "_changelist_filters"  # the admin's own name for the list that one came from
DECISIONS = (
    (ReviewStatus.APPROVED, "Approve", "a", "is-good"),
    (ReviewStatus.NEEDS_WORK, "Needs work", "w", ""),
    (ReviewStatus.REJECTED, "Reject", "r", "is-danger"),
)
HISTORY_SHOWN = 10


class Reviewing:
    """A mixin of the samples' admin."""

    def own_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view  # type: ignore[attr-defined]
        return [
            path("start/", wrap(self.start_view), name="samples_sample_start"),
            path("<int:pk>/review/", wrap(self.review_view), name="samples_sample_review"),
            path("<int:pk>/undo/", wrap(self.undo_view), name="samples_sample_undo"),
        ]

    def has_review_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("samples.review_sample")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "GET":
            raise PermissionDenied  # samples are made by batches, and decided upon by ``review_view``
        sample = self._find(request, object_id)
        if sample is None:
            response: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
            return response
        return self._page(request, sample, request.GET.get(FILTERS, ""))

    def start_view(self, request: HttpRequest) -> HttpResponse:
        """To the first sample of the list's filter that nobody has reviewed."""
        self._require_review(request)
        query = request.GET.urlencode()
        queue = queue_of(self, request, query, 0)
        pk = queue.next_open_pk
        if pk is None or not queue.has_open:
            messages.info(request, "Every sample of this list is reviewed.")
            return HttpResponseRedirect(list_url(query))
        return HttpResponseRedirect(page_url(pk, query))

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._require_review(request)
        sample = self._find(request, str(pk))
        if request.method != "POST" or sample is None:
            return HttpResponseRedirect(page_url(pk, request.GET.get(FILTERS, "")))
        query, note = request.POST.get(FILTERS, ""), request.POST.get("note", "")
        queue = queue_of(self, request, query, pk)
        next_pk = queue.next_open_pk  # before the decision, which may take the sample out of the filter
        try:
            actions.review(
                pk, request.POST.get("status", ""), reviewer(request), note=note, seen=request.POST.get("seen")
            )
        except actions.ReviewConflict as conflict:
            sample.refresh_from_db()
            return self._page(request, sample, query, note=note, refusal=str(conflict), status=409)
        except Sample.DoesNotExist:
            messages.error(request, f"Sample {pk} is gone.")
            return HttpResponseRedirect(list_url(query))
        except ValidationError as refusal:
            return self._page(request, sample, query, note=note, refusal=" ".join(refusal.messages), status=400)
        return HttpResponseRedirect(page_url(next_pk or pk, query, decided=pk))

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._require_review(request)
        query = request.POST.get(FILTERS, "")
        if request.method == "POST":
            try:
                actions.undo(pk, reviewer(request), seen=request.POST.get("seen"))
            except actions.ReviewConflict as conflict:
                messages.error(request, str(conflict))
            except Sample.DoesNotExist:
                messages.error(request, f"Sample {pk} is gone.")
                return HttpResponseRedirect(list_url(query))
            else:
                messages.success(request, f"Taken back: sample {pk} is as it was before.")
        return HttpResponseRedirect(page_url(pk, query))

    def _require_review(self, request: HttpRequest) -> None:
        if not self.has_review_permission(request):
            raise PermissionDenied

    def _find(self, request: HttpRequest, object_id: str) -> Sample | None:
        sample: Sample | None = self.get_object(request, object_id)  # type: ignore[attr-defined]
        if not self.has_view_permission(request, sample):  # type: ignore[attr-defined]
            raise PermissionDenied
        return sample

    def _page(
        self,
        request: HttpRequest,
        sample: Sample,
        query: str,
        *,
        note: str | None = None,
        refusal: str = "",
        status: int = 200,
    ) -> HttpResponse:
        known, cited = known_to(request), cited_by(sample)
        queue = queue_of(self, request, query, sample.pk)
        may_review = self.has_review_permission(request)
        ahead = queue.next_open_pk if may_review else None
        context = {
            **self.admin_site.each_context(request),  # type: ignore[attr-defined]
            "title": f"Sample {sample.pk}",
            "opts": self.opts,  # type: ignore[attr-defined]
            "media": self.media,  # type: ignore[attr-defined]
            "original": sample,
            "sample": sample,
            "reading": reading_of(sample, known),
            "kind": kind_of(sample, names_in(known)),
            "parts": parts_of(sample),
            "cited": cited,
            "is_misnamed": any(each.real_names for each in cited),
            "may_review": may_review,
            "refusal": refusal,
            "page_url": page_url(sample.pk, query),
            "ahead_url": page_url(ahead, query) if ahead else "",
            "may_delete": self.has_delete_permission(request, sample),  # type: ignore[attr-defined]
            "decisions": DECISIONS,
            "note": sample.review_note if note is None else note,
            "repetition": repetition_of(sample),
            "history": sample.reviews.select_related("by")[:HISTORY_SHOWN],
            "filters": query,
            "list_url": list_url(query),
            "progress": queue.progress,
            "next_url": page_url(queue.next_pk, query) if queue.next_pk else None,
            "previous_url": page_url(queue.previous_pk, query) if queue.previous_pk else None,
            "decided": self._decided(request),
        }
        return TemplateResponse(request, "samples/admin/reading.html", context, status=status)

    def _decided(self, request: HttpRequest) -> Sample | None:
        """The sample that this person came from by deciding on it, while the decision is still that person's."""
        pk = request.GET.get("decided", "")
        if not pk.isdecimal() or len(pk) > 18:
            return None
        return (
            Sample.objects.filter(pk=int(pk), reviewed_by=request.user.pk).only("pk", "review", "reviewed_at").first()
        )


def parts_of(sample: Sample) -> list[tuple[str, float]]:
    """Of its score, in the order in which they are documented."""
    known = sample.score_parts or {}
    return [(name, known[name]) for name in WEIGHTS if name in known]


def reviewer(request: HttpRequest) -> User:
    return cast(User, request.user)


def list_url(query: str) -> str:
    url = reverse("admin:samples_sample_changelist")
    return f"{url}?{query}" if query else url


def page_url(pk: int, query: str, *, decided: int | None = None) -> str:
    carried = {name: value for name, value in ((FILTERS, query), ("decided", decided)) if value}
    url = reverse("admin:samples_sample_change", args=[pk])
    return f"{url}?{urlencode(carried)}" if carried else url
