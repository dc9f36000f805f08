"""What reads the bodies of requests: one JSON object, of bounded size, that can be stored and shown."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import JSONParser

from providers.actions import values

DEPTH_MAX = 32
VALUES_MAX = 10_000
TOO_DEEP = f"The body is nested too deeply. Nest lists and objects {DEPTH_MAX} levels at most."
TOO_MANY = f"The body holds more than {VALUES_MAX:,} values. Send fewer at a time."


class BodyParser(JSONParser):
    """DRF's, with a refusal that says what to send; it names the place of the fault and repeats nothing of the body."""

    def parse(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        try:
            body = super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError(TOO_DEEP) from None
        except ParseError as error:
            reason = error.__context__ or error
            raise ParseError(f"The body is not JSON ({reason}). Send a JSON object, such as {{}}.") from error
        if not isinstance(body, dict):
            raise ParseError("Send a JSON object, such as {}.")
        _check(body)
        return body


def _check(body: Mapping[str, Any]) -> None:
    for number, (field, depth, value) in enumerate(_values(body)):
        if number > VALUES_MAX:
            raise ParseError(TOO_MANY)
        if depth > DEPTH_MAX:
            raise ParseError(TOO_DEEP)
        texts = value if isinstance(value, str) else tuple(value) if isinstance(value, dict) else ()
        if problem := values.unstorable(texts):
            raise ValidationError({field: [problem]} if field else [problem])


def _values(body: Mapping[str, Any]) -> Iterator[tuple[str, int, Any]]:
    """Every value in the body with the field that it is in, and its depth; a walk without recursion."""
    pending: list[tuple[str, int, Any]] = [("", 1, body)]
    while pending:
        field, depth, value = pending.pop()
        yield field, depth, value
        inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        pending += [(field or str(name), depth + 1, each) for name, each in inner]
