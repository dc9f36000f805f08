"""``manage.py mark_duplicates``: look for duplicates among samples at which nobody has looked yet."""

from typing import Any

from django.core.management.base import BaseCommand

from samples.actions import mark_duplicates, unmarked
from samples.models import Sample

TOLD_EVERY_S = 5.0


class Command(BaseCommand):
    help = (
        "Look for duplicates among samples at which nobody has looked yet, as after an upgrade, and mark them. None is "
        "deleted. It may be stopped at any time and goes on where it was. Workers do the same by and by."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        total, count = unmarked().count(), 0
        while marked := mark_duplicates(within_s=TOLD_EVERY_S):
            count += marked
            self.stderr.write(f"looked at {count:,} of {max(count, total):,} samples")
        left = unmarked().count()
        if left:
            self.stderr.write(
                f"{left:,} samples are in other hands just now. Run it again, or leave them to the workers."
            )
        duplicates = Sample.objects.filter(duplicate_of__isnull=False).count()
        self.stdout.write(f"Looked at {count:,} samples. In all, {duplicates:,} samples repeat others.")
