"""GET /api/health: whether the database and Redis answer, for load balancers and ``docker compose``."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from drf_spectacular.utils import extend_schema, inline_serializer
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from rest_framework import serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

logger = logging.getLogger(__name__)

LIMIT_S = 2
PART = serializers.ChoiceField(choices=["ok", "down"])
HEALTH = inline_serializer("Health", {"status": PART, "database": PART, "redis": PART})


def check_database() -> None:
    """On a connection of its own, so that neither a stale one nor the request's transaction decides the answer."""
    connection = connections.create_connection(DEFAULT_DB_ALIAS)
    connection.settings_dict = {
        **connection.settings_dict,
        "OPTIONS": {**connection.settings_dict.get("OPTIONS", {}), "connect_timeout": LIMIT_S},
    }
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()


def check_redis() -> None:
    with Redis.from_url(
        settings.REDIS_URL, socket_connect_timeout=LIMIT_S, socket_timeout=LIMIT_S, retry=Retry(NoBackoff(), 0)
    ) as client:
        client.ping()


CHECKS: dict[str, Callable[[], None]] = {"database": check_database, "redis": check_redis}


def ok_or_down(name: str) -> str:
    """``ok`` or ``down``; why goes to the log by its class only, since messages may hold addresses."""
    try:
        CHECKS[name]()
    except (Error, RedisError, OSError) as error:
        logger.warning("health: %s is down (%s)", name, type(error).__name__)
        return "down"
    return "ok"


class HealthView(APIView):
    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(responses={200: HEALTH, 503: HEALTH}, auth=[])
    def get(self, request: Request) -> Response:
        with ThreadPoolExecutor(len(CHECKS)) as pool:
            parts = dict(zip(CHECKS, pool.map(ok_or_down, CHECKS), strict=True))
        overall = "down" if "down" in parts.values() else "ok"
        code = status.HTTP_200_OK if overall == "ok" else status.HTTP_503_SERVICE_UNAVAILABLE
        return Response({"status": overall, **parts}, status=code)
