"""Durations in words, for templates."""

from datetime import timedelta

from django import template

register = template.Library()


@register.filter
def roughly(span: timedelta) -> str:
    """As long as a person would say it takes: "40 s", "12 min", "3 h 20 min", "2 days"."""
    seconds = span.total_seconds()
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{round(hours / 24)} days"
