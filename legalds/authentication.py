"""``Authorization: Token <token>``, looked up by the token's digest."""

from typing import TYPE_CHECKING

from rest_framework.authentication import TokenAuthentication
from rest_framework.exceptions import AuthenticationFailed

from legalds.models import ApiToken, digest_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class HashedTokenAuthentication(TokenAuthentication):
    model = ApiToken

    def authenticate_credentials(self, key: str) -> tuple["User", ApiToken]:
        token = ApiToken.objects.select_related("user").filter(digest=digest_of(key)).first()
        if token is None:
            raise AuthenticationFailed("This token is not known. Make one with: manage.py create_token USERNAME")
        if not token.user.is_active:
            raise AuthenticationFailed("The user of this token is not active. Ask an administrator.")
        return token.user, token
