"""Bans: what they keep of a person, and which comments a retroactive one is about."""

from datetime import timedelta

import pytest

from comments.limits import LimitReached
from comments.models import Comment, Site, Status, User
from comments.privacy import email_addresses
from moderation.models import AuditAction, AuditEntry, Ban, BulkJob
from moderation.models.ban import BanTarget
from moderation.review.people import bans
from moderation.review.people.bans import InvalidBanTarget
from moderation.review.queue import bulk_worker, tasks
from moderation.rules.verdicts import Verdict
from tests.factories import NOW, AuthorFactory, CommentFactory, SiteFactory

pytestmark = pytest.mark.django_db
EMAIL, ADDRESS = "troll@mail.example", "198.51.100.7"
STANDING = [Status.PENDING, Status.HELD, Status.APPROVED]


def wanted(site: Site, target: BanTarget = BanTarget.EMAIL, value: str = EMAIL, **more) -> Ban:
    return Ban(site=site, target=target, value=bans.stored_value(target, value), **more)


def by_the_banned(site: Site, status: Status = Status.APPROVED, **more: object) -> Comment:
    author = site.authors.filter(email_digest=email_addresses.email_digest(EMAIL)).first()
    author = author or AuthorFactory(site=site, email=EMAIL)
    digest = email_addresses.network_digest(ADDRESS)
    fields = {"author": author, "network_digest": digest, "created_at": NOW, **more}
    return CommentFactory(thread__site=site, status=status, **fields)


def test_a_site_has_so_many_bans_and_each_may_be_set_anew(
    site: Site, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bans, "MOST_PER_SITE", 1)
    # What other sites have counts not.
    Ban.objects.create(site=SiteFactory(), target=BanTarget.DOMAIN, value="pills.example")
    bans.ban(wanted(site), moderator=moderator, now=NOW)
    bans.ban(wanted(site, reason="again"), moderator=moderator, now=NOW)
    with pytest.raises(LimitReached, match="There are 1 bans,"):
        bans.ban(wanted(site, value="other@mail.example"), moderator=moderator, now=NOW)
    assert Ban.objects.get(site=site).reason == "again"


def reject_all(job: BulkJob | None) -> None:
    assert job is not None
    while bulk_worker.run(job.pk, now=NOW):
        pass


def test_an_email_address_is_stored_as_its_digest() -> None:
    digest = email_addresses.email_digest(EMAIL)
    assert bans.stored_value(BanTarget.EMAIL, f"  {EMAIL.upper()} ") == digest


@pytest.mark.parametrize("address", [f" {ADDRESS} ", "198.51.100.8"])
def test_an_ip_address_is_stored_as_the_digest_of_its_network(address: str) -> None:
    digest = email_addresses.network_digest(ADDRESS)
    assert bans.stored_value(BanTarget.NETWORK, address) == digest


def test_a_domain_is_stored_in_lower_case_without_www() -> None:
    assert bans.stored_value(BanTarget.DOMAIN, " WWW.Pills.example ") == "pills.example"


@pytest.mark.parametrize(
    ("target", "named"),
    [
        (BanTarget.EMAIL, "email address"),
        (BanTarget.NETWORK, "IP address of a network"),
        (BanTarget.DOMAIN, "domain"),
    ],
)
def test_an_invalid_ban_target_is_refused_with_its_kind(target: BanTarget, named: str) -> None:
    with pytest.raises(InvalidBanTarget, match=f"This is no {named}"):
        bans.stored_value(target, "not one")


def test_a_ban_stores_its_moderator_reason_and_end(site: Site, moderator: User) -> None:
    until = NOW + timedelta(days=7)
    ban, job = bans.ban(wanted(site, reason="Insults", until=until), moderator=moderator, now=NOW)
    kept = Ban.objects.get()
    assert (kept, job) == (ban, None)
    assert (kept.reason, kept.until, kept.created_by) == ("Insults", until, moderator)


def test_bans_of_two_sites_on_one_target_are_separate(site: Site, moderator: User) -> None:
    for where in (site, SiteFactory()):
        bans.ban(wanted(where), moderator=moderator, now=NOW)
    assert Ban.objects.count() == 2


@pytest.mark.parametrize("retroactive", [True, False])
def test_banning_and_lifting_are_logged(site: Site, moderator: User, retroactive: bool) -> None:
    ban, _ = bans.ban(wanted(site), moderator=moderator, now=NOW, retroactive=retroactive)
    subject = str(ban.pk)
    bans.lift(ban, moderator=moderator, now=NOW)
    assert not Ban.objects.exists()
    begun, ended = AuditEntry.objects.order_by("id")
    assert (begun.act, ended.act) == (AuditAction.BANNED, AuditAction.UNBANNED)
    assert begun.detail == {"target": "EMAIL", "retroactive": retroactive}
    assert ended.detail == {"target": "EMAIL"}
    for entry in (begun, ended):
        assert (entry.site, entry.by, entry.at, entry.subject) == (site, moderator, NOW, subject)


@pytest.mark.parametrize(
    ("target", "value"), [(BanTarget.EMAIL, EMAIL), (BanTarget.NETWORK, ADDRESS)]
)
def test_a_retroactive_ban_rejects_earlier_comments_of_its_target(
    site: Site, moderator: User, target: BanTarget, value: str
) -> None:
    standing = [by_the_banned(site, status) for status in STANDING]
    spared = [
        by_the_banned(site, Status.SPAM),
        CommentFactory(thread__site=site),
        by_the_banned(SiteFactory()),
        by_the_banned(site, created_at=NOW + timedelta(seconds=1)),
    ]
    before = [comment.status for comment in spared]
    _, job = bans.ban(wanted(site, target, value), moderator=moderator, now=NOW, retroactive=True)
    # What is written since is left to the ban itself.
    assert job is not None
    assert job.total == len(standing)
    reject_all(job)
    for comment in [*standing, *spared]:
        comment.refresh_from_db()
    assert {comment.status for comment in standing} == {Status.REJECTED}
    assert [comment.status for comment in spared] == before


def test_a_retroactive_ban_enqueues_a_bulk_job_of_its_moderator(
    site: Site, moderator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    enqueued: list = []
    monkeypatch.setattr(tasks, "enqueue_bulk_job", enqueued.append)
    by_the_banned(site)
    ban, job = bans.ban(wanted(site), moderator=moderator, now=NOW, retroactive=True)
    assert job is not None
    assert (job.moderator, job.verdict, job.total) == (moderator, Verdict.REJECT, 1)
    assert (job.filters, job.started_at) == ({"ban": str(ban.pk)}, NOW)
    assert enqueued == [job.pk]


def test_the_job_of_a_lifted_ban_rejects_nothing(site: Site, moderator: User) -> None:
    comment = by_the_banned(site)
    ban, job = bans.ban(wanted(site), moderator=moderator, now=NOW, retroactive=True)
    bans.lift(ban, moderator=moderator, now=NOW)
    reject_all(job)
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED


def test_the_job_of_a_former_moderator_rejects_nothing(site: Site, moderator: User) -> None:
    comment = by_the_banned(site)
    _, job = bans.ban(wanted(site), moderator=moderator, now=NOW, retroactive=True)
    moderator.memberships.all().delete()
    reject_all(job)
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED


def test_a_retroactive_ban_of_a_domain_rejects_no_earlier_comments(
    site: Site, moderator: User
) -> None:
    domain = wanted(site, BanTarget.DOMAIN, "pills.example")
    assert bans.ban(domain, moderator=moderator, now=NOW, retroactive=True)[1] is None
