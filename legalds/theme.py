"""How the admin looks and what its sidebar holds: the settings of Unfold."""

from functools import partial
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy


class Page(NamedTuple):
    """One line of the sidebar, for those who may see the rows of ``model``."""

    title: str
    icon: str
    app: str
    model: str
    view: str = "changelist"

    @property
    def url_name(self) -> str:
        return f"admin:{self.app}_{self.model}_{self.view}"


NAVIGATION = {
    "Generate": (Page("Batches", "stacks", "generation", "batch"), Page("Samples", "article", "samples", "sample")),
    "Taxonomy": (
        Page("Sample types", "category", "samples", "sampletype"),
        Page("Topics", "topic", "samples", "topic"),
        Page("Jurisdictions", "gavel", "samples", "jurisdiction"),
        Page("Difficulties", "signal_cellular_alt", "samples", "difficulty"),
    ),
    "Providers": (
        Page("Providers", "cloud", "providers", "provider"),
        Page("Models", "neurology", "providers", "model"),
        Page("Limits of this installation", "speed", "providers", "provider", "limits"),
        Page("Explain route", "alt_route", "providers", "provider", "explain"),
        Page("Changes", "history", "providers", "configurationchange"),
    ),
    "Access": (Page("Users", "person", "auth", "user"), Page("Groups", "group", "auth", "group")),
}


def _may_view(app: str, model: str, request: HttpRequest) -> bool:
    return any(request.user.has_perm(f"{app}.{right}_{model}") for right in ("view", "change"))


def _static(path: str, _request: HttpRequest) -> str:
    return static(path)


def _is_open(page: Page, request: HttpRequest) -> bool:
    """The line whose path is the longest beginning of this one: pages may stand below others."""
    paths = {reverse(each.url_name): each for pages in NAVIGATION.values() for each in pages}
    begun = [path for path in paths if request.path.startswith(path)]
    return bool(begun) and paths[max(begun, key=len)] == page


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "legalds",
    "SITE_HEADER": "legalds",
    "SITE_SUBHEADER": "Legal training samples in batches",
    "SITE_SYMBOL": "balance",
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda _request: static("legalds/favicon.svg")},
    ],
    "STYLES": [partial(_static, f"legalds/{name}.css") for name in ("colours", "admin")],
    "SCRIPTS": [
        *(partial(_static, f"legalds/{name}.js") for name in ("policy", "unsaved", "live", "times", "reach")),
        partial(_static, "generation/news.js"),
    ],
    "DASHBOARD_CALLBACK": "legalds.home.views.home",
    "SIDEBAR": {
        "navigation": [
            {
                "title": title,
                "separator": True,
                "items": [
                    {
                        "title": page.title,
                        "icon": page.icon,
                        "link": reverse_lazy(page.url_name),
                        "active": partial(_is_open, page),
                        "permission": partial(_may_view, page.app, page.model),
                    }
                    for page in pages
                ],
            }
            for title, pages in NAVIGATION.items()
        ],
    },
}
