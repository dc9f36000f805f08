"""django-ordered-model's three classes, with the types that it does not ship."""

from typing import TYPE_CHECKING

from django.db import models

if TYPE_CHECKING:
    from typing import TypeVar

    M = TypeVar("M", bound=models.Model)

    OrderedModelBase = models.Model

    class OrderedModelManager(models.Manager[M]): ...

    class OrderedModelQuerySet(models.QuerySet[M]): ...

else:
    from ordered_model.models import OrderedModelBase, OrderedModelManager, OrderedModelQuerySet

__all__ = ["OrderedModelBase", "OrderedModelManager", "OrderedModelQuerySet"]
