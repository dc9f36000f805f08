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
    """Somebody else has decided; says who, what and when."""

    status_code = 409


@transaction.atomic
def review(pk: int, status: str, user: "User", *, note: str = "", seen: str | None = None) -> Sample:
    """Decide on one sample. Raises ReviewConflict where it is not as it was ``seen`` any more, Sample.DoesNotExist,
    and ValidationError with the field at fault."""
    _check(status, note)
    sample = Sample.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    if seen is not None and seen != sample.review_seen:
        raise ReviewConflict(_decided_by(sample))
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
def undo(pk: int, user: "User", *, seen: str | None = None) -> Sample:
    """Take this user's decision back: the one before stands again, as its reviewer made it, or none.

    Raises ReviewConflict where the decision that stands is not this user's, or not the one that was ``seen``.
    """
    sample = Sample.objects.select_for_update(no_key=True, of=("self",)).get(pk=pk)
    decisions = _not_taken_back(sample)
    if not decisions:
        raise ReviewConflict(f"No decision on sample {pk} stands, so there is none to take back.")
    if decisions[-1].by_id != user.pk or (seen is not None and seen != sample.review_seen):
        raise ReviewConflict(_decided_by(sample))
    before = decisions[-2] if len(decisions) > 1 else Review(status=ReviewStatus.UNREVIEWED)
    Review.objects.create(
        sample=sample, status=before.status, note=before.note, by=user, at=timezone.now(), is_undo=True
    )
    _stand([sample], before)
    return sample


def _not_taken_back(sample: Sample) -> list[Review]:
    """The decisions on it, oldest first; one that was taken back is none any more."""
    decisions: list[Review] = []
    for entry in sample.reviews.select_related("by").order_by("pk"):
        if entry.is_undo:
            decisions.pop()
        else:
            decisions.append(entry)
    return decisions


def _write(samples: Sequence[Sample], status: str, user: "User", note: str) -> None:
    """The caller holds the rows' locks."""
    decision = Review(status=status, note=note.strip(), by=user, at=timezone.now())
    Review.objects.bulk_create(
        [Review(sample=sample, status=status, note=decision.note, by=user, at=decision.at) for sample in samples]
    )
    _stand(samples, decision)


def _stand(samples: Sequence[Sample], decision: Review) -> None:
    """Make it the one that stands, in the rows and in the objects."""
    values = {
        "review": decision.status,
        "review_note": decision.note,
        "reviewed_by": decision.by,
        "reviewed_at": decision.at,
    }
    Sample.objects.filter(pk__in=[sample.pk for sample in samples]).update(**values)
    for sample in samples:
        for name, value in values.items():
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


def _decided_by(sample: Sample) -> str:
    who = sample.reviewed_by.get_username() if sample.reviewed_by else "Somebody"
    when = f" at {timezone.localtime(sample.reviewed_at):%H:%M:%S}" if sample.reviewed_at else ""
    said = ReviewStatus(sample.review).label.lower()
    return f"{who} has set sample {sample.pk} to '{said}'{when}. Decide again to overwrite that."
