"""Warm up a process before its first request, since clients of the dialects have short timeouts."""

import gc
from contextlib import suppress

from django.urls import resolve

from comments.text import language
from moderation.screening import classifier


def warm_up() -> None:
    """Import every view, load the models and use them once; go on without a classifier."""
    resolve("/healthz")
    language.detect("Hello")
    with suppress(classifier.ClassifierAway):
        classifier.score([classifier.ClassifierInput(text="Hello", author_name="", author_url="")])
    # What is loaded stays: exempt it from garbage collection, for which requests would wait.
    gc.collect()
    gc.freeze()
