"""One decision on many samples: the ticked ones, or all of the list's filter. Asked once more, with their number."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from samples import actions
from samples.choices import ReviewStatus
from samples.models import Sample


@admin.action(description="Approve…", permissions=["review"])
def approve_many(model_admin: Any, request: HttpRequest, samples: QuerySet[Sample]) -> HttpResponse | None:
    return _decide(model_admin, request, samples, ReviewStatus.APPROVED)


@admin.action(description="Mark as needing work…", permissions=["review"])
def needs_work_many(model_admin: Any, request: HttpRequest, samples: QuerySet[Sample]) -> HttpResponse | None:
    return _decide(model_admin, request, samples, ReviewStatus.NEEDS_WORK)


@admin.action(description="Reject…", permissions=["review"])
def reject_many(model_admin: Any, request: HttpRequest, samples: QuerySet[Sample]) -> HttpResponse | None:
    return _decide(model_admin, request, samples, ReviewStatus.REJECTED)


def _decide(
    model_admin: Any, request: HttpRequest, samples: QuerySet[Sample], status: ReviewStatus
) -> HttpResponse | None:
    if "confirmed" in request.POST:
        try:
            count = actions.review_all(samples, status, request.user, note=request.POST.get("note", ""))  # type: ignore[arg-type]
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(request, f"{count:,} sample{'' if count == 1 else 's'}: {status.label.lower()}.")
            return None
    is_all = request.POST.get("select_across") == "1"
    ticked = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{status.label}?",
        "opts": model_admin.opts,
        "media": model_admin.media,
        "count": samples.count(),
        "status": status,
        "is_all": is_all,
        "ticked": ticked[:1] if is_all else ticked,
        "action": request.POST.get("action", ""),
        "note": request.POST.get("note", ""),
    }
    return TemplateResponse(request, "samples/admin/bulk.html", context)
