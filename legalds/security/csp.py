"""What a browser may load and do on our pages: the Content-Security-Policy. docs/security.md says what for."""

from typing import Any

from csp.constants import HEADER, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from csp.middleware import CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

Directives = dict[str, Any]

PAGES: Directives = {
    "default-src": [NONE],
    "script-src": [SELF, UNSAFE_EVAL],  # Alpine, on which the theme stands, evaluates its attributes
    "script-src-attr": [NONE],
    "style-src": [SELF],
    "img-src": [SELF],
    "font-src": [SELF],
    "connect-src": [SELF],
    "form-action": [SELF],
    "base-uri": [SELF],
    "object-src": [NONE],
    "frame-ancestors": [NONE],
}
# Answers for programs, and files: whoever opens one as a page gets text and nothing that runs.
DATA: Directives = {
    "default-src": [NONE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [NONE],
}
# Django's own pages about a bug, with DEBUG on: all in one file, and with a form that would send them to a public site.
DEBUG_PAGES: Directives = {**DATA, "script-src": [UNSAFE_INLINE], "style-src": [UNSAFE_INLINE]}


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """One policy for pages, one for all else. django-csp sends none with pages about bugs; here they have one."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if settings.DEBUG and response.status_code in (404, 500) and HEADER not in response:
            response[HEADER] = build_policy(DEBUG_PAGES if is_page(response) else DATA)
        return super().process_response(request, response)

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only and not is_page(response):
            parts.config = DATA
        return parts


def is_page(response: HttpResponseBase) -> bool:
    return response.get("Content-Type", "").startswith("text/html")
