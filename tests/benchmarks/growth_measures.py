"""What `growth` measures, in a process that is set up for one database; prints JSON.

Requests go through Django in this process, so that no server or network blurs what the database
takes. Each is sent until it was answered five times, the first one uncounted; the median counts.
"""

import json
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django

REPEATS = 5
# Whatever takes so long, in seconds, is asked fewer times.
SLOW, FEWER = 2.0, 3
# Of so many comments an event waits for one, where many wait.
TOLD = 12


def main() -> None:
    """Measure all of it, and print milliseconds by name."""
    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    figures = {}
    for name, act in measured():
        figures[name] = 1000 * median(act)
        sys.stderr.write(f"{name:44}{figures[name]:10.1f}\n")
    sys.stdout.write(json.dumps(figures))


def median(act: Callable[[], Any]) -> float:
    """Return how many seconds an act takes."""
    repeats = FEWER if timed(act) > SLOW else REPEATS
    return statistics.median(timed(act) for _ in range(repeats))


def timed(act: Callable[[], Any]) -> float:
    """Return how many seconds an act takes this time."""
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def measured() -> list[tuple[str, Callable[[], Any]]]:
    """Return all acts by name."""
    from django.test import Client
    from django.utils import timezone
    from knox.models import AuthToken

    from comments.accounts import api_keys
    from comments.models import Author, Comment, Membership, Role, Site, Thread, User
    from moderation.management import retention
    from moderation.models import Reviewable
    from moderation.notifications.webhooks import delivery
    from moderation.screening import screen

    site = Site.objects.get(slug="filled")
    Site.objects.filter(pk=site.pk).update(min_seconds=0)
    user, _ = User.objects.get_or_create(email="m@staff.example", is_staff=True)
    Membership.objects.get_or_create(site=site, user=user, role=Role.OWNER)
    _, token = AuthToken.objects.create(user)
    key = api_keys.issue(
        site, name="growth", scopes=["comments", "people"], now=timezone.now()
    ).secret
    desk, api = Client(), Client(headers={"Authorization": f"Token {token}"})
    desk.force_login(user)
    plugin = Client(headers={"Authorization": f"Bearer {key}"})
    thread = Thread.objects.filter(site=site).order_by("-id")[1]
    comment = Comment.objects.filter(thread=thread, status="approved")[0]
    author = Author.objects.get(comments=comment)
    public, review = f"/api/v1/sites/{site.slug}", "/api/v1/review"

    def get(client: Client, path: str, **query: Any) -> Callable[[], Any]:
        def call() -> None:
            answer = client.get(path, query)
            assert answer.status_code == 200, (path, answer.status_code, answer.content[:300])

        return call

    def post() -> None:
        form = api.get(f"{public}/form", {"thread": thread.key}).json()
        body = {
            "thread": {"key": thread.key},
            "author_name": "Ann",
            "author_email": "ann@mail.example",
            "body": f"A calm remark {time.monotonic_ns()}.",
            "form_token": form["form_token"],
        }
        address = f"198.51.{time.monotonic_ns() % 250}.{time.monotonic_ns() // 1000 % 250}"
        answer = Client(REMOTE_ADDR=address).post(
            f"{public}/comments", json.dumps(body), "application/json"
        )
        assert answer.status_code == 201, answer.content

    def sweep() -> None:
        screen.sweep(now=timezone.now())

    def post_and_screen() -> None:
        post()
        sweep()

    def decide() -> None:
        entry = Reviewable.objects.open().filter(site=site).order_by("-rank")[0]
        body = {"verdict": "APPROVE", "revision": entry.comment.revision}
        path = f"{review}/comments/{entry.comment_id}/decision"
        answer = api.post(path, body, content_type="application/json")
        assert answer.status_code == 201, answer.content

    reader, rare = Client(), "renstatuvor"
    page = f"/sites/{site.slug}/thread"
    return [
        ("reader: a page of a thread", get(reader, f"{public}/comments", thread=thread.key)),
        (
            "reader: the best of it",
            get(reader, f"{public}/comments", thread=thread.key, sort="best"),
        ),
        (
            "reader: a page without JavaScript",
            get(reader, page, key=thread.key),
        ),
        ("reader: numbers of comments", get(reader, f"{public}/counts", thread=thread.key)),
        ("reader: the site's feed", get(reader, f"/sites/{site.slug}/feed.atom")),
        ("reader: post a comment", post),
        ("worker: screen one comment", post_and_screen),
        ("worker: look for what is due", sweep),
        ("worker: deliver what is due", lambda: delivery.deliver(now=timezone.now())),
        ("worker: retention", lambda: retention.purge(now=timezone.now())),
        ("queue: most urgent", get(api, f"{review}/queue")),
        ("queue: oldest", get(api, f"{review}/queue", order="oldest")),
        ("queue: counts", get(api, f"{review}/queue/counts")),
        ("queue: of a category", get(api, f"{review}/queue", category="INSULT")),
        ("queue: reported", get(api, f"{review}/queue", reported="true")),
        ("queue: with links, of which none are", get(api, f"{review}/queue", links="true")),
        ("queue: of a reason that none has", get(api, f"{review}/queue", reason="held_word")),
        ("queue: search, a common word", get(api, f"{review}/queue", q="the")),
        ("queue: search, a beginning", get(api, f"{review}/queue", q="ka")),
        ("queue: search, a rare word", get(api, f"{review}/queue", q=rare)),
        ("queue: search, no such word", get(api, f"{review}/queue", q="zzz")),
        ("queue: decide", decide),
        ("comments: newest", get(api, f"{review}/comments")),
        ("comments: of a status", get(api, f"{review}/comments", status="deleted")),
        ("comments: search, a common word", get(api, f"{review}/comments", q="the")),
        ("comments: search, a rare word", get(api, f"{review}/comments", q=rare)),
        ("comments: search, no such word", get(api, f"{review}/comments", q="zzz")),
        ("comments: spam with a rare word", get(api, f"{review}/comments", q=rare, status="spam")),
        ("comments: one, with its record", get(api, f"{review}/comments/{comment.pk}")),
        ("comments: of the site's server", get(plugin, "/api/v1/comments", status="approved")),
        ("authors", get(api, f"{review}/authors")),
        ("authors: one", get(api, f"{review}/authors/{author.pk}")),
        ("authors: by address", get(api, f"{review}/authors", email="reader0@filled.example")),
        ("reports", get(api, f"{review}/reports")),
        ("appeals", get(api, f"{review}/appeals")),
        ("audit trail", get(api, f"{review}/audit")),
        ("figures of 30 days", get(api, f"{review}/stats")),
        ("desk: queue", get(desk, "/admin/moderation/reviewable/")),
        ("desk: queue, numbers", get(desk, "/admin/moderation/reviewable/counts/")),
        ("desk: comments", get(desk, "/admin/comments/comment/")),
        ("desk: comments, a common word", get(desk, "/admin/comments/comment/", q="the")),
        ("desk: comments, page 100", get(desk, "/admin/comments/comment/", p=99)),
        ("desk: comments, spam", get(desk, "/admin/comments/comment/", status__exact="spam")),
        ("desk: authors", get(desk, "/admin/comments/author/")),
        ("desk: authors by name", get(desk, "/admin/comments/author/", q="kalo")),
        ("desk: threads", get(desk, "/admin/comments/thread/")),
        ("desk: threads by title", get(desk, "/admin/comments/thread/", q="page-7")),
        ("desk: figures", get(desk, "/admin/figures/")),
        ("desk: reports", get(desk, "/admin/moderation/report/")),
        ("desk: deliveries", get(desk, "/admin/moderation/delivery/")),
        ("worker: take events of many that wait", take_events_of_many(site)),
    ]


