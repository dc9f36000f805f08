"""Names the request to the trail of changes."""

from collections.abc import Callable
from functools import partial

from django.http import HttpRequest, HttpResponse

from providers.configuration import actor


class AskedByMiddleware:
    """Keeps the request, not its user: an API token names the user only once the view runs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with actor.asked_by(partial(actor.by_request, request)):
            return self.get_response(request)
