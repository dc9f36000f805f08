"""Addresses of the pages of samples."""

from django.urls import reverse

LIST = reverse("admin:samples_sample_changelist")


def url(name, sample):
    return reverse(f"admin:samples_sample_{name}", args=[sample.pk])
