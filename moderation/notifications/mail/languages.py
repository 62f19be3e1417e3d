"""Sentences that are made where they are read: in the language of who gets the mail."""

from collections.abc import Callable
from typing import ParamSpec

from django.utils.functional import lazy

P = ParamSpec("P")


def in_their_language(say: Callable[P, str]) -> Callable[P, str]:
    """Return a function whose sentence is made each time that it is rendered."""
    translated: Callable[P, str] = lazy(say, str)
    return translated
