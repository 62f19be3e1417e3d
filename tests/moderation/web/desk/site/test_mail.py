"""The desk's list of mails: for owners, masked, and without what the mails say."""

import pytest
from django.urls import reverse

from comments.models import Role, Site
from comments.privacy import email_addresses
from moderation.models import DeliveryState, Mail, Suppression, SuppressionReason
from moderation.notifications.mail import outbox
from tests.conftest import Api
from tests.factories import NOW, SiteFactory, UserFactory
from tests.flows.test_life_of_a_comment import post
from tests.mailbox import screened
from tests.moderation.notifications.mail.test_outbox import EMAIL, write
from tests.moderation.web.desk.desk import member, read, signed_in

pytestmark = pytest.mark.django_db
MAILS = reverse("admin:moderation_mail_changelist")
SUPPRESSED = reverse("admin:moderation_suppression_changelist")


def test_an_owner_sees_to_whom_mails_went_and_not_the_address(site: Site) -> None:
    mail = write(site)
    page = read(member(Role.OWNER, site), MAILS)
    assert email_addresses.mask(EMAIL) in page
    assert EMAIL not in page
    one = read(member(Role.OWNER, site), reverse("admin:moderation_mail_change", args=[mail.pk]))
    assert "Mail arrives" not in one
    assert EMAIL not in one


def test_nobody_else_sees_them(site: Site) -> None:
    mail = write(site)
    page = reverse("admin:moderation_mail_change", args=[mail.pk])
    assert member(Role.MODERATOR, site).get(MAILS).status_code == 403
    assert member(Role.OWNER, SiteFactory()).get(page).status_code == 302
    assert email_addresses.mask(EMAIL) not in read(member(Role.OWNER, SiteFactory()), MAILS)


def test_what_was_given_up_is_sent_again(site: Site) -> None:
    mail = write(site)
    foreign = write(SiteFactory())
    Mail.objects.update(state=DeliveryState.DEAD, attempts=9)
    again = {"action": "send_again", "_selected_action": [str(mail.pk), str(foreign.pk)]}
    member(Role.OWNER, site).post(MAILS, again)
    mail.refresh_from_db()
    foreign.refresh_from_db()
    assert (mail.state, mail.attempts, foreign.state) == ("waiting", 0, "dead")


def test_a_mail_can_not_be_changed(site: Site) -> None:
    mail = write(site)
    page = reverse("admin:moderation_mail_change", args=[mail.pk])
    member(Role.OWNER, site).post(page, {"kind": "reply", "recipient": "x"})
    mail.refresh_from_db()
    assert mail.kind == "test"


def test_who_runs_the_service_lets_mail_go_to_an_address_again(db: None) -> None:
    outbox.suppress(EMAIL, SuppressionReason.BOUNCE, now=NOW)
    desk = signed_in(UserFactory(is_superuser=True))
    page = reverse("admin:moderation_suppression_delete", args=[Suppression.objects.get().pk])
    found = page.removesuffix("delete/")
    assert found in read(desk, f"{SUPPRESSED}?q={EMAIL}")
    assert found not in read(desk, f"{SUPPRESSED}?q=other@mail.example")
    desk.post(page, {"post": "yes"})
    assert not Suppression.objects.exists()


def test_owners_of_sites_do_not_see_whom_others_lost(site: Site) -> None:
    assert member(Role.OWNER, site).get(SUPPRESSED).status_code == 403


def test_the_comments_page_tells_of_the_address_and_the_subscriptions(
    reader: Api, site: Site
) -> None:
    comment = screened(post(reader, notify="replies"))
    page = reverse("admin:comments_comment_change", args=[comment.pk])
    shown = read(member(Role.MODERATOR, site), page)
    assert "Nobody has confirmed the address." in shown
    assert "Subscriptions by mail: 1, not confirmed yet" in shown
    page = reverse("admin:comments_author_change", args=[comment.author_id])
    assert "Answers to a comment on" in read(member(Role.MODERATOR, site), page)
