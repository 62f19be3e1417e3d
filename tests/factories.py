"""Builds sites, people and comments for tests; each field may be given, none must be."""

from datetime import UTC, datetime

import factory

from comments.models import Author, Comment, Membership, Role, Site, Status, Thread, User
from comments.models.comment import text_digest
from comments.models.thread import canonical, digest
from comments.privacy import email_addresses
from comments.text import markdown
from moderation.models import Decision, DecisionSource, Policy, QueueReason, Reviewable, Screening
from moderation.models.reviewable import rank
from moderation.rules.verdicts import Verdict

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class SiteFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Site

    slug = factory.Sequence(lambda n: f"site-{n}")
    name = factory.Faker("company")
    origins = factory.LazyAttribute(lambda site: [f"https://{site.slug}.example"])
    min_seconds = 0


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@staff.example")
    is_staff = True


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    site = factory.SubFactory(SiteFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.MODERATOR


class ThreadFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Thread

    site = factory.SubFactory(SiteFactory)
    url = factory.Sequence(lambda n: f"https://news.example/{n}")
    key = factory.LazyAttribute(lambda thread: canonical(thread.url))
    key_digest = factory.LazyAttribute(lambda thread: digest(thread.key))
    title = factory.Faker("sentence", nb_words=5)
    created_at = NOW


class AuthorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Author
        exclude = ("email",)

    site = factory.SubFactory(SiteFactory)
    email = factory.Sequence(lambda n: f"reader{n}@mail.example")
    email_digest = factory.LazyAttribute(lambda author: email_addresses.email_digest(author.email))
    email_encrypted = factory.LazyAttribute(lambda author: email_addresses.encrypt(author.email))
    name = factory.Faker("name")
    first_seen_at = NOW


class CommentFactory(factory.django.DjangoModelFactory):
    """A comment in any status, without the decision that would have led there."""

    class Meta:
        model = Comment

    thread = factory.SubFactory(ThreadFactory)
    site = factory.LazyAttribute(lambda comment: comment.thread.site)
    author = factory.LazyAttribute(lambda comment: AuthorFactory(site=comment.site))
    author_name = factory.LazyAttribute(lambda c: c.author.name if c.author else "Anonymous")
    parent = None
    root = factory.LazyAttribute(lambda c: c.parent and (c.parent.root or c.parent))
    depth = factory.LazyAttribute(lambda c: c.parent.depth + 1 if c.parent else 0)
    body = factory.Faker("paragraph")
    body_html = factory.LazyAttribute(lambda comment: markdown.render(comment.body))
    body_digest = factory.LazyAttribute(lambda comment: text_digest(comment.body))
    status = Status.APPROVED
    created_at = NOW


class WaitingCommentFactory(CommentFactory):
    """A pending comment that waits for its screening, as intake leaves it."""

    class Meta:
        skip_postgeneration_save = True

    status = Status.PENDING
    screening = factory.RelatedFactory("tests.factories.ScreeningFactory", "comment")


class ScreeningFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Screening

    comment = factory.SubFactory(CommentFactory, status=Status.PENDING)


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Decision

    comment = factory.SubFactory(CommentFactory)
    revision = factory.LazyAttribute(lambda decision: decision.comment.revision)
    verdict = Verdict.APPROVE
    source = DecisionSource.AUTOMATION
    decided_at = NOW


class ReviewableFactory(factory.django.DjangoModelFactory):
    """A held comment in the queue."""

    class Meta:
        model = Reviewable

    comment = factory.SubFactory(CommentFactory, status=Status.HELD)
    site = factory.LazyAttribute(lambda reviewable: reviewable.comment.site)
    why = QueueReason.SCREENED
    priority = 0.5
    opened_at = NOW
    rank = factory.LazyAttribute(lambda r: rank(r.priority, opened_at=r.opened_at))


class PolicyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Policy

    site = factory.SubFactory(SiteFactory)
    revision = factory.Sequence(lambda n: n + 1)
