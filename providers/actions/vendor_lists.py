"""What vendors say that they offer, noted. No part of the configuration, so no change of it is recorded."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils import timezone

from providers.models import VendorList


def note_asked(provider_id: str, base_url: str) -> None:
    """Before the vendor answers, so that one that never does is not asked again at once."""
    _write(provider_id, base_url, {"asked_at": timezone.now()})


def note_list(provider_id: str, base_url: str, model_ids: Sequence[str], *, is_seen: bool) -> None:
    """``is_seen``: a person looks at it. A first list that nobody looks at holds nothing that is new."""
    now = timezone.now()
    values = {"asked_at": now, "answered_at": now, "model_ids": list(model_ids)}
    before = VendorList.objects.filter(provider_id=provider_id, base_url=base_url, answered_at__isnull=False)
    if is_seen or not before.exists():
        values["seen_ids"] = values["model_ids"]
    _write(provider_id, base_url, values)


def _write(provider_id: str, base_url: str, values: dict[str, object]) -> None:
    """What another address told is forgotten; a provider that was deleted meanwhile gets nothing."""
    VendorList.objects.filter(provider_id=provider_id).exclude(base_url=base_url).delete()
    try:
        with transaction.atomic():
            VendorList.objects.update_or_create(provider_id=provider_id, base_url=base_url, defaults=values)
    except IntegrityError:
        return
