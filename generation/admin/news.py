"""What pages ask every few seconds: whether a batch has ended or paused meanwhile."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from generation import news

VIEW = "generation.view_batch"


@require_GET
def news_view(request: HttpRequest) -> HttpResponse:
    """``after`` is the newest event that the asker knows of; without it everything counts as known."""
    if not request.user.has_perm(VIEW):
        raise PermissionDenied
    after = request.GET.get("after", "")
    is_known = after.isascii() and after.isdecimal() and len(after) < 19
    told = news.since(int(after) if is_known else news.latest())
    return JsonResponse(
        {
            "is_first": not is_known,
            "news": [
                {
                    "id": one.id,
                    "batch": one.batch_id,
                    "words": one.words,
                    "tone": one.tone,
                    "url": reverse("admin:generation_batch_change", args=[one.batch_id]),
                }
                for one in told
            ],
        }
    )


def news_url(request: HttpRequest) -> str:
    """Where to ask; empty for whoever may not view batches."""
    return reverse("admin:generation_batch_news") if request.user.has_perm(VIEW) else ""
