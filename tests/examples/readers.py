"""What readers' pages ask: Ann thanks for an article of the Gazette, and others answer."""

from datetime import timedelta
from typing import Any

import jwt
from django.utils import timezone

from comments.accounts import single_sign_on
from comments.models import Comment, Site
from moderation.intake import changes
from moderation.rules.verdicts import Verdict
from moderation.screening import screen
from tests.conftest import Api
from tests.examples.recorder import Recorder
from tests.factories import AuthorFactory, CommentFactory, SiteKeyFactory

PAGE = "https://gazette.example/elections"


def walk(recorder: Recorder, reader: Api, site: Site) -> None:
    """Call every operation that needs no key."""
    api = recorder.of(reader)
    form = api.get("form", {"thread": PAGE}).json()
    api.post("preview", {"body": "You are an idiot.", "author_name": "Ann"})
    _sign_on(api, site)
    posted = api.post(
        "comments",
        {
            "thread": {"url": PAGE, "title": "Elections"},
            "author_name": "Ann",
            "author_email": "ann@reader.example",
            "body": "Thank you for *this*.",
            "form_token": form["form_token"],
            "notify": "replies",
            "lang": "en",
        },
    ).json()
    _comment(api, site, posted)


def _sign_on(api: Any, site: Site) -> None:
    now = timezone.now()
    claims = {
        "sub": "7",
        "name": "Ann",
        "email": "ann@reader.example",
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "aud": site.slug,
        "jti": "one",
    }
    secret = single_sign_on.generate_secret(site)
    api.post("sign-on", {"token": jwt.encode(claims, secret, algorithm="HS256")})


def _comment(api: Any, site: Site, posted: dict[str, Any]) -> None:
    comment = Comment.objects.get(pk=posted["id"])
    with_token = {"headers": {"X-Edit-Token": posted["edit_token"]}}
    api.patch(f"comments/{comment.pk}", {"body": "Thank you for *all this*."}, **with_token)
    screen.screen(now=timezone.now())
    reply = CommentFactory(
        thread=comment.thread,
        parent=comment,
        author=AuthorFactory(site=site, name="Ben", email="ben@reader.example"),
        body="I second that.",
        created_at=timezone.now(),
    )
    api.post(f"comments/{comment.pk}/vote", {"value": 1}, REMOTE_ADDR="198.51.100.8")
    api.get("comments", {"thread": PAGE})
    api.get(f"comments/{comment.pk}/replies")
    api.get(f"comments/{comment.pk}")
    api.get("counts", {"thread": PAGE})
    api.post(f"comments/{reply.pk}/report", {"reason": "ABUSE", "text": "It insults the author."})
    comment.refresh_from_db()
    changes.decide_for_site(
        comment, Verdict.REJECT, key=SiteKeyFactory(site=comment.site), now=timezone.now()
    )
    text = "It is no advertising: the article is about this pharmacy."
    api.post(f"comments/{comment.pk}/appeal", {"text": text}, **with_token)
    api.delete(f"comments/{comment.pk}", **with_token)
