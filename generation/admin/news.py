"""Batches that have ended or paused, for whoever looks at another page."""

from django.http import HttpRequest, JsonResponse
from django.urls import reverse

from generation.choices import BatchStatus, EventKind
from generation.engine.timeline import news_words
from generation.models import Event

TOLD = (
    BatchStatus.PAUSED,
    BatchStatus.COMPLETED,
    BatchStatus.COMPLETED_WITH_FAILURES,
    BatchStatus.FAILED,
)
MOST = 5
OVERLAP = 50  # keys are given before they are committed: an event that came late is among these


def news(request: HttpRequest) -> JsonResponse:
    """``?since=<id>``: what came after that event, or shortly before it. Two queries.

    The page tells what it has not told before; without ``since`` it has told all of this.
    """
    since = request.GET.get("since", "")
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    is_known = since.isascii() and since.isdecimal() and len(since) < 19
    after = min(newest, int(since)) if is_known else newest
    ended = Event.objects.filter(
        pk__gt=after - OVERLAP, kind=EventKind.STATUS, facts__to__in=[str(status) for status in TOLD]
    )
    told = [
        {
            "id": event.pk,
            "batch": event.batch_id,
            "words": news_words(event.facts, event.batch_id),
            "url": reverse("admin:generation_batch_change", args=[event.batch_id]),
            "isGood": event.facts["to"] == BatchStatus.COMPLETED,
        }
        for event in ended.order_by("-pk")[: MOST + OVERLAP]
    ]
    return JsonResponse({"newest": newest, "most": MOST, "news": told[::-1]})
