"""Serializer fields with limits that count before anything is validated."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers


class BoundedListField(serializers.ListField):
    """A list whose length is checked first: DRF validates each item, and then counts them."""

    def run_child_validation(self, data: Any) -> list[Any]:
        """Return the validated items; raise ValidationError for too many of them."""
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        items: list[Any] = super().run_child_validation(data)
        return items


class SinglyValidatedListField(BoundedListField):
    """A list in which a faulty item spoils no other.

    Its value has for each item what is validated, or the ValidationError.
    """

    def run_child_validation(self, data: Any) -> list[Any]:
        """Return the validated items and the errors; raise ValidationError for too many."""
        if self.max_length is not None and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        return list(map(self._validated, data))

    def _validated(self, item: Any) -> Any:
        try:
            return self.child.run_validation(item)
        except serializers.ValidationError as error:
            return error


class NoUnknownFields(serializers.Serializer[Any]):
    """Refuses fields that it does not know, where an oversight would change what is in force.

    What is only read may be sent back as it was read.
    """

    def to_internal_value(self, data: Any) -> Any:
        """Return validated data; raise ValidationError naming each unknown field."""
        if isinstance(data, Mapping) and (
            unknown := sorted(set(map(str, data)) - set(self.fields))
        ):
            message = serializers.ErrorDetail("There is no such field.", "unknown")
            raise serializers.ValidationError({name[:80]: [message] for name in unknown[:20]})
        return super().to_internal_value(data)
