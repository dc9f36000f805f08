"""``Authorization: Token <token>``, looked up by the token's digest."""

import logging
from typing import TYPE_CHECKING, Any

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from legalds.models import ApiToken, digest_of
from legalds.security import guesses
from legalds.security.client_address import address_of
from legalds.security.guesses import Allowance, Guesser

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)
TOKENS = Allowance("token", 30, 60)


class HashedTokenAuthentication(TokenAuthentication):
    """A wrong token counts for its address. A good one is taken all the same: nobody guesses 256 bits, and a neighbour
    who sends wrong ones must lock out no program."""

    model = ApiToken

    def authenticate(self, request: Request) -> Any:
        try:
            return super().authenticate(request)
        except AuthenticationFailed as failure:
            address = address_of(request._request)
            refusal = guesses.guess(Guesser(TOKENS, (address,)))
            if refusal is None or refusal.is_first:
                logger.warning("API token from %s refused: %s", address, failure.detail)
            if refusal is None:
                raise
            raise Throttled(refusal.wait_s, "Too many wrong tokens from this address.") from None

    def authenticate_credentials(self, key: str) -> tuple["User", ApiToken]:
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(key)).first()
        if token is None:
            raise AuthenticationFailed("This token is not known. Make one with: manage.py create_token USERNAME")
        if not token.user.is_active:
            logger.warning("API token of user %r refused: not active", token.user.get_username())
            raise AuthenticationFailed("The user of this token is not active. Ask an administrator.")
        return token.user, token
