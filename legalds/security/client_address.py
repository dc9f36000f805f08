"""Where a request comes from, as far as that can be trusted."""

import ipaddress
import re
from contextlib import suppress

from django.conf import settings
from django.http import HttpRequest

UNKNOWN = "unknown"
WITH_PORT = re.compile(r"\[?(.+?)\]?:\d+")
HOME_NETWORK = 64  # one household or server gets so many bits of IPv6 to itself


def address_of(request: HttpRequest) -> str:
    """The client's address; of IPv6 its network, whose addresses are all one client's to use.

    NUM_PROXIES proxies have each appended whom they heard from to X-Forwarded-For; what stands before that, the client
    may have written itself.
    """
    heard = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    proxies = settings.NUM_PROXIES
    told = heard[-proxies] if 0 < proxies <= len(heard) else ""
    return _parsed(told) or _parsed(request.META.get("REMOTE_ADDR", "")) or UNKNOWN


def _parsed(text: str) -> str:
    """Some proxies add the port. Empty where it is no address."""
    with_port = WITH_PORT.fullmatch(text)
    for candidate in (text, with_port[1] if with_port else ""):
        with suppress(ValueError):
            return _network(ipaddress.ip_address(candidate))
    return ""


def _network(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> str:
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((int(address), HOME_NETWORK), strict=False))
