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


def news(request: HttpRequest) -> JsonResponse:
    """``?since=<id>``: what came after that event. Without it, only from where on to ask."""
    since = request.GET.get("since", "")
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    if not since.isdecimal() or len(since) > 18:
        return JsonResponse({"newest": newest, "news": []})
    ended = Event.objects.filter(pk__gt=int(since), kind=EventKind.STATUS, facts__to__in=[str(one) for one in TOLD])
    told = [
        {
            "words": news_words(event.facts, event.batch_id),
            "url": reverse("admin:generation_batch_change", args=[event.batch_id]),
            "isGood": event.facts["to"] == BatchStatus.COMPLETED,
        }
        for event in ended.order_by("-pk")[:MOST]
    ]
    return JsonResponse({"newest": max(newest, int(since)) if newest else 0, "news": told[::-1]})
