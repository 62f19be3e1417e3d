"""Query plans of PostgreSQL: the cost of a request does not grow with the stored comments."""

import json
from collections.abc import Iterator

import pytest

from tests.services.processes import manage, postgres
from tests.services.tables import make_tables

FILL_AND_EXPLAIN = """
import json
import os
from datetime import timedelta
from django.db import connection
from django.utils import timezone
from comments.threads import cursors
from comments.threads import reading, search
from comments.models import Author, Comment, Site, SiteKey, Thread, User, Vote
from comments.models.ids import new_id
from moderation.insight import flood_signs
from moderation.management import refused_comments
from moderation.management.filling.insertion import insert
from moderation.review.queue import queue
from moderation.models import AkismetCheck, Appeal, Decision, Delivery, Event, ExternalModerator
from moderation.models import Finding, Inquiry, Mail, Report, Reviewable, Screening, Webhook

now = timezone.now()
site = Site.objects.create(slug="s", name="S")
author = Author.objects.create(site=site, email_digest="d", email_encrypted="e", first_seen_at=now)
threads = Thread.objects.bulk_create(
    Thread(site=site, key=str(n), key_digest=str(n), created_at=now) for n in range(400)
)
# Ids are for tables that do not count theirs.
def fill(model, rows):
    insert(model, [{"id": new_id(), **row} for row in rows])

fill(Comment, (
    {
        "site_id": site.pk, "thread_id": threads[n % 400].pk,
        "author_id": author.pk if n % 50 == 0 else None, "body": "b", "body_html": "b",
        "body_digest": str(n), "address_digest": str(n), "created_at": now,
        "status": "held" if n % 10 == 0 else "approved",
    }
    for n in range(20000)
))
comments = list(Comment.objects.order_by("pk"))
ids = [comment.pk for comment in comments]
fill(Comment, (
    {
        "site_id": site.pk, "thread_id": top.thread_id, "parent_id": top.pk, "root_id": top.pk,
        "depth": 1, "body": "b", "body_html": "b", "body_digest": f"r{n}",
        "address_digest": f"r{n}", "created_at": now, "status": "approved",
    }
    for n in range(4000) for top in [comments[n % 20]]
))
replies = Comment.objects.filter(depth=1).order_by("pk")
# Of what ever waited, one in ten waits still.
fill(Reviewable, (
    {
        "site_id": site.pk, "comment_id": pk, "why": "SCREENED", "priority": n % 97 / 97,
        "rank": n % 97 / 97, "category": ["SPAM", "INSULT", "TOXICITY"][n % 3],
        "language": ["en", "de"][n % 2], "opened_at": now,
        "escalated_at": now if n % 500 == 0 else None, "closed_at": None if n % 10 == 0 else now,
    }
    for n, pk in enumerate(ids)
))
fill(Vote, (
    {"comment_id": pk, "voter": str(n), "value": 1, "voted_at": now} for n, pk in enumerate(ids)
))
fill(Screening, ({"comment_id": pk} for pk in ids))
user = User.objects.create(email="m@staff.example")
fill(Decision, (
    {
        "comment_id": pk, "revision": 1, "verdict": "HOLD", "source": "AUTOMATION",
        "decided_at": now,
    }
    for pk in ids[:10000]
))
decisions = list(Decision.objects.order_by("pk").values_list("pk", flat=True))
fill(Finding, (
    {"decision_id": pk, "check_name": "links", "reason": "has_links"} for pk in decisions[::7]
))
fill(Appeal, (
    {
        "decision_id": pk, "text": "t", "submitted_at": now,
        "resolved_at": now if n % 100 else None,
    }
    for n, pk in enumerate(decisions[::3])
))
fill(Report, (
    {"comment_id": pk, "revision": 1, "reason": "SPAM", "reporter": str(n), "created_at": now}
    for n, pk in enumerate(ids[::5])
))
# Of what was ever to be delivered, one in a hundred waits still.
def states(n):
    return {"state": "delivered" if n % 100 else "waiting", "next_attempt_at": now}
webhook = Webhook.objects.create(site=site, url="https://u.example", secret="s", created_at=now)
event = Event.objects.create(site=site, type="comment.received", created_at=now)
fill(Delivery, (
    {"webhook_id": webhook.pk, "event_id": event.pk, "comment_id": pk, **states(n)}
    for n, pk in enumerate(ids)
))
fill(Mail, (
    {
        "site_id": site.pk, "kind": "reply", "language": "en", "recipient": "r",
        "recipient_digest": str(n), "subject": "s", "created_at": now, **states(n),
    }
    for n in range(20000)
))
key = SiteKey.objects.create(site=site, name="k", digest="d", created_at=now)
fill(AkismetCheck, (
    {
        "key_id": key.pk, "fingerprint": str(n), "is_spam": False, "created_at": now,
        "comment_id": pk, **states(n),
    }
    for n, pk in enumerate(ids)
))
moderator = ExternalModerator.objects.create(
    site=site, url="https://m.example", secret="s", created_at=now
)
screenings = Screening.objects.values_list("pk", flat=True)
fill(Inquiry, (
    {
        "screening_id": pk, "moderator_id": moderator.pk, "revision": 1, "asked_at": now,
        "deadline_at": now, **states(n),
    }
    for n, pk in enumerate(screenings)
))
with connection.cursor() as cursor:
    cursor.execute("ANALYZE")

both = [site, Site.objects.create(slug="t", name="T")]
newest = cursors.after(cursors.Sort.NEWEST, cursors.Cursor(comments[-1].pk))
best = cursors.after(cursors.Sort.BEST, cursors.Cursor(comments[-1].pk, 0.5))
recent = Comment.objects.filter(site=site, address_digest="7", created_at__lte=now)
later = now + timedelta(hours=2)
lists = {
    "what new authors wrote just now": flood_signs.of_strangers(
        flood_signs.came(later - flood_signs.WINDOW, later), now=later
    ),
    "what is usual at a site": flood_signs.past(
        site, now=now + timedelta(days=9)
    )[:5000],
    "whether a thread has changed": Thread.objects.filter(site__slug="s", pk=threads[7].pk),
    "the thread of a page": Thread.objects.filter(site=site, key_digest__in=["7", "8"]),
    "a page of a thread": reading.roots(threads[7]).order_by("-id")[:21],
    "a page further on": reading.roots(threads[7]).filter(newest).order_by("-id")[:21],
    "the best of a thread": reading.roots(threads[7]).filter(best).order_by("-best", "-id")[:21],
    "the first replies of branches": reading.first_replies(
        {top.pk: 200 for top in comments[:20]}, 2, ()
    ),
    "the rest of a branch": reading.descendants(comments[7]).filter(pk__gt=replies[7].pk)[:21],
    "a reader's vote": Vote.objects.filter(comment=comments[7], voter="7"),
    "an erased reader's votes": Vote.objects.filter(voter__in=["7", "8"]),
    "the replies below it": Comment.objects.filter(root__in=[c.pk for c in comments[:20]]),
    "numbers of comments": Comment.objects.filter(thread=threads[7], status="approved"),
    "the queue": Reviewable.objects.open().at([site]).order_by("-rank", "id")[:21],
    "the queue, one of each campaign": (
        Reviewable.objects.open().at([site]).without_repetitions().order_by("-rank", "id")[:21]
    ),
    "the queue, oldest first": Reviewable.objects.open().at([site]).order_by("id")[:21],
    "the queue of two sites": Reviewable.objects.open().at(both).order_by("-rank", "id")[:21],
    "the queue of two sites, newest first": (
        Reviewable.objects.open().at(both).order_by("-id")[:21]
    ),
    **{
        f"the queue by {name}": queue.select(
            queue.QueueFilters(**{name: value}), sites=[site], user=user, now=now
        ).order_by("-rank", "id")[:21]
        for name, value in {
            "thread": str(threads[0].pk), "author": str(author.pk), "category": "SPAM",
            "reason": "has_links", "language": "en", "links": True, "reported": True,
            "escalated": True, "claimed": "me", "q": "b",
        }.items()
    },
    "comments with a common word": (
        Comment.objects.filter(site__in=[site.pk]).filter(search.matching("b")).order_by("-id")[:21]
    ),
    "comments with a rare word": (
        Comment.objects.filter(site__in=[site.pk]).filter(search.matching("x")).order_by("-id")[:21]
    ),
    "other comments from a network": Comment.objects.filter(site=site, network_digest="7"),
    "a reader's reports": Report.objects.filter(reporter__in=["7", "8"]),
    "what an address posted": recent.order_by("-created_at")[:60],
    "an author's record": Comment.objects.filter(author=author, status="approved"),
    "texts said before": Comment.objects.filter(site=site, body_digest__in=["7", "8"]),
    **{
        f"due of {model.__name__}": model.objects.due(now).order_by("next_attempt_at", "pk")[:16]
        for model in (Mail, AkismetCheck, Inquiry)
    },
    "webhooks to which something is due": Webhook.objects.with_due(now)[:16],
    "what is due to a webhook": (
        Delivery.objects.filter(webhook=webhook).due(now).order_by("next_attempt_at", "pk")[:16]
    ),
    "what waits for screening": Screening.objects.unclaimed().order_by("id")[:256],
    "what was refused long ago": refused_comments._due(now).order_by("pk").values("pk")[:500],
    "digests of networks": Comment.objects.exclude(network_digest="").filter(
        pk__lt=comments[-1].pk
    ).order_by("pk")[:1000],
    "networks of votes": Vote.objects.exclude(network="").order_by("voted_at")[:1000],
    "networks of reports": Report.objects.exclude(network="").order_by("pk")[:1000],
}
# Not `queryset.explain()`, which fails where a window function is filtered by.
def explain(queryset):
    sql, values = queryset.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}", values)
        return "\\n".join(line for line, in cursor.fetchall())
print(json.dumps({name: explain(queryset) for name, queryset in lists.items()}))
"""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    with postgres() as database:
        environment = {
            "DATABASE_URL": database,
            "DATA_DIR": str(tmp_path_factory.mktemp("plans")),
            "LOG_LEVEL": "WARNING",
        }
        make_tables(environment)
        output = manage(environment, "shell", "--verbosity", "0", "-c", FILL_AND_EXPLAIN)
        yield json.loads(output.splitlines()[-1])


