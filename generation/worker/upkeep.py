"""What keeps batches going when workers die or routes come back."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now

from generation.choices import BatchStatus, ItemStatus
from generation.models import Batch, Item
from generation.worker.claims import finish_if_done
from providers import live
from providers.routing.route import RouteChoice, chain
from providers.routing.stores import StoreUnavailable
from providers.snapshot import keeper

EXPIRATIONS_MAX = 5
SILENCE = timedelta(seconds=15)


def hand_back_expired() -> int:
    """Items whose worker died wait again; one held at several deaths fails, since it may be what kills them."""
    with transaction.atomic():
        expired = list(Item.objects.expired().select_for_update(skip_locked=True))
        pks = [item.pk for item in expired if item.expirations + 1 < EXPIRATIONS_MAX]
        no_lease = {"lease_token": None, "leased_until": None, "expirations": F("expirations") + 1}
        Item.objects.filter(pk__in=pks).update(status=ItemStatus.PENDING, **no_lease)
        deadly = [item for item in expired if item.expirations + 1 >= EXPIRATIONS_MAX]
        failure = f"{EXPIRATIONS_MAX} workers died while they held it."
        Item.objects.filter(pk__in=[item.pk for item in deadly]).update(
            status=ItemStatus.FAILED, failure=failure, **no_lease
        )
        for item in deadly:
            Batch.objects.filter(pk=item.batch_id).update(failed=F("failed") + 1)
    for batch_id in {item.batch_id for item in expired}:
        finish_if_done(batch_id)
    return len(expired)


def wake_paused() -> list[int]:
    """Paused batches go on when their time has come or, where they wait for a route, when one can work again."""
    paused = Batch.objects.filter(status=BatchStatus.PAUSED)
    due = list(paused.filter(wake_at__lte=Now()).values_list("pk", flat=True))
    waiting_for_route = paused.filter(wake_at__isnull=True)
    due += [
        batch.pk
        for batch in waiting_for_route
        if can_route_work(RouteChoice(batch.provider or None, batch.model or None))
    ]
    Batch.objects.filter(pk__in=due, status=BatchStatus.PAUSED).move_to(
        BatchStatus.RUNNING, status_reason="", wake_at=None, heartbeat_at=None
    )
    return due


def can_route_work(choice: RouteChoice) -> bool:
    """Whether any route of the chain is neither off nor suspended."""
    routes = chain(keeper.current(), choice)
    if not routes:
        return False
    try:
        states = live.states({scope for route in routes for scope in route.scopes})
    except StoreUnavailable:
        return False
    return any(not any(states[scope].is_suspended for scope in route.scopes) for route in routes)


def batches_without_lane() -> list[int]:
    """Batches with items to do on which no lane has shown itself lately; counted as served from now on."""
    waiting = Exists(Item.objects.pending().filter(batch_id=OuterRef("pk")))
    silent = Q(heartbeat_at__isnull=True, created_at__lt=Now() - SILENCE) | Q(heartbeat_at__lt=Now() - SILENCE)
    woken = Q(heartbeat_at__isnull=True, started_at__isnull=False)
    batches = Batch.objects.filter(silent | woken, waiting, status__in=(BatchStatus.PENDING, BatchStatus.RUNNING))
    pks = list(batches.values_list("pk", flat=True))
    Batch.objects.filter(pk__in=pks).update(heartbeat_at=Now())
    return pks
