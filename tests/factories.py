"""Builds sites, people and comments for tests; each field may be given, none must be."""

from datetime import UTC, datetime
from typing import Any

import factory

from comments.models import Author, Comment, Membership, Role, Site, SiteKey, Status, Thread, User
from comments.models.comment import text_digest
from comments.models.page_identity import key_identity, normal_form
from comments.models.thread import digest
from comments.privacy import email_addresses
from comments.text import markdown
from moderation.models import (
    Decision,
    DecisionSource,
    LearningState,
    Policy,
    QueueReason,
    Reviewable,
    Screening,
    SiteClassifier,
)
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


class SiteKeyFactory(factory.django.DjangoModelFactory):
    """A key, of which nobody knows the secret."""

    class Meta:
        model = SiteKey

    site = factory.SubFactory(SiteFactory)
    name = "the blog"
    digest = factory.Sequence(lambda n: f"{n:064x}")
    fingerprint_encrypted = "-"
    public_id = "abcd2345"
    scopes = factory.LazyFunction(lambda: ["comments"])
    created_at = NOW


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
    key = factory.LazyAttribute(lambda thread: normal_form(thread.url))
    key_digest = factory.LazyAttribute(
        lambda thread: digest(key_identity(thread.key, thread.site.page_rules))
    )
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


class SiteClassifierFactory(factory.django.DjangoModelFactory):
    """A classifier that learned at a site that “kasino” is spam, and passed its gate."""

    class Meta:
        model = SiteClassifier

    site = factory.SubFactory(SiteFactory)
    state = LearningState.CANDIDATE
    base_version = "fake-1"
    layer = factory.LazyFunction(lambda: layer(kasino=2.5, pills=1.5, walk=-1.25))
    texts = 120
    learned_until = created_at = NOW
    gate = factory.LazyFunction(lambda: measured())

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> SiteClassifier:
        return model_class.objects.append(model_class(*args, **kwargs))


def layer(**weights: float) -> dict[str, Any]:
    return {"format": 2, "weights": {"SPAM": weights}, "discounts": {"SPAM": 0.5}}


def measured(**more: Any) -> dict[str, Any]:
    """What a gate counted on 40 decisions: the shipped classifier missed 8 of 10, this one 2."""
    shipped = {"harmful": 10, "harmless": 30, "caught": 2, "false_alarms": 0}
    learned = {**shipped, "caught": 8, "false_alarms": 2}
    return {
        "texts": 40,
        "harmless": 30,
        "against": 0,
        "shipped": {"misses": 8, "false_alarms": 0},
        "standing": {"misses": 8, "false_alarms": 0},
        "candidate": {"misses": 2, "false_alarms": 2},
        "categories": {
            "shipped": {"SPAM": shipped},
            "standing": {"SPAM": shipped},
            "candidate": {"SPAM": learned},
        },
        "chance_of_no_gain": 0.001,
        "refusals": [],
        **more,
    }
