"""Decisions on samples: the only place that writes them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from samples.choices import ReviewStatus
from samples.models import Review, Sample

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOTE_MAX = 4_000
CHUNK = 2_000


class ReviewConflict(Exception):  # noqa: N818 - named for the HTTP status that it becomes
    """Somebody else has decided meanwhile; ``message`` says who, what and when."""

    status_code = 409

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@transaction.atomic
def review(pk: int, status: str, user: "User", *, note: str = "", seen: str | None = None) -> Sample:
    """Decide on one sample. Raises ReviewConflict where it is not as it was ``seen`` any more, Sample.DoesNotExist,
    and ValidationError with the field at fault."""
    _check(status, note)
    sample = Sample.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    if seen is not None and seen != sample.review_seen:
        raise ReviewConflict(_meanwhile(sample))
    _write([sample], status, user, note)
    return sample


def review_all(samples: QuerySet[Sample], status: str, user: "User", *, note: str = "") -> int:
    """Decide on all of them alike, and say how many they were. In groups: what is done stays done."""
    _check(status, note)
    pks = list(samples.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), CHUNK):
        with transaction.atomic():
            group = Sample.objects.filter(pk__in=pks[start : start + CHUNK]).order_by("pk")
            _write(list(group.select_for_update(no_key=True, of=("self",)).only("pk")), status, user, note)
    return len(pks)


@transaction.atomic
def undo(pk: int, user: "User") -> Sample:
    """Take this user's decision back: what was decided before stands again.

    Raises ReviewConflict where the newest decision is not this user's.
    """
    sample = Sample.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    newest, *earlier = sample.reviews.order_by("-pk")[:2] or [None]
    if newest is None or newest.by_id != user.pk:
        raise ReviewConflict(_meanwhile(sample) if newest else f"Nobody has reviewed sample {pk} yet.")
    before = earlier[0] if earlier else None
    _write([sample], before.status if before else ReviewStatus.UNREVIEWED, user, before.note if before else "")
    return sample


def _write(samples: Sequence[Sample], status: str, user: "User", note: str) -> None:
    """The caller holds the rows' locks."""
    now = timezone.now()
    decision = {"review": status, "review_note": note.strip(), "reviewed_by": user, "reviewed_at": now}
    Sample.objects.filter(pk__in=[sample.pk for sample in samples]).update(**decision)
    Review.objects.bulk_create(
        [Review(sample=sample, status=status, note=note.strip(), by=user, at=now) for sample in samples]
    )
    for sample in samples:
        for name, value in decision.items():
            setattr(sample, name, value)


def _check(status: str, note: str) -> None:
    problems = {}
    if status not in ReviewStatus.values:
        problems["status"] = f"Choose one of: {', '.join(ReviewStatus.values)}."
    if len(note) > NOTE_MAX:
        problems["note"] = f"Keep it under {NOTE_MAX:,} characters."
    elif "\x00" in note:
        problems["note"] = "It holds a NUL character. Remove it."
    if problems:
        raise ValidationError(problems)


def _meanwhile(sample: Sample) -> str:
    who = sample.reviewed_by.get_username() if sample.reviewed_by else "Somebody"
    when = f" at {timezone.localtime(sample.reviewed_at):%H:%M:%S}" if sample.reviewed_at else ""
    said = ReviewStatus(sample.review).label.lower()
    return f"{who} has set sample {sample.pk} to '{said}'{when}. Decide again to overwrite that."
