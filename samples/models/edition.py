"""Taxonomies as they were when something was ordered."""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Edition(models.Model):
    """A whole taxonomy, of what was in use: written once, never changed. Its key is told by its content, so that what
    two orders find alike is kept once."""

    key = models.CharField(max_length=32, primary_key=True)
    content = models.JSONField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "taxonomy_editions"
        default_permissions = ()

    def __str__(self) -> str:
        return self.key[:8]


class TaxonomyMark(models.Model):
    """One row, whose mark is another one after each change of the taxonomy, by triggers, so whoever writes.

    It is drawn at random: a number that grows would come twice where a change was rolled back.
    """

    SINGLETON = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=SINGLETON)
    mark = models.UUIDField(db_default=RandomUUID(), editable=False)

    class Meta:
        db_table = "taxonomy_mark"
        default_permissions = ()
        constraints = [models.CheckConstraint(condition=Q(id=1), name="taxonomy_mark_one_row")]

    def __str__(self) -> str:
        return str(self.mark)
