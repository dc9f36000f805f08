"""Request bodies as they are: fields that take exactly the JSON type they name, and no unknown ones.

DRF's own fields turn "5" into 5 and "no" into False; a configuration deserves a refusal that names the remedy.
"""

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.request import Request

from providers.actions import values
from providers.actions.values import Kind


def refusals(wanted: str, **others: str) -> dict[str, Any]:
    """The messages of a field that takes ``wanted``, under DRF's names for them."""
    return {
        "invalid": f"Give {wanted}.",
        "required": f"It is missing. Give {wanted}.",
        "null": f"It cannot be null. Give {wanted}.",
        **others,
    }


class ExactField(serializers.Field[Any, Any, Any, Any]):
    """Takes values of its kind as they are."""

    kind: ClassVar[Kind]

    def to_internal_value(self, data: Any) -> Any:
        if not self.kind.takes(data):
            self.fail("invalid")
        return data


class TextField(ExactField, serializers.CharField):
    kind = values.TEXT
    default_error_messages = refusals(kind.name, blank=f"It is empty. Give {kind.name} with at least one character.")

    def to_internal_value(self, data: Any) -> str:
        if problem := values.unstorable(super().to_internal_value(data)):
            raise serializers.ValidationError(problem)
        return serializers.CharField.to_internal_value(self, data)


class FlagField(ExactField, serializers.BooleanField):
    kind = values.FLAG
    default_error_messages = refusals(kind.name)


class NumberField(ExactField, serializers.IntegerField):
    kind = values.WHOLE_NUMBER
    default_error_messages = refusals(kind.name)


class PriceField(ExactField, serializers.FloatField):
    """A JSON number, where a DecimalField would show a string."""

    kind = values.NUMBER
    default_error_messages = refusals(f"{kind.name}, such as 0.15")


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
    """The request's values by the serializer's types; raises ValidationError."""
    # An empty body with a form's content type is an empty QueryDict, in which DRF takes a missing flag for false.
    serializer = serializer_class(data=request.data or {}, partial=partial)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
