"""Who may what: each role, at one's own site and at a foreign one."""

from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Role, Site, Status
from moderation.decisions import audit
from moderation.models import (
    Alarm,
    Appeal,
    AuditAction,
    AuditEntry,
    Ban,
    Decision,
    DecisionSource,
    Finding,
    RefusalReason,
    Report,
    Screening,
    SectionRules,
)
from moderation.rules.verdicts import Verdict
from tests.factories import (
    NOW,
    DecisionFactory,
    MembershipFactory,
    PolicyFactory,
    SiteFactory,
    ThreadFactory,
    UserFactory,
)
from tests.moderation.web.desk.desk import QUEUE, act, member, page_of, read, signed_in, status

ACTS: dict[str, dict[str, Any]] = {
    "decide": {"verdict": "APPROVE", "revision": 1},
    "undo": {},
    "reveal": {},
    "ban": {"target": "EMAIL"},
    "escalate": {"text": "Look, please"},
    "remark": {"text": "Mind the tone"},
}
LISTS = [
    "comments_author",
    "comments_comment",
    "comments_thread",
    "comments_site",
    "comments_membership",
    "moderation_reviewable",
    "moderation_policy",
    "moderation_sectionrules",
    "moderation_refusalreason",
    "moderation_ban",
    "moderation_report",
    "moderation_appeal",
    "moderation_auditentry",
]


@pytest.fixture
def decided(held: Comment) -> Comment:
    """The held comment, which a moderator held once more."""
    first = held.decisions.get()
    DecisionFactory(
        comment=held, verdict=Verdict.HOLD, source=DecisionSource.MODERATOR, overrides=first
    )
    return held


def press(client: Client, name: str, comment: Comment) -> int:
    pk = comment.decisions.effective().get().pk if name == "undo" else comment.pk
    return act(client, name, pk, **ACTS[name]).status_code


# The buttons.


@pytest.mark.parametrize("role", [Role.OWNER, Role.MODERATOR])
@pytest.mark.parametrize("name", ACTS)
def test_owners_and_moderators_press_every_button(decided: Comment, role: Role, name: str) -> None:
    assert press(member(role, decided.site), name, decided) == 302


@pytest.mark.parametrize("name", ACTS)
def test_a_superuser_presses_every_button(decided: Comment, name: str) -> None:
    assert press(signed_in(UserFactory(is_superuser=True)), name, decided) == 302


@pytest.mark.parametrize("name", ACTS)
def test_a_viewer_presses_none(decided: Comment, name: str) -> None:
    assert press(member(Role.VIEWER, decided.site), name, decided) == 404
    assert_nothing_happened(decided)


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("name", ACTS)
def test_at_a_foreign_site_no_button_works(decided: Comment, role: Role, name: str) -> None:
    assert press(member(role), name, decided) == 404
    assert_nothing_happened(decided)


@pytest.mark.parametrize("name", ACTS)
def test_who_is_not_signed_in_is_asked_to(decided: Comment, name: str) -> None:
    assert press(Client(), name, decided) == 302
    assert_nothing_happened(decided)


def assert_nothing_happened(comment: Comment) -> None:
    assert status(comment) == Status.HELD
    assert Decision.objects.count() == 2
    assert not Ban.objects.exists()
    assert not AuditEntry.objects.exists()


def test_a_viewer_sees_no_buttons(held: Comment) -> None:
    viewer = member(Role.VIEWER, held.site)
    for where in (QUEUE, page_of(held)):
        page = read(viewer, where)
        assert held.body[:20] in page
        assert "<button name=" not in page


# What is seen.


