"""The log: every act of a person, kept, narrowed and taken along."""

import csv
import io
import json
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Membership, Role, Site, User
from moderation.models import AuditAction, AuditEntry
from moderation.rules.verdicts import Verdict
from tests.conftest import Api
from tests.conftest import signed_in as api_of
from tests.factories import MembershipFactory, ThreadFactory
from tests.moderation.web.desk.desk import act, decide, member, page_of, read, signed_in

LOG = reverse("admin:moderation_auditentry_changelist")


@pytest.fixture
def owner(site: Site) -> User:
    return MembershipFactory(site=site, role=Role.OWNER).user


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("id").values_list("act", flat=True))


def export(client: Client, kind: str, **asked: Any) -> str:
    answer = client.get(reverse("admin:moderation_audit_export", args=[kind]), asked)
    return b"".join(answer.streaming_content).decode()


def test_decisions_undoing_and_revealed_addresses_are_logged(desk: Client, held: Comment) -> None:
    decide(desk, held)
    act(desk, "undo", held.decisions.effective().get().pk)
    act(desk, "reveal", held.pk)
    assert acts() == [AuditAction.DECIDED, AuditAction.UNDID, AuditAction.REVEALED]
    first = AuditEntry.objects.earliest("id")
    assert (first.subject, first.detail) == (
        str(held.pk),
        {"verdict": Verdict.APPROVE, "revision": 1},
    )


def test_what_the_rules_decide_is_no_act_of_a_person(held: Comment) -> None:
    assert acts() == []


def test_members_settings_and_threads_are_logged(site: Site, owner: User) -> None:
    client, colleague = signed_in(owner), MembershipFactory(site=site)
    where = reverse("admin:comments_membership_change", args=[colleague.pk])
    client.post(where, {"role": Role.VIEWER})
    client.post(reverse("admin:comments_membership_delete", args=[colleague.pk]), {"post": "yes"})
    thread = ThreadFactory(site=site)
    chosen = {"action": "close", "_selected_action": [str(thread.pk)]}
    client.post(reverse("admin:comments_thread_changelist"), chosen)
    assert acts() == [AuditAction.MEMBER_SET, AuditAction.MEMBER_REMOVED, AuditAction.THREAD_CLOSED]
    assert not Membership.objects.filter(pk=colleague.pk).exists()


def test_the_database_keeps_every_entry_as_it_is(desk: Client, held: Comment) -> None:
    decide(desk, held)
    entries = AuditEntry.objects.all()
    for tamper in (lambda: entries.update(who="somebody@else.example"), entries.delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            tamper()
    assert acts() == [AuditAction.DECIDED]


def test_an_entry_outlives_the_account(held: Comment, moderator: User, owner: User) -> None:
    decide(signed_in(moderator), held)
    email = moderator.email
    moderator.delete()
    assert email in read(signed_in(owner), LOG)


def test_owners_read_the_log_and_others_do_not(desk: Client, held: Comment, owner: User) -> None:
    decide(desk, held)
    page = read(signed_in(owner), LOG)
    assert "Decided about a comment" in page
    assert page_of(held) in page
    assert "verdict: Approve" in page
    assert desk.get(LOG).status_code == 403
    assert desk.get(reverse("admin:moderation_audit_export", args=["csv"])).status_code == 404


def test_the_log_is_narrowed(desk: Client, held: Comment, moderator: User, owner: User) -> None:
    decide(desk, held)
    act(desk, "reveal", held.pk)
    client = signed_in(owner)
    assert "Revealed an email" not in read(client, f"{LOG}?act__exact=DECIDED")
    assert moderator.email in read(client, f"{LOG}?who={moderator.email}")
    assert "Revealed" not in read(client, f"{LOG}?q={held.pk}")


def test_what_is_shown_is_exported(desk: Client, held: Comment, owner: User) -> None:
    decide(desk, held)
    act(desk, "reveal", held.pk)
    client = signed_in(owner)
    rows = list(csv.DictReader(io.StringIO(export(client, "csv", act__exact="REVEALED"))))
    assert [row["act"] for row in rows] == ["REVEALED"]
    told = json.loads(export(client, "json"))
    assert [row["act"] for row in told] == ["AUDIT_EXPORTED", "REVEALED", "DECIDED"]


def test_a_foreign_sites_log_is_not_exported(desk: Client, held: Comment) -> None:
    decide(desk, held)
    assert json.loads(export(member(Role.OWNER), "json")) == []


# Through the review API.


@pytest.fixture
def api(owner: User) -> Api:
    return api_of(owner)


def test_the_api_narrows_and_exports(
    api: Api, review: Api, site: Site, moderator: User, held: Comment
) -> None:
    review.post(f"comments/{held.pk}/decision", {"verdict": "REJECT", "revision": 1})
    review.post("bans", {"site": site.slug, "target": "DOMAIN", "value": "pills.example"})
    asked = {"act": "DECIDED", "who": moderator.email, "subject": str(held.pk)}
    (row,) = api.get("audit", asked).json()["results"]
    assert (row["by"], row["detail"]["verdict"]) == (moderator.email, "REJECT")
    now = timezone.now().isoformat()
    assert api.get("audit", {"since": now}).json()["results"] == []
    told = b"".join(api.get("audit.csv", {"act": "BANNED"}).streaming_content).decode()
    assert len(told.splitlines()) == 2
    assert json.loads(b"".join(review.get("audit.json").streaming_content)) == []
    assert api.get("audit.xml").status_code == 404
