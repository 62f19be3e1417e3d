"""No page of another website acts for a reader: tried at every URL that takes a form keyless."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from comments.models import Comment, Site
from comments.privacy import signed_links
from comments.threads import subscriptions
from comments.threads.subscriptions import SubscriptionChoice
from moderation.notifications.mail import action_links
from tests.factories import CommentFactory, ThreadFactory, UserFactory

EVIL = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
# What asks for a key of a server, which no browser has.
KEYED = (
    *("email/bounces", "api/v1/review/", "^1", "v1", "^v1", "moderations", "^batch", "coral/"),
    *("^coral", "^\\$"),
)


def routes(patterns=None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry.url_patterns, route)
        else:
            yield route, entry


def takes_forms(entry: URLPattern) -> bool:
    """Tell whether a view is exempt from Django's own protection, and changes something."""
    view = getattr(entry.callback, "view_class", None) or getattr(entry.callback, "cls", None)
    methods = {name for name in ("post", "put", "patch", "delete") if hasattr(view, name)}
    return bool(getattr(entry.callback, "csrf_exempt", False)) and (not view or bool(methods))


OPEN = sorted(
    route
    for route, entry in routes()
    if takes_forms(entry)
    and not route.startswith(KEYED)
    and not (route.startswith("api/v1/") and not route.startswith("api/v1/sites/<slug:slug>/"))
)


@pytest.fixture
def comment(site: Site) -> Comment:
    thread = ThreadFactory(site=site, key="article", url="")
    return CommentFactory(thread=thread, status="approved")


def address(route: str, comment: Comment) -> str:
    site, author = comment.site, comment.author
    subscriptions.subscribe(
        comment, SubscriptionChoice.REPLIES, language="en", now=comment.created_at
    )
    links = {
        "status": signed_links.status_url(comment),
        "email/confirm": signed_links.confirmation_url(author),
        "email/person": signed_links.data_request_url(author),
        "email/unsubscribe": signed_links.unsubscribe_url(author.subscriber),
        "desk": action_links.links(comment, UserFactory())["APPROVE"],
    }
    if found := links.get(route.rpartition("/<str:token>")[0]):
        return found.removeprefix("http://testserver")
    path = route.replace("<slug:slug>", site.slug).replace("<uuid:comment_id>", str(comment.pk))
    return f"/{path}" + ("?key=article" if path.endswith("thread") else "")


def test_the_urls_that_are_tried_are_found() -> None:
    assert {"status/<str:token>", "sites/<slug:slug>/thread", "desk/<str:token>"} < set(OPEN)
    assert "api/v1/sites/<slug:slug>/comments/<uuid:comment_id>/vote" in OPEN


@pytest.mark.parametrize("route", OPEN)
def test_a_form_of_another_website_is_refused(route: str, comment: Comment) -> None:
    path = address(route, comment)
    typed = {"body": "<b>Typed", "text": "<b>Typed"}
    answer = Client().post(path, {"act": "delete", "key": str(uuid4()), **typed}, headers=EVIL)
    assert answer.status_code == 403
    if path.startswith("/api/"):
        assert answer.json()["type"].endswith(":foreign-origin")
    elif not path.startswith("/desk/"):
        assert "another website" in answer.content.decode()
        assert "&lt;b&gt;Typed" in answer.content.decode()
    comment.refresh_from_db()
    assert comment.status == "approved"


@pytest.mark.parametrize("method", ["patch", "delete"])
def test_so_are_changes_of_a_comment(method: str, comment: Comment) -> None:
    path = f"/api/v1/sites/{comment.site.slug}/comments/{comment.pk}"
    assert getattr(Client(), method)(path, headers=EVIL).status_code == 403


def test_the_sites_own_pages_may(comment: Comment) -> None:
    own = {"Origin": comment.site.origins[0], "Sec-Fetch-Site": "cross-site"}
    path = f"/api/v1/sites/{comment.site.slug}/comments/{comment.pk}/vote"
    answer = Client().post(path, {"value": 1}, content_type="application/json", headers=own)
    assert answer.status_code == 200