@pytest.fixture
def everything(held: Comment) -> Comment:
    """A row in each of the lists, all telling the name of the site or of the comment."""
    site = held.site
    PolicyFactory(site=site)
    SectionRules.objects.create(site=site, kind="prefix", value="/blog/")
    RefusalReason.objects.create(site=site, key="rude", label="Rude")
    Ban.objects.create(site=site, target="DOMAIN", value="banned.example")
    Report.objects.create(comment=held, revision=1, reason="HATE", created_at=NOW)
    Appeal.objects.create(decision=held.decisions.get(), text="Please", submitted_at=NOW)
    MembershipFactory(site=site, role=Role.OWNER)
    audit.record(AuditAction.ESCALATED, site=site, by=None, now=NOW, subject=held.pk)
    return held


@pytest.mark.parametrize("name", LISTS)
def test_an_owner_sees_every_list(everything: Comment, name: str) -> None:
    page = read(member(Role.OWNER, everything.site), reverse(f"admin:{name}_changelist"))
    assert shows(page, everything)


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("name", LISTS)
def test_a_foreign_site_shows_in_no_list(everything: Comment, role: Role, name: str) -> None:
    page = read(member(role), reverse(f"admin:{name}_changelist"))
    assert not shows(page, everything)


def shows(page: str, comment: Comment) -> bool:
    return any(word in page for word in (comment.site.name, comment.body[:20], str(comment.pk)))


@pytest.mark.parametrize("role", [*Role])
@pytest.mark.parametrize("name", [name for name in LISTS if name != "moderation_reviewable"])
@pytest.mark.parametrize("way", ["change", "delete", "history"])
def test_a_foreign_object_does_not_exist(
    everything: Comment, role: Role, name: str, way: str
) -> None:
    stranger = member(role)
    where = reverse(f"admin:{name}_{way}", args=[one_of(name, everything).pk])
    answer = stranger.get(where, follow=True)
    page = answer.content.decode()
    assert answer.status_code in (403, 404) or answer.redirect_chain
    assert everything.site.name not in page
    assert everything.body[:20] not in page


def one_of(name: str, comment: Comment) -> Any:
    return {
        "comments_author": comment.author,
        "comments_comment": comment,
        "comments_thread": comment.thread,
        "comments_site": comment.site,
        "comments_membership": comment.site.memberships.first(),
        "moderation_policy": comment.site.policies.first(),
        "moderation_sectionrules": SectionRules.objects.first(),
        "moderation_refusalreason": RefusalReason.objects.first(),
        "moderation_ban": Ban.objects.first(),
        "moderation_report": Report.objects.first(),
        "moderation_appeal": Appeal.objects.first(),
        "moderation_auditentry": AuditEntry.objects.first(),
    }[name]


@pytest.mark.parametrize("name", ["comments_comment", "comments_thread", "moderation_ban"])
def test_a_filter_does_not_name_foreign_sites(everything: Comment, name: str) -> None:
    stranger = member(Role.OWNER)
    where = reverse(f"admin:{name}_changelist")
    page = read(stranger, f"{where}?site__id__exact={everything.site_id}")
    assert everything.site.name not in page


@pytest.mark.parametrize(
    "name",
    [
        "moderation_ban",
        "moderation_policy",
        "moderation_sectionrules",
        "moderation_refusalreason",
        "comments_membership",
    ],
)
def test_a_form_does_not_offer_foreign_sites(site: Site, name: str) -> None:
    page = read(member(Role.OWNER), reverse(f"admin:{name}_add"))
    assert site.name not in page


def test_searching_by_the_address_of_an_author_is_refused(desk: Client, held: Comment) -> None:
    where = reverse("admin:comments_comment_changelist")
    answer = desk.get(f"{where}?author__email_digest__startswith=a")
    assert answer.status_code == 400


@pytest.mark.parametrize("field", ["thread", "parent", "author", "site"])
def test_completing_names_shows_nothing_foreign(held: Comment, field: str) -> None:
    asked = {"app_label": "comments", "model_name": "comment", "field_name": field, "term": ""}
    answer = member(Role.OWNER).get("/admin/autocomplete/", asked)
    assert str(held.thread) not in answer.content.decode()
    assert held.site.name not in answer.content.decode()


