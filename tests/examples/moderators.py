"""What the tools of Bea, who moderates the Gazette, ask: someone advertises pills there."""

from typing import Any

from django.utils import timezone

from comments.models import Comment, Site
from moderation.models import Appeal, Decision
from moderation.review.queue import bulk_worker
from moderation.rules.verdicts import Verdict
from moderation.screening import classifier, screen
from tests.conftest import Api
from tests.examples.recorder import Recorder
from tests.factories import (
    AuthorFactory,
    CommentFactory,
    DecisionFactory,
    SiteClassifierFactory,
    ThreadFactory,
    WaitingCommentFactory,
)

SPAM = "Buy spammy pills: https://pills.example"
FILTERS = {"site": "gazette", "category": "SPAM"}
ONE_SITE = "?site=gazette"


class Moderation:
    """Bea's tour; the site's comments come in as she goes."""

    def __init__(self, recorder: Recorder, review: Api, site: Site) -> None:
        self.api, self.site = recorder.of(review), site
        self.thread = ThreadFactory(
            site=site, url="https://gazette.example/health", title="Health", created_at=now()
        )
        self.seller = AuthorFactory(
            site=site, name="Best Pills", email="info@pills.example", first_seen_at=now()
        )

        self.pharmacist = AuthorFactory(
            site=site, name="Carl", email="carl@reader.example", first_seen_at=now()
        )

    def walk(self) -> None:
        """Call every operation that needs a moderator, who is an owner here."""
        self._rules()
        held = [self._held(), self._held(), self._held()]
        self._queue(held)
        self._many(held)
        self._people()
        self._appeals()
        self._records()
        self._highlights()
        self._learning()

    def _highlights(self) -> None:
        advice = "Ask your doctor first."
        comment = CommentFactory(
            thread=self.thread, author=self.pharmacist, body=advice, created_at=now()
        )
        self.api.patch(f"comments/{comment.pk}/highlight", {"pinned": True, "featured": True})

    def _learning(self) -> None:
        for _ in range(2):
            SiteClassifierFactory(site=self.site, base_version=classifier.version())
        self.api.put(f"learning{ONE_SITE}", {"mode": "on"})
        self.api.get(f"learning{ONE_SITE}")
        self.api.get(f"classifiers{ONE_SITE}")
        self.api.get(f"classifiers/2{ONE_SITE}")
        self.api.post(f"classifiers/2/promote{ONE_SITE}", {"anyway": False})
        self.api.post(f"learning/ignored_words{ONE_SITE}", {"word": "pills"})
        self.api.post(f"classifiers/rollback{ONE_SITE}")

    def _held(self) -> Comment:
        comment = WaitingCommentFactory(
            thread=self.thread,
            author=self.seller,
            author_name=self.seller.name,
            body=SPAM,
            created_at=now(),
        )
        screen.screen(now=now())
        comment.refresh_from_db()
        return comment

    def _rules(self) -> None:
        policy = {"thresholds": {"SPAM": {"hold_at": 0.5, "reject_at": 0.9}}, "max_links": 1}
        words = {"held_words": ["lawyer*"], "rejected_words": ["cheap pills"]}
        self.api.put(f"policy{ONE_SITE}", policy)
        self.api.put(f"words{ONE_SITE}", words)
        self.api.get(f"words{ONE_SITE}")
        self.api.get(f"policy{ONE_SITE}")
        self.api.get(f"policy/revisions{ONE_SITE}")
        section = {"kind": "prefix", "value": "/blog/", "preset": "strict"}
        self.api.put(f"policy/sections{ONE_SITE}", {"sections": [section]})
        self.api.get(f"policy/sections{ONE_SITE}")
        self.api.get(f"refusal-reasons{ONE_SITE}")
        alarm = {"queue_size": 50, "queue_hours": 12, "digest_hour": 7, "by_mail": True}
        self.api.put(f"alarm{ONE_SITE}", alarm)
        self.api.get(f"alarm{ONE_SITE}")
        self.api.put(f"flood{ONE_SITE}", {"on": True})
        self.api.put(f"flood{ONE_SITE}", {"on": False})
        self.api.get(f"flood{ONE_SITE}")

    def _queue(self, held: list[Comment]) -> None:
        api, (first, second, _) = self.api, held
        api.get("queue", FILTERS)
        api.post("queue/claim", {**FILTERS, "limit": 1, "seconds": 600})
        api.get("queue/counts")
        api.post("queue/release", {"comments": [str(first.pk)]})
        api.get(f"comments/{first.pk}")
        api.post(f"comments/{second.pk}/escalate", {"why": "It may be a threat."})
        decision = {"verdict": "SPAM", "revision": 1, "status": "held"}
        decided = api.post(
            f"comments/{first.pk}/decision", {**decision, "reasoning": "It is advertising."}
        ).json()
        api.post(f"decisions/{decided['id']}/undo")
        api.post("views", {"name": "Advertising", "filters": FILTERS})
        (view,) = api.get("views").json()
        api.delete(f"views/{view['id']}")

    def _many(self, held: list[Comment]) -> None:
        api, (first, _, third) = self.api, held
        api.post(
            "decisions",
            {
                "decisions": [
                    {"comment": str(first.pk), "verdict": "SPAM", "revision": 1},
                    {"comment": str(third.pk), "verdict": "APPROVE", "revision": 2},
                ]
            },
        )
        as_one = {"verdict": "SPAM", "revision": 1, "reasoning": "It is advertising."}
        made = api.post(f"comments/{third.pk}/decide-as-one", as_one).json()
        api.post(f"jobs/{made['id']}/undo")
        bulk = {"filters": FILTERS, "verdict": "SPAM", "reasoning": "It is advertising."}
        job = api.post("jobs", bulk).json()
        while bulk_worker.run(job["id"], now=now()):
            pass
        api.get("jobs")
        api.get(f"jobs/{job['id']}")
        api.get(f"jobs/{job['id']}/items")
        undoing = api.post(f"jobs/{job['id']}/undo").json()
        api.post(f"jobs/{undoing['id']}/cancel")

    def _people(self) -> None:
        api, one = self.api, f"authors/{self.seller.pk}"
        api.post(f"{one}/notes", {"text": "Was asked twice to leave the links out."})
        api.patch(one, {"trust": "trusted"})
        api.get("authors", {"email": "info@pills.example"})
        reason = {"reason": "Advertising, again and again."}
        api.post(f"{one}/ban", {**reason, "retroactive": True})
        domain = {"site": "gazette", "target": "DOMAIN", "value": "pills.example"}
        ban = api.post("bans", {**domain, "reason": "Advertising.", "retroactive": False}).json()
        api.get(one)
        api.get("bans")
        api.delete(f"bans/{ban['id']}")

    def _appeals(self) -> None:
        api = self.api
        first, second = self._appeal(), self._appeal()
        api.get("appeals", {"state": "open"})
        api.get(f"appeals/{first.pk}")
        reasoning = {"reasoning": "The link leads to a shop: it is advertising."}
        api.post(f"appeals/{first.pk}/uphold", reasoning)
        reasoning = {"reasoning": "The article is about this pharmacy: it may be named."}
        api.post(f"appeals/{second.pk}/overturn", reasoning)

    def _appeal(self) -> Appeal:
        comment = CommentFactory(
            thread=self.thread,
            author=self.pharmacist,
            body="See my pharmacy.",
            status="spam",
            created_at=now(),
        )
        decision: Decision = DecisionFactory(
            comment=comment, verdict=Verdict.SPAM, decided_at=now()
        )
        text = "It is no advertising: the article is about this pharmacy."
        return Appeal.objects.create(decision=decision, text=text, submitted_at=now())

    def _records(self) -> None:
        api = self.api
        policy = {"thresholds": {"SPAM": {"hold_at": 0.7, "reject_at": 0.9}}}
        api.post(f"policy/simulate{ONE_SITE}", {"policy": policy, "limit": 1000})
        api.get("comments", {"q": "pharmacy"})
        api.get("reports", {"site": "gazette"})
        api.get("audit", {"act": "BANNED"})
        api.get("audit.json", {"act": "BANNED"})
        day = now().date().isoformat()
        api.get("stats", {"from": day, "to": day})
        api.get(f"transparency/2026{ONE_SITE}")


def now() -> Any:
    """Return the moment of the tour, which stands still."""
    return timezone.now()
