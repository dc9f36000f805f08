"""Durations in words, for templates."""

from datetime import timedelta

from django import template

from providers.routing.explaining import durations

register = template.Library()


@register.filter
def roughly(span: timedelta) -> str:
    """As long as a person would say it takes: "40 s", "12 min", "3 h 20 min", "2 days"."""
    return durations.roughly(span.total_seconds())
