"""Who is asking for a change of the configuration. The middleware names the request, a command names itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest

from providers.choices import Way


@dataclass(frozen=True, slots=True)
class Actor:
    way: Way
    user_id: int | None = None
    name: str = ""
    command: str = ""


_asker: ContextVar[Callable[[], Actor]] = ContextVar("asker", default=lambda: Actor(Way.CODE))


@contextmanager
def asked_by(asker: Callable[[], Actor]) -> Iterator[None]:
    """``asker`` is asked when something is written: who sends a request may be known only then."""
    token = _asker.set(asker)
    try:
        yield
    finally:
        _asker.reset(token)


def asker() -> Actor:
    """Who asks for what is being done now."""
    return _asker.get()()


def by_request(request: HttpRequest) -> Actor:
    match = request.resolver_match
    way = Way.ADMIN if match is not None and "admin" in match.namespaces else Way.API
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return Actor(way)
    return Actor(way, user.pk, user.get_username())


@contextmanager
def by_command(name: str) -> Iterator[None]:
    """Also a decorator, for the ``handle`` of a command."""
    with asked_by(lambda: Actor(Way.COMMAND, command=name)):
        yield
