"""Which tables a backup has, and how a value of a column is written as JSON and read again.

Values are taken as they are stored: what is encrypted stays encrypted, so that a backup without
EMAIL_KEYS gives no address away.
"""

import base64
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ExpressionWrapper, F, QuerySet
from django.utils.duration import duration_string

# Who is signed in signs in again.
LEFT_OUT = (Session,)


def tables() -> list[type[models.Model]]:
    """Return the models whose rows are backed up, those that join two others among them."""
    every = apps.get_models(include_auto_created=True)
    return [each for each in every if each._meta.managed and each not in LEFT_OUT]


def columns(model: type[models.Model]) -> list[str]:
    """Return the names of the columns, in the order of their values."""
    return [str(field.column) for field in model._meta.concrete_fields]


def rows(model: type[models.Model]) -> "QuerySet[Any, tuple[Any, ...]]":
    """Return the values of all rows as they are stored, by primary key."""
    # Expressions, since the name of a field would be that field, which decrypts.
    values = [
        ExpressionWrapper(F(field.attname), output_field=_stored(field))
        for field in model._meta.concrete_fields
    ]
    return model._base_manager.order_by("pk").values_list(*values)


def as_json(value: Any) -> str:
    """Return a value that JSON has no form for as a text; a parameter of json.dumps."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_string(value)
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"A backup has no form for {type(value).__name__}.")


def prepared(
    model: type[models.Model], row: list[Any], connection: BaseDatabaseWrapper
) -> list[Any]:
    """Return the values of a row as the database takes them."""
    fields = [_stored(field) for field in model._meta.concrete_fields]
    return [
        field.get_db_prep_save(field.to_python(value), connection)
        for field, value in zip(fields, row, strict=True)
    ]


def _stored(field: "models.Field[Any, Any]") -> "models.Field[Any, Any]":
    """Return the field as its column is: ours that change a text on its way are texts."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if hasattr(target, "from_db_value") and not isinstance(target, models.JSONField):
        return models.TextField()
    return target
