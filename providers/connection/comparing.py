"""Once a day each vendor is asked quietly what it offers; what came of it is told where its provider is shown.

A call is made for a provider that is on, has its key and is neither suspended nor held, within its limits; a failure
is told to nobody. One that is younger than a day is left alone: whoever set it up is still at it.
"""

import logging
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import F, Q
from django.utils import timezone
from redis import RedisError

from providers import actions
from providers.calling import shared_store
from providers.connection.testing import list_offered
from providers.models import Provider
from providers.routing.admission import StoreUnavailable
from providers.status.health import scope_of

logger = logging.getLogger(__name__)

EVERY = timedelta(days=1)
TURN_S = 600
"""One provider in so many seconds, whoever asks: a call takes a process 12 seconds at most."""


def compare_in_turn() -> None:
    """Compare the provider whose turn it is, unless somebody did so a moment ago."""
    try:
        if cache.add("comparison", 1, timeout=TURN_S):
            compare(timezone.now())
    except (RedisError, StoreUnavailable):
        return  # without Redis no call may leave


def compare(now: datetime) -> Provider | None:
    """Asks the vendor that was not asked for the longest; which one. Raises StoreUnavailable."""
    due = (
        Provider.objects.enabled()
        .filter(Q(requires_key=False) | Q(config__api_key_fingerprint__gt=""), created_at__lt=now - EVERY)
        .exclude(vendor_list__asked_at__gt=now - EVERY)
        .order_by(F("vendor_list__asked_at").asc(nulls_first=True), "order")
    )
    for provider in due:
        state = shared_store.states([scope_of(provider)])[scope_of(provider)]
        if not (state.is_suspended or state.held_for_s):
            actions.note_asked(provider.pk, provider.base_url)
            listing = list_offered(provider.pk, is_seen=False)
            logger.info("compared %s: %s", provider.pk, listing.trouble.kind if listing.trouble else "its list came")
            return provider
    return None
