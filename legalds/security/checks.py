"""System checks of the project's own settings."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register


@register(Tags.security, deploy=True)
def check_allowed_hosts(**_: Any) -> Sequence[CheckMessage]:
    if "*" not in settings.ALLOWED_HOSTS:
        return []
    return [checks.Warning("ALLOWED_HOSTS lets every host in.", hint="Name the hosts of this site.", id="legalds.W001")]


@register(Tags.security, deploy=True)
def check_proxies(**_: Any) -> Sequence[CheckMessage]:
    if not settings.SECURE_PROXY_SSL_HEADER or settings.NUM_PROXIES:
        return []
    return [
        checks.Warning(
            "Behind a proxy all clients have its address, so that one who guesses passwords locks out the others.",
            hint="Set NUM_PROXIES to the number of proxies that append to X-Forwarded-For, mostly 1.",
            id="legalds.W003",
        )
    ]
