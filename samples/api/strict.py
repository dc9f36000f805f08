"""Request bodies as they are: no unknown fields, and values of the very type that a field names."""

from typing import Any

from rest_framework import serializers


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses unknown fields. Read-only ones are ignored, so that an object may be sent back as it came."""

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if unknown := [str(name) for name in data if name not in self.fields]:
            writable = ", ".join(name for name, field in self.fields.items() if not field.read_only)
            remedy = f"There is no such field. Use: {writable}."
            raise serializers.ValidationError({name: [remedy] for name in unknown})
        taken: dict[str, Any] = super().to_internal_value(data)
        return taken


class TextField(serializers.CharField):
    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class FlagField(serializers.BooleanField):
    default_error_messages = {"invalid": "Give true or false."}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class NumberField(serializers.IntegerField):
    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)
