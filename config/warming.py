"""Loading before the first request what it would wait for: clients of the dialects do not wait."""

import gc
from contextlib import suppress

from django.urls import resolve

from comments.text import language
from moderation.screening import classifier


def warm_up() -> None:
    """Import every view, load the models, and use them once. Without a classifier, go on."""
    resolve("/healthz")
    language.detect("Hello")
    with suppress(classifier.ClassifierAway):
        classifier.score([classifier.ClassifierInput(text="Hello", author_name="", author_url="")])
    # What is loaded stays: no request needs to wait while the garbage collector looks through it.
    gc.collect()
    gc.freeze()
