"""Whatever grows by one party's will has a limit: another one is refused, what is there stays."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from comments.accounts import api_keys
from comments.models import Author, Comment, Role, Site, SiteKey, Subscription, Thread, User
from comments.threads import subscriptions
from comments.threads.subscriptions import SubscriptionChoice
from moderation.intake import changes, placement, receive, refusals
from moderation.intake.submission import Submission
from moderation.models import Ban, BulkJob, Note, Policy, SavedView, Webhook
from moderation.notifications.webhooks import endpoints
from moderation.review import review_tokens
from moderation.review.people import bans
from moderation.review.queue import actions, bulk, saved_views
from moderation.screening.policy import revisions
from moderation.web.desk.sign_in import passkeys
from moderation.web.desk.sign_in.second_factor import SET_UP_HERE
from tests.conftest import Api, signed_in
from tests.factories import NOW, AuthorFactory, CommentFactory, MembershipFactory
from tests.moderation.web.desk.sign_in.people import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


def submission(**changes: Any) -> Submission:
    page = receive.PageReference(url="https://gazette.example/a")
    default = {"page": page, "body": "Fine", "author_email": "ann@mail.example"}
    return Submission(**(default | changes))


@pytest.fixture
def owner(site: Site) -> User:
    return MembershipFactory(site=site, role=Role.OWNER).user


@pytest.fixture(autouse=True)
def two_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    for where, name in {
        endpoints: "MOST_PER_SITE",
        api_keys: "MOST_PER_SITE",
        bans: "MOST_PER_SITE",
        actions: "MOST_NOTES",
        review_tokens: "MOST_PER_USER",
        saved_views: "MOST_PER_USER",
        bulk: "MOST_RUNNING",
        subscriptions: "MOST_OF_AN_AUTHOR",
        changes: "MOST_REVISIONS",
        revisions: "MOST_AN_HOUR",
        passkeys: "MOST_PER_USER",
    }.items():
        monkeypatch.setattr(where, name, 2)


def refused(answers: list[Any]) -> None:
    """Check that the third of three was refused, with a problem that says so."""
    assert [answer.status_code < 300 for answer in answers] == [True, True, False]
    assert answers[-1].status_code == 409
    assert answers[-1].json()["type"].endswith(":limit-reached")
    assert "There are 2" in answers[-1].json()["detail"]


def test_webhooks_of_a_site(connect: Callable[..., Api], site: Site) -> None:
    server, body = connect("webhooks"), {"url": "https://1.1.1.1/", "events": ["*"]}
    refused([server.post("webhooks", body) for _ in range(3)])
    assert Webhook.objects.count() == 2


def test_bans_of_a_site(moderator: User, site: Site) -> None:
    def ban(name: str) -> Any:
        body = {"site": site.slug, "target": "DOMAIN", "value": f"{name}.example"}
        return signed_in(moderator).post("bans", body)

    refused([ban(name) for name in "abc"])
    assert ban("a").status_code < 300
    assert Ban.objects.count() == 2


def test_notes_on_an_author(moderator: User, site: Site) -> None:
    author = AuthorFactory(site=site)
    path = f"authors/{author.pk}/notes"
    refused([signed_in(moderator).post(path, {"text": "Look"}) for _ in range(3)])
    assert Note.objects.count() == 2


def test_saved_views_of_a_user(moderator: User) -> None:
    def save(name: str) -> Any:
        return signed_in(moderator).post("views", {"name": name, "filters": {"q": "x"}})

    refused([save(name) for name in "abc"])
    assert save("a").status_code < 300
    assert SavedView.objects.count() == 2


def test_running_jobs_of_a_moderator(moderator: User) -> None:
    body = {"filters": {"q": "x"}, "verdict": "APPROVE"}
    refused([signed_in(moderator).post("jobs", body) for _ in range(3)])
    assert BulkJob.objects.count() == 2


def test_the_desk_tells_of_a_limit_on_a_page(owner: User, site: Site) -> None:
    desk = Client()
    desk.force_login(owner)
    add = reverse("admin:comments_sitekey_add")
    form = {"site": site.pk, "name": "blog", "scopes": ["policy"], "mode": "check"}
    answers = [desk.post(add, form) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert "There are 2 valid keys of this site" in answers[-1].text
    assert SiteKey.objects.count() == 2


@pytest.mark.parametrize("door", ["policy", "words"])
def test_changes_of_the_house_rules_within_an_hour(owner: User, site: Site, door: str) -> None:
    body = {"held_words": ["turnip"], "rejected_words": []}
    answers = [signed_in(owner).put(f"{door}?site={site.slug}", body) for _ in range(3)]
    refused(answers)
    assert answers[-1].json()["detail"].endswith("wait for a while.")
    Policy.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert signed_in(owner).put(f"{door}?site={site.slug}", body).status_code == 200


def test_passkeys_of_a_user(owner: User) -> None:
    owner.set_password(PASSWORD)
    owner.save()
    desk, add = sign_in(owner).client, reverse("mfa_add_webauthn")
    session = desk.session
    session[SET_UP_HERE] = True
    session.save()
    assert desk.get(add).status_code == 200
    for name in ("Phone", "Key"):
        Authenticator.objects.create(user=owner, type="webauthn", data={"name": name})
    answer = desk.get(add)
    assert (answer.status_code, "There are 2 passkeys of yours" in answer.text) == (409, True)
    assert desk.post(add, {"name": "x", "credential": "{}"}).status_code == 409


def test_a_revoked_key_makes_room(site: Site) -> None:
    def issue() -> SiteKey:
        return api_keys.issue(site, scopes=["policy"], name="blog", now=NOW).key

    for _ in range(5):
        api_keys.revoke(issue(), now=NOW)
    assert issue()


def test_review_tokens_of_a_user(moderator: User) -> None:
    for _ in range(2):
        review_tokens.issue(moderator, by=moderator, now=NOW)
    with pytest.raises(Exception, match="There are 2 tokens"):
        review_tokens.issue(moderator, by=moderator, now=NOW)
    assert AuthToken.objects.count() == 2


def test_subscriptions_of_an_author(site: Site) -> None:
    for _ in range(2):
        receive.receive(submission(notify=SubscriptionChoice.REPLIES), site=site, now=NOW)
    with pytest.raises(refusals.TooManySubscriptions) as refusal, transaction.atomic():
        receive.receive(submission(notify=SubscriptionChoice.REPLIES), site=site, now=NOW)
    assert refusal.value.field == "notify"
    assert (Subscription.objects.count(), Comment.objects.count()) == (2, 2)
    assert receive.receive(submission(), site=site, now=NOW)
    assert Author.objects.count() == 1


def test_subscriptions_to_a_thread(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "MOST_OF_A_THREAD", 2)
    for n in range(2):
        one = submission(notify=SubscriptionChoice.THREAD, author_email=f"reader{n}@mail.example")
        receive.receive(one, site=site, now=NOW)
    late = submission(notify=SubscriptionChoice.THREAD, author_email="late@mail.example")
    with pytest.raises(refusals.TooManySubscriptions):
        receive.receive(late, site=site, now=NOW)


def test_revisions_of_a_comment(site: Site) -> None:
    comment = CommentFactory(thread__site=site)
    comment = changes.edit(comment, body="Second", now=NOW)
    with pytest.raises(changes.TooManyEdits):
        changes.edit(comment, body="Third", now=NOW)


def test_threads_that_readers_begin(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placement, "NEW_THREADS", 2)

    def post(n: int, *, limited: bool = True, after: int = 0) -> Any:
        page = receive.PageReference(url=f"https://gazette.example/{n}")
        one = submission(page=page, address=f"2001:db8:{n}::1")
        at = NOW + timedelta(seconds=after)
        return receive.receive(one, site=site, now=at, limited=limited)

    for n in range(2):
        post(n)
    with pytest.raises(refusals.TooManyThreads) as refusal, transaction.atomic():
        post(2)
    assert 0 < refusal.value.retry_after <= 120
    assert Thread.objects.count() == 2
    # Pages that have a thread, the site's own server, and later readers go on.
    assert post(1)
    assert post(3, limited=False)
    assert post(2, after=refusal.value.retry_after)
