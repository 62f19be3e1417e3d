"""Requests of the Akismet protocol: their host, allowed callbacks and fingerprints."""

from dataclasses import replace

import pytest

from moderation.intake.akismet.request import CheckRequest, host_of

REQUEST = CheckRequest(
    blog="https://gazette.example",
    permalink="https://gazette.example/article",
    text="What a thoughtful article.",
    author_name="Ann",
    author_email="ann@mail.example",
    author_address="198.51.100.7",
)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Gazette.Example:8443/blog", "gazette.example"),
        ("gazette.example/blog", "gazette.example"),
        ("//gazette.example", "gazette.example"),
        ("http://[", ""),
        ("https://", ""),
        ("", ""),
    ],
)
def test_the_host_of_a_url_is_in_lower_case_or_empty(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("blog", "callback", "is_allowed"),
    [
        ("https://gazette.example", "https://GAZETTE.example/hook", True),
        ("https://gazette.example", "https://elsewhere.example/hook", False),
        ("https://gazette.example", "https://sub.gazette.example/hook", False),
        ("https://gazette.example", "", False),
        ("", "", False),
    ],
)
def test_a_callback_is_allowed_on_the_host_of_the_website_alone(
    blog: str, callback: str, is_allowed: bool
) -> None:
    assert replace(REQUEST, blog=blog, callback=callback).is_callback_allowed is is_allowed


@pytest.mark.parametrize(
    "change",
    [
        {"blog": "https://GAZETTE.example/blog"},
        {"author_email": " Ann@Mail.Example"},
        {"text": "what a thoughtful ARTICLE."},
        {"author_url": "https://ann.example"},
        {"user_agent": "Another browser"},
        {"post_id": "7"},
    ],
)
def test_the_fingerprint_recognises_the_same_comment(change: dict[str, str]) -> None:
    assert replace(REQUEST, **change).fingerprint == REQUEST.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"blog": "https://elsewhere.example"},
        {"permalink": "https://gazette.example/other"},
        {"author_name": "Bob"},
        {"author_email": "bob@mail.example"},
        {"author_address": "198.51.100.8"},
        {"text": "Another text."},
    ],
)
def test_the_fingerprint_differs_for_another_comment(change: dict[str, str]) -> None:
    assert replace(REQUEST, **change).fingerprint != REQUEST.fingerprint


def test_the_fingerprint_depends_on_the_secret_key(settings) -> None:
    before = REQUEST.fingerprint
    settings.SECRET_KEY = "another key"
    assert REQUEST.fingerprint != before
