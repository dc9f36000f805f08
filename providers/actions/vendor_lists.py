"""What vendors say that they offer, noted. No part of the configuration, so no change of it is recorded."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from providers.actions import ordering
from providers.models import Provider, VendorList


def note_asked(provider_id: str, base_url: str) -> None:
    """Before the vendor answers, so that one that never does is not asked again at once."""
    _note(provider_id, base_url, {"asked_at": timezone.now()})


def note_list(provider_id: str, base_url: str, model_ids: Sequence[str], *, is_seen: bool) -> None:
    """``is_seen``: a person looks at it. A first list that nobody looks at holds nothing that is new."""
    now = timezone.now()
    _note(
        provider_id,
        base_url,
        {"asked_at": now, "answered_at": now, "model_ids": list(model_ids)},
        is_seen=is_seen,
    )


@transaction.atomic
def _note(provider_id: str, base_url: str, values: dict[str, Any], *, is_seen: bool = False) -> None:
    """What another address told is forgotten; a provider that was deleted meanwhile gets nothing."""
    try:
        ordering.lock_provider(provider_id)
    except Provider.DoesNotExist:
        return
    row = VendorList.objects.filter(pk=provider_id).first()
    if row is None or row.base_url != base_url:
        row = VendorList(provider_id=provider_id, base_url=base_url)
    is_first = row.answered_at is None
    for name, value in values.items():
        setattr(row, name, value)
    if is_seen or is_first:
        row.seen_ids = row.model_ids
    row.save()
