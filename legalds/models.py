"""Tokens that programs show to the API."""

import hashlib
import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def digest_of(token: str) -> str:
    """SHA-256 is enough here: a token is 256 random bits, so there is nothing to guess and no need for a slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


class ApiTokenManager(models.Manager["ApiToken"]):
    def issue(self, user: "User") -> str:
        """A new token for ``user``; the caller gets the only copy."""
        token = secrets.token_urlsafe(32)
        self.create(user=user, digest=digest_of(token))
        return token


class ApiToken(models.Model):
    """A user's token, kept as its digest only. A user may hold several."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_tokens")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ApiTokenManager()

    class Meta:
        db_table = "api_tokens"
        ordering = ["id"]
        verbose_name = "API token"

    def __str__(self) -> str:
        return f"token {self.pk} of user {self.user_id}"
