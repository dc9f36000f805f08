"""Writing a batch's items: the first chunk with the order, the rest when lanes need it."""

from itertools import islice

from django.db import transaction
from django.db.models import F

from generation.engine.planning.ordered import mix_of
from generation.engine.planning.plan import plan
from generation.models import Batch, Item
from generation.worker.items.specs import columns_of

CHUNK = 2_000


def plan_ahead(batch_id: int) -> int:
    """Write the next chunk of items and say how many; lanes that come at once wait for each other."""
    unplanned = Batch.objects.filter(pk=batch_id, planned__lt=F("count"))
    if not unplanned.exists():
        return 0
    with transaction.atomic():
        batch = unplanned.select_for_update().first()
        if batch is None:
            return 0
        specs = islice(plan(mix_of(batch), batch.taxonomy, start=batch.planned), CHUNK)
        items = Item.objects.bulk_create([Item(batch=batch, **columns_of(spec)) for spec in specs])
        Batch.objects.filter(pk=batch_id).update(planned=F("planned") + len(items))
    return len(items)
