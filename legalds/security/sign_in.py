"""The admin's login, in which passwords cannot be guessed for long.

Wrong ones are counted for the user name at an address, and for the address. Never for the user name alone: then anybody
could lock anybody out. A browser in which that user has signed in before is counted by itself, so that an attacker at
the same address (behind the same proxy, in the same office) locks out nobody who is known.
"""

import hashlib
import logging
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.forms import AuthenticationForm

from legalds.security import guesses
from legalds.security.client_address import address_of
from legalds.security.guesses import Allowance, Guesser
from providers.routing.explaining.durations import at_least

logger = logging.getLogger(__name__)

WINDOW_S = 15 * 60
USER_AT_ADDRESS = Allowance("user", 5, WINDOW_S)
ADDRESS = Allowance("address", 50, WINDOW_S)
KNOWN_BROWSER = Allowance("browser", 10, WINDOW_S)
COOKIE, COOKIE_AGE_S = "signed-in-before", 365 * 24 * 3600


class SignInForm(AuthenticationForm):  # type: ignore[misc]
    refusal: guesses.Refusal | None = None

    def clean(self) -> dict[str, Any]:
        name, password = self.cleaned_data.get("username"), self.cleaned_data.get("password")
        if not name or not password:
            return dict(super().clean())
        address = address_of(self.request)
        guessers = _guessers(self.request, name, address)
        self.refusal = guesses.guess(*guessers)
        if self.refusal:
            if self.refusal.is_first:
                logger.warning("sign-in as %r from %s: too many were wrong, refused for now", name, address)
            wait = at_least(self.refusal.wait_s)
            raise ValidationError(f"Too many wrong sign-ins. Try again in {wait}.", code="too_many")
        try:
            cleaned = super().clean()
        except ValidationError:
            logger.warning("sign-in as %r from %s: wrong", name, address)
            raise
        guesses.was_right(*guessers)
        return dict(cleaned)


def sign_in(request: HttpRequest) -> HttpResponse:
    """The admin's own view; a refusal is a 429, and a browser that got in is remembered."""
    response = admin.site.login(request)
    if not isinstance(response, TemplateResponse):  # it leads on, and with a POST that is for who has just got in
        if request.method == "POST" and request.user.is_authenticated:
            _remember(response, request.user.get_username())
        return response
    refusal = getattr((response.context_data or {}).get("form"), "refusal", None)
    if refusal:
        response.status_code = 429
        response.headers["Retry-After"] = str(refusal.wait_s)
    return response


def _guessers(request: HttpRequest, name: str, address: str) -> tuple[Guesser, ...]:
    known = request.get_signed_cookie(COOKIE, "", salt=COOKIE, max_age=COOKIE_AGE_S)
    if known == _digest(name):
        return (Guesser(KNOWN_BROWSER, (request.COOKIES[COOKIE],)),)
    return Guesser(USER_AT_ADDRESS, (name, address)), Guesser(ADDRESS, (address,))


def _remember(response: HttpResponse, name: str) -> None:
    response.set_signed_cookie(
        COOKIE,
        _digest(name),
        salt=COOKIE,
        max_age=COOKIE_AGE_S,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:32]