def take_events_of_many(site: Any) -> Callable[[], None]:
    """Return what takes a batch of events, and gives it back; of each twelfth comment one waits.

    Half of them are for a receiver that is paused. They come with the first call.
    """
    from django.db import connection, transaction
    from django.utils import timezone

    from comments.models import Comment
    from comments.models.ids import new_id
    from moderation.management.filling.insertion import insert
    from moderation.models import Delivery, Event, Webhook
    from moderation.models.webhook import EventType

    now = timezone.now()

    def fill() -> None:
        number = Comment.objects.count() // TOLD
        comments = Comment.objects.order_by("-pk").values_list("pk", flat=True)[:number]
        events = [
            {
                "id": new_id(),
                "site_id": site.pk,
                "comment_id": pk,
                "type": EventType.RECEIVED,
                "created_at": now,
            }
            for pk in comments
        ]
        insert(Event, events)
        paused = [now + timedelta(days=1), None]
        webhooks = [
            Webhook.objects.create(
                site=site, url="https://u.example", secret="s", paused_until=until, created_at=now
            )
            for until in paused
        ]
        insert(
            Delivery,
            [
                {
                    "webhook_id": webhooks[n % 2].pk,
                    "event_id": event["id"],
                    "comment_id": event["comment_id"],
                    "next_attempt_at": now,
                }
                for n, event in enumerate(events)
            ],
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def take() -> None:
        if not Delivery.objects.exists():
            fill()
        with transaction.atomic():
            assert Delivery.objects.claim(now=now)
            transaction.set_rollback(True)

    return take


if __name__ == "__main__":
    main()
