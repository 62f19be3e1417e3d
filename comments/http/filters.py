"""Filters of lists: django-filter's FilterSets, with serializer fields for their parameters."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django_filters import Filter
from django_filters.rest_framework import DjangoFilterBackend, FilterSet
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

# What a form hands over for a parameter that did not come.
ABSENT: Sequence[Any] = (None, "")


class SerializerFormField(forms.Field):
    """A form field that validates by a serializer field."""

    def __init__(self, *, serializer_field: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.serializer_field = serializer_field

    def clean(self, value: Any) -> Any:
        """Return the validated value; raise ValidationError with the serializer's own messages."""
        if value in ABSENT:
            return None
        try:
            return self.serializer_field.run_validation(value)
        except serializers.ValidationError as error:
            # django-filter puts the parameters of a message in with `%`.
            details: Any = error.detail
            errors = [ValidationError(each.replace("%", "%%"), each.code) for each in details]
            raise ValidationError(errors) from None


class QueryFilter(Filter):
    """A query parameter that is validated, and described, as a field of a request body would be.

    One set of error messages and codes thus holds for bodies and queries. `options` are those of
    django-filter, such as `field_name`, `lookup_expr` and `method`.
    """

    field_class = SerializerFormField

    def __init__(self, field: serializers.Field[Any, Any, Any, Any], **options: Any) -> None:
        super().__init__(label="", serializer_field=field, **options)
        self.serializer_field = field


class OrderFilter(QueryFilter):
    """The parameter that chooses an order; the first of `orders` is the default.

    It leaves the rows as they are: the paginator applies the order, since its cursors depend on it.
    """

    def __init__(self, orders: Mapping[str, Sequence[str]]) -> None:
        self.orders = orders
        super().__init__(serializers.ChoiceField(choices=list(orders), default=next(iter(orders))))

    def filter(self, qs: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Return the rows unchanged."""
        return qs


class QueryFilterSet(FilterSet):
    """The filters of one list, with the view that lists."""

    @property
    def view(self) -> Any:
        """Return the view, which knows what the caller may see."""
        request: Any = self.request
        return request.parser_context["view"]

    def given(self) -> dict[str, Any]:
        """Return the validated parameters that came, without those left out."""
        values = self.form.cleaned_data.items()
        return {name: value for name, value in values if value is not None}


class QueryFilterBackend(DjangoFilterBackend):
    """Filters a list by `view.filterset_class`; unacceptable values are answered with 400."""

    filterset_base = QueryFilterSet

    def get_ordering(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> Sequence[str] | None:
        """Return the order that the caller chose; None where the list has one order only."""
        filterset = self.get_filterset_class(view)
        filters = filterset.base_filters.items() if filterset else ()
        for name, order in filters:
            if isinstance(order, OrderFilter):
                chosen = request.query_params.get(name) or next(iter(order.orders))
                return order.orders[chosen]
        return None
