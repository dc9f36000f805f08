"""The quotas that a server promises in RateLimit-Policy, in the forms of the IETF's drafts.

``"burst";q=100;w=60`` today, ``100;w=60`` before; the latter stands in RateLimit-Limit and X-RateLimit-Limit too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from providers.llm.types import Counted

HEADERS = ("ratelimit-policy", "ratelimit-limit", "x-ratelimit-limit")
PARAMETER = r'\s?;\s?[\w-]{1,20}=(?:"[^"]{0,40}"|[^",;\s]{1,40})'
ITEM = re.compile(rf'(?:"(?P<name>[^"]{{0,40}})"|(?<![\w=.])(?P<quota>\d{{1,12}}))(?P<rest>(?:{PARAMETER}){{1,8}})')
FIELD = re.compile(r';\s?([\w-]{1,20})="?([^",;\s]{1,40})')
UNITS: Mapping[str, Counted] = {"requests": "requests", "request": "requests", "tokens": "tokens"}
LONGEST_S = 31 * 86_400


@dataclass(frozen=True, slots=True)
class Policy:
    name: str
    unit: Counted
    quota: int
    window_s: int


def policies(headers: Mapping[str, str]) -> list[Policy]:
    """``headers`` by their names in lower case. What counts anything else, or over no sane window, is left out."""
    return list(dict.fromkeys(policy for name in HEADERS for policy in _in(headers.get(name, ""))))


def _in(text: str) -> Iterator[Policy]:
    for item in ITEM.finditer(text):
        fields = dict(FIELD.findall(item["rest"]))
        unit = UNITS.get(fields.get("qu", "requests"))
        quota, window_s = _whole(item["quota"] or fields.get("q", "")), _whole(fields.get("w") or fields.get("window"))
        if unit and quota is not None and window_s is not None and 1 <= window_s <= LONGEST_S:
            yield Policy((item["name"] or "").lower(), unit, quota, window_s)


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,12}", text) else None
