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


def _static(path: str, _request: HttpRequest) -> str:
    return static(path)


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
        *(partial(_static, f"legalds/{name}.js") for name in ("policy", "live", "reach")),
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
