"""Every answer of every URL says what browsers may do with it, errors and redirects included."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.admindocs.views import simplify_regex
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.views.generic import RedirectView

from comments.models import Site
from tests.factories import CommentFactory, UserFactory

SAMPLES = {
    "slug": "gazette",
    "language": "de",
    "uuid": "01a22397-6525-721b-9d0f-3d74a4565b8b",
    "token": "a-token",
    "content_type_id": "1",
}
HEADERS = {
    "Content-Security-Policy": r"default-src 'none'",
    "Cross-Origin-Opener-Policy": r"^same-origin$",
    "Cross-Origin-Resource-Policy": r"^(same|cross)-origin$",
    "Permissions-Policy": r"camera=\(\)",
    "Referrer-Policy": r"^(same-origin|no-referrer)$",
    "X-Content-Type-Options": r"^nosniff$",
}


def paths(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Yield a path for each URL, with samples in the place of its arguments."""
    for pattern in resolver.url_patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from paths(pattern, here)
        elif isinstance(pattern, URLPattern):
            plain = re.sub(r"\\([.$])", r"\1", simplify_regex(here)).replace("[12]", "1")
            yield re.sub(r"<(?:\w+:)?(\w+)>", sample, plain)


def sample(match: re.Match[str]) -> str:
    name = match[1]
    return next((value for part, value in SAMPLES.items() if part in name), SAMPLES["uuid"])


PATHS = sorted(set(paths(get_resolver())))


def faults(response: HttpResponse) -> list[str]:
    found = [
        f"{name}: {response.headers.get(name)}"
        for name, pattern in HEADERS.items()
        if not re.search(pattern, response.headers.get(name, ""))
    ]
    policy = response.headers.get("Content-Security-Policy", "")
    scripts = re.search(r"script-src ([^;]*)", policy)
    if not scripts or "unsafe" in scripts[1]:
        found.append(f"scripts: {policy}")
    if "frame-ancestors" not in policy or "frame-ancestors *" in policy:
        found.append(f"frames: {policy}")
    return found


def test_the_walk_finds_every_room() -> None:
    rooms = ("/admin/moderation", "/sign-in", "/api/v1/sites", "/api/v1/review", "/api/docs")
    for room in (*rooms, "/1.1/", "/email/", "/desk/", "/status/", "/healthz", "/metrics"):
        assert any(path.startswith(room) for path in PATHS), room


@pytest.mark.django_db
@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("who", ["a stranger", "a superuser"])
def test_every_answer_has_the_headers(path: str, who: str, site: Site) -> None:
    client = Client(raise_request_exception=False)
    if who == "a superuser":
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
    assert faults(client.get(path)) == []
    assert faults(client.post(path)) == []


@pytest.mark.django_db
def test_pages_that_are_framed_say_by_whom(site: Site) -> None:
    site.origins = ["https://gazette.example"]
    site.save()
    response = Client().get(f"/sites/{site.slug}/thread?key=x&title=X")
    policy = response.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' https://gazette.example" in policy
    assert faults(response) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "host", "status"),
    [("/nothing", "testserver", 404), ("/healthz", "evil.example", 400), ("/", "a_b:x", 400)],
)
def test_errors_have_the_headers(path: str, host: str, status: int) -> None:
    response = Client(headers={"Host": host}).get(path)
    assert response.status_code == status
    assert faults(response) == []


@pytest.mark.django_db
def test_a_crash_has_the_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(RedirectView, "get", crash)
    response = Client(raise_request_exception=False).get("/admin/password_change/")
    assert response.status_code == 500
    assert faults(response) == []


@pytest.mark.django_db
def test_a_forged_form_is_refused_with_the_headers() -> None:
    response = Client(enforce_csrf_checks=True).post("/sign-in/", {"login": "x"})
    assert response.status_code == 403
    assert faults(response) == []


@pytest.mark.django_db
def test_cached_pages_and_static_files_have_the_headers(site: Site) -> None:
    comment = CommentFactory(thread__site=site, site=site, status="approved")
    for _ in range(2):
        path = f"/api/v1/sites/{site.slug}/comments"
        response = Client().get(path, {"thread": comment.thread.key})
        assert response.status_code == 200
        assert faults(response) == []
    assert faults(Client().get("/static/unfold/js/app.js")) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "whose"),
    [
        ("/embed.js", "cross-origin"),
        ("/static/pages/icon.svg", "cross-origin"),
        ("/avatars/0123.svg", "cross-origin"),
        ("/api/v1/sites/gazette/form", "cross-origin"),
        ("/sign-in/", "same-origin"),
        ("/api/docs/", "same-origin"),
        ("/api/v1/review/queue", "same-origin"),
    ],
)
def test_other_sites_load_only_what_is_for_them(path: str, whose: str, site: Site) -> None:
    assert Client().get(path).headers["Cross-Origin-Resource-Policy"] == whose


@pytest.mark.django_db
def test_colours_of_the_desk_are_let_in_by_a_nonce_of_their_own() -> None:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    nonces = set()
    for _ in range(2):
        response = client.get("/admin/comments/site/")
        policy = response.headers["Content-Security-Policy"]
        found = re.search(r"style-src-elem 'self' 'nonce-([^']+)'", policy)
        assert found, policy
        assert f'nonce="{found[1]}"' in response.content.decode()
        nonces.add(found[1])
    assert len(nonces) == 2
