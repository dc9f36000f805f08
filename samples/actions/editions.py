"""Keeping taxonomies as they were when something was ordered."""

from samples.models import Edition
from samples.taxonomy import Taxonomy
from samples.taxonomy.plain import as_plain, fingerprint


def keep_edition(known: Taxonomy) -> str:
    """The key under which it is kept: once, however many order by it."""
    key = fingerprint(known)
    if not Edition.objects.filter(pk=key).exists():
        Edition.objects.bulk_create([Edition(key=key, content=as_plain(known))], ignore_conflicts=True)
    return key