@pytest.mark.parametrize(
    "name",
    [
        "whether a thread has changed",
        "a page of a thread",
        "a page further on",
        "the best of a thread",
        "the first replies of branches",
        "the rest of a branch",
        "a reader's vote",
        "an erased reader's votes",
        "the replies below it",
        "numbers of comments",
        "the queue by thread",
        "the queue by author",
        "the queue by category",
        "the queue by reason",
        "the queue by language",
        "the queue by links",
        "the queue by reported",
        "the queue by escalated",
        "the queue by claimed",
        "the queue by q",
        "comments with a common word",
        "comments with a rare word",
        "the queue of two sites",
        "the queue of two sites, newest first",
        "other comments from a network",
        "a reader's reports",
        "the queue",
        "the queue, one of each campaign",
        "the queue, oldest first",
        "what an address posted",
        "an author's record",
        "texts said before",
        "what waits for screening",
        "what new authors wrote just now",
        "what is usual at a site",
        "what was refused long ago",
        "digests of networks",
        "networks of votes",
        "networks of reports",
    ],
)
def test_a_query_uses_an_index(plans: dict[str, str], name: str) -> None:
    plan = plans[name]
    assert "Index" in plan
    assert "Seq Scan on comments_comment" not in plan, plan
    assert "Seq Scan on moderation" not in plan, plan


@pytest.mark.parametrize(
    "name",
    [
        "a page of a thread",
        "a page further on",
        "the best of a thread",
        "the queue",
        "the queue, one of each campaign",
        "the queue, oldest first",
        "the queue of two sites",
        "the queue of two sites, newest first",
        "the queue by q",
        "comments with a common word",
        "what waits for screening",
    ],
)
def test_lists_are_read_in_their_order_without_sorting(plans: dict[str, str], name: str) -> None:
    assert "Sort" not in plans[name], plans[name]


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("webhooks to which something is due", "delivery_waiting"),
        ("what is due to a webhook", "delivery_waiting"),
        ("due of Mail", "mail_waiting"),
        ("due of AkismetCheck", "akismet_callback_waiting"),
        ("due of Inquiry", "inquiry_waiting"),
    ],
)
def test_what_is_due_to_be_delivered_is_found_among_what_waits(
    plans: dict[str, str], name: str, index: str
) -> None:
    assert index in plans[name], plans[name]
