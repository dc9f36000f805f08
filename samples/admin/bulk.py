"""One change of many samples: the ticked ones, or all of the list's filter. Asked once more, with their number."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
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

CHECKED_MAX = 2_000
LOGGED_MAX = 1_000  # one row each in the admin's log of deletions

logger = logging.getLogger(__name__)


@admin.action(description="Approve…", permissions=["review"])
def approve_many(model_admin: Any, request: HttpRequest, samples: QuerySet[Sample]) -> HttpResponse | None:
    return _decide(model_admin, request, samples, ReviewStatus.APPROVED)


@admin.action(description="Mark as needing work…", permissions=["review"])
def needs_work_many(model_admin: Any, request: HttpRequest, samples: QuerySet[Sample]) -> HttpResponse | None:
    return _decide(model_admin, request, samples, ReviewStatus.NEEDS_WORK)


@admin.action(description="Reject…", permissions=["review"])
def reject_many(model_admin: Any, request: HttpRequest, samples: QuerySet[Sample]) -> HttpResponse | None:
    return _decide(model_admin, request, samples, ReviewStatus.REJECTED)


@admin.action(description="Check again", permissions=["review"])
def check_again(model_admin: Any, request: HttpRequest, samples: QuerySet[Sample]) -> None:
    """By the rules as they are now; of more than CHECKED_MAX nothing, for a page must answer in time."""
    count = samples.count()
    if count > CHECKED_MAX:
        remedy = f"More than {CHECKED_MAX:,} are checked with manage.py check_samples --apply."
        messages.error(request, f"These are {count:,} samples. {remedy}")
        return
    report = actions.check_all(Sample.objects.filter(pk__in=list(samples.values_list("pk", flat=True))))
    held = ", ".join(f"{rule} {times:,}" for (rule, _), times in report.rules.most_common())
    messages.success(
        request,
        f"{report.checked:,} checked: {report.rejected:,} break a rule that rejects. "
        + (f"Found: {held}." if held else "Nothing was found."),
    )


@admin.action(description="Delete…", permissions=["delete"])
def delete_many(model_admin: Any, request: HttpRequest, samples: QuerySet[Sample]) -> HttpResponse | None:
    def delete(note: str) -> int:
        count = samples.count()
        if count <= LOGGED_MAX:
            model_admin.log_deletions(request, samples)
        logger.info("%s deletes %d samples", request.user.get_username(), count)
        return actions.delete_all(samples)

    return _confirmed(model_admin, request, samples, BulkChange("Delete", "deleted", delete, is_deletion=True))


def _decide(
    model_admin: Any, request: HttpRequest, samples: QuerySet[Sample], status: ReviewStatus
) -> HttpResponse | None:
    def review(note: str) -> int:
        return actions.review_all(samples, status, request.user, note=note)  # type: ignore[arg-type]

    return _confirmed(
        model_admin, request, samples, BulkChange(status.label, f'set to "{status.label.lower()}"', review)
    )


@dataclass(frozen=True, slots=True)
class BulkChange:
    """``done`` ends a sentence that begins with "3 samples are"; ``do`` takes the note and says how many it were."""

    name: str
    done: str
    do: Callable[[str], int]
    is_deletion: bool = False


def _confirmed(
    model_admin: Any, request: HttpRequest, samples: QuerySet[Sample], change: BulkChange
) -> HttpResponse | None:
    """Do it, or ask first: also anew where a filter matches another number by now than the person has seen."""
    count = samples.count()
    note = request.POST.get("note", "")
    if "confirmed" in request.POST and request.POST.get("count", str(count)) != str(count):
        messages.warning(request, "Meanwhile the number has changed. Nothing was done yet.")
    elif "confirmed" in request.POST:
        try:
            done = change.do(note)
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            messages.success(
                request, f"{done:,} sample{'' if done == 1 else 's'} {'is' if done == 1 else 'are'} {change.done}."
            )
            return None
    is_all = request.POST.get("select_across") == "1"
    ticked = request.POST.getlist(helpers.ACTION_CHECKBOX_NAME)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": f"{change.name}?",
        "opts": model_admin.opts,
        "media": model_admin.media,
        "count": count,
        "change": change,
        "is_all": is_all,
        "ticked": ticked[:1] if is_all else ticked,
        "action": request.POST.get("action", ""),
        "note": note,
        "list_url": request.get_full_path(),
    }
    return TemplateResponse(request, "samples/admin/bulk.html", context)
