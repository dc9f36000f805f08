"""Addresses of the pages of batches."""

from django.urls import reverse

ADD = reverse("admin:generation_batch_add")
LIST = reverse("admin:generation_batch_changelist")


def url(name, batch):
    return reverse(f"admin:generation_batch_{name}", args=[batch.pk])
