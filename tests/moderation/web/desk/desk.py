"""What the tests of the desk do again and again."""

from typing import Any

from django.test import Client
from django.urls import reverse

from comments.models import Comment, Membership, Role, Site, Status, User
from tests.factories import CommentFactory, MembershipFactory, ReviewableFactory, ThreadFactory

EMAIL = "ann.reader@mail.example"
MASKED = "a•••@m•••.example"
QUEUE = reverse("admin:moderation_reviewable_changelist")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def member(role: Role, site: Site | None = None) -> Client:
    """Sign in as somebody with this role at the site, or at a site of their own."""
    given = {"site": site} if site else {}
    membership: Membership = MembershipFactory(role=role, **given)
    return signed_in(membership.user)


def page_of(comment: Comment) -> str:
    return reverse("admin:comments_comment_change", args=[comment.pk])


def act(client: Client, name: str, pk: Any, **data: Any) -> Any:
    """Press one of the buttons."""
    return client.post(reverse(f"admin:moderation_{name}", args=[pk]), data)


def decide(client: Client, comment: Comment, verdict: str = "APPROVE", **more: Any) -> Any:
    data = {"verdict": verdict, "revision": comment.revision, **more}
    return act(client, "decide", comment.pk, **data)


def read(client: Client, where: str) -> str:
    return client.get(where).content.decode()


def status(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).status


def wait_in(site: Site, **fields: object) -> Comment:
    """Put a comment of the site into the queue."""
    comment = CommentFactory(thread=ThreadFactory(site=site), status=Status.HELD, **fields)
    return ReviewableFactory(comment=comment).comment
