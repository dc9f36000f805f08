"""How the admin looks and what its sidebar holds: the settings of Unfold."""

from functools import partial
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy

# Title of a group -> (title, icon, app, model) of its pages.
NAVIGATION = {
    "Generate": (("Batches", "stacks", "generation", "batch"), ("Samples", "article", "samples", "sample")),
    "Providers": (
        ("Providers", "cloud", "providers", "provider"),
        ("Models", "neurology", "providers", "model"),
        ("Changes", "history", "providers", "configurationchange"),
    ),
    "Access": (("Users", "person", "auth", "user"), ("Groups", "group", "auth", "group")),
}


def _may_view(app: str, model: str, request: HttpRequest) -> bool:
    return any(request.user.has_perm(f"{app}.{deed}_{model}") for deed in ("view", "change"))


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
    "STYLES": [lambda _request: static("legalds/admin.css")],
    "SCRIPTS": [lambda _request: static("legalds/live.js"), lambda _request: static("generation/news.js")],
    "DASHBOARD_CALLBACK": "legalds.home.views.home",
    "COLORS": {
        "primary": {
            "50": "oklch(97% .014 254.604)",
            "100": "oklch(93.2% .032 255.585)",
            "200": "oklch(88.2% .059 254.128)",
            "300": "oklch(80.9% .105 251.813)",
            "400": "oklch(70.7% .165 254.624)",
            "500": "oklch(62.3% .214 259.815)",
            "600": "oklch(54.6% .245 262.881)",
            "700": "oklch(48.8% .243 264.376)",
            "800": "oklch(42.4% .199 265.638)",
            "900": "oklch(37.9% .146 265.522)",
            "950": "oklch(28.2% .091 267.935)",
        },
    },
    "SIDEBAR": {
        "navigation": [
            {
                "title": title,
                "separator": True,
                "items": [
                    {
                        "title": name,
                        "icon": icon,
                        "link": reverse_lazy(f"admin:{app}_{model}_changelist"),
                        "permission": partial(_may_view, app, model),
                    }
                    for name, icon, app, model in items
                ],
            }
            for title, items in NAVIGATION.items()
        ],
    },
}
