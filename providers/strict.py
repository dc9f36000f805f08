"""Request bodies as they are: fields that take exactly the JSON type they name, and no unknown ones.

DRF's own fields turn "5" into 5 and "no" into False; a configuration deserves a refusal that names the remedy.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from providers.actions import values


def refusals(wanted: str, **others: str) -> dict[str, Any]:
    """The messages of a field that takes ``wanted``, under DRF's names for them."""
    return {
        "invalid": f"Give {wanted}.",
        "required": f"It is missing. Give {wanted}.",
        "null": f"It cannot be null. Give {wanted}.",
        **others,
    }


class TextField(serializers.CharField):
    default_error_messages = refusals("a string", blank="It is empty. Give a string with at least one character.")

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        if problem := values.unstorable(data):
            raise serializers.ValidationError(problem)
        return super().to_internal_value(data)


class FlagField(serializers.BooleanField):
    default_error_messages = refusals("true or false")

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class NumberField(serializers.IntegerField):
    default_error_messages = refusals("a whole number")

    def to_internal_value(self, data: Any) -> int:
        if not isinstance(data, int) or isinstance(data, bool):
            self.fail("invalid")
        return data


class PriceField(serializers.FloatField):
    """A JSON number, where a DecimalField would show a string."""

    default_error_messages = refusals("a number, such as 0.15")

    def to_internal_value(self, data: Any) -> float:
        if not isinstance(data, int | float) or isinstance(data, bool):
            self.fail("invalid")
        return data


class ObjectField(serializers.DictField):
    default_error_messages = refusals("a JSON object, such as {{}}", not_a_dict="Give a JSON object, such as {{}}.")


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown fields. Read-only ones are ignored, so that an object may be sent back as it came."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if unknown := [name for name in data if name not in self.fields]:
            writable = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            remedy = f"Use: {writable}." if writable else "Send no fields, or no body."
            raise serializers.ValidationError({name: [f"There is no such field. {remedy}"] for name in unknown})
        taken: dict[str, Any] = super().to_internal_value(data)
        return taken


def read_body(serializer_class: type[StrictSerializer], request: Request, *, partial: bool = False) -> dict[str, Any]:
    """The request's values by the serializer's types; raises ValidationError or ParseError."""
    try:
        data = request.data
    except RecursionError:
        raise ParseError("The body is nested too deeply.") from None
    if not isinstance(data, Mapping):
        raise serializers.ValidationError("Send a JSON object, such as {}.")
    # An empty body with a form's content type is an empty QueryDict, in which DRF takes a missing flag for false.
    serializer = serializer_class(data=data or {}, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