# Those who run the service, and those who don't.


@pytest.mark.parametrize("role", [*Role])
def test_accounts_are_for_those_who_run_the_service(site: Site, role: Role) -> None:
    assert member(role, site).get(reverse("admin:comments_user_changelist")).status_code == 403


def test_permissions_of_djangos_own_open_no_door(site: Site) -> None:
    user = MembershipFactory(site=site, role=Role.VIEWER).user
    user.user_permissions.set(Permission.objects.all())
    client = signed_in(user)
    assert client.get(reverse("admin:comments_user_changelist")).status_code == 403
    assert client.get(reverse("admin:comments_site_change", args=[site.pk])).status_code == 200
    saved = client.post(reverse("admin:comments_site_change", args=[site.pk]), {"name": "Mine"})
    assert saved.status_code == 403


@pytest.mark.parametrize("model", [Decision, Finding, Screening])
def test_what_was_decided_and_found_has_no_form(model: type) -> None:
    assert model not in admin.site._registry


def test_a_reader_with_an_account_of_no_staff_stays_outside(site: Site) -> None:
    user = MembershipFactory(site=site, role=Role.OWNER, user__is_staff=False).user
    assert "/login/" in signed_in(user).get(QUEUE).headers["Location"]


def test_a_stranger_is_asked_to_sign_in(db: None) -> None:
    assert "/login/" in Client().get(QUEUE).headers["Location"]


# Threads.


def test_a_moderator_closes_and_opens_threads(desk: Client, site: Site) -> None:
    thread = ThreadFactory(site=site)
    assert press_action(desk, "close", thread)
    assert not press_action(desk, "open", thread)


def test_a_viewer_closes_none(site: Site) -> None:
    assert not press_action(member(Role.VIEWER, site), "close", ThreadFactory(site=site))


def test_who_moderates_elsewhere_closes_none_here(site: Site) -> None:
    user = MembershipFactory(site=site, role=Role.VIEWER).user
    MembershipFactory(user=user, role=Role.MODERATOR)
    assert not press_action(signed_in(user), "close", ThreadFactory(site=site))


def press_action(client: Client, name: str, thread: Any) -> bool:
    """Choose an action in the list of threads and tell whether the thread is closed then."""
    where = reverse("admin:comments_thread_changelist")
    client.post(where, {"action": name, "_selected_action": [str(thread.pk)]})
    thread.refresh_from_db()
    return thread.closed_at is not None


def choose(name: str, *rows: Any) -> dict[str, Any]:
    return {"action": name, "_selected_action": [str(row.pk) for row in rows], "post": "yes"}


def test_deleting_many_is_in_the_log_as_deleting_one_is(site: Site) -> None:
    alarm = Alarm.objects.create(site=site, queue_size=2)
    page = reverse("admin:moderation_alarm_changelist")
    member(Role.OWNER, site).post(page, choose("delete_selected", alarm))
    assert not Alarm.objects.exists()
    assert AuditEntry.objects.get().detail == {"removed": True}


def test_an_append_only_row_can_be_read_and_not_edited(site: Site) -> None:
    ban = Ban.objects.create(site=site, target="DOMAIN", value="a.example")
    page = reverse("admin:moderation_ban_change", args=[ban.pk])
    owner = member(Role.OWNER, site)
    assert "a.example" in read(owner, page)
    assert owner.post(page, {"value": "b.example"}).status_code == 403


def test_a_stored_row_stays_at_its_site(site: Site) -> None:
    owner = member(Role.OWNER, site)
    alarm, other = Alarm.objects.create(site=site, queue_size=2), SiteFactory()
    page = reverse("admin:moderation_alarm_change", args=[alarm.pk])
    assert 'name="site"' not in read(owner, page)
    owner.post(page, {"site": other.pk, "queue_size": 9, "shape": "slack"})
    alarm.refresh_from_db()
    assert (alarm.site, alarm.queue_size) == (site, 9)
