"""Mail about what begins to wait: to whom, how often, of what."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Membership, Role, Site, Status, User
from comments.models.ids import id_at
from comments.privacy import email_addresses
from moderation.insight import queue_mails
from moderation.models import Mail, QueueMail, Reviewable
from moderation.models.queue_mail import MailScope
from tests.factories import CommentFactory, DecisionFactory, MembershipFactory
from tests.moderation.web.desk.desk import member, read, signed_in, wait_in

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def wish(site: Site, moderator: User) -> QueueMail:
    ago = timezone.now() - timedelta(days=2)
    return QueueMail.objects.create(
        site=site, user=moderator, every="each", told_at=ago, mailed_at=ago
    )


def tell(later: timedelta = timedelta()) -> list[Mail]:
    before = set(Mail.objects.values_list("pk", flat=True))
    queue_mails.tell(now=timezone.now() + later)
    return list(Mail.objects.exclude(pk__in=before))


def wait(site: Site, *, later: timedelta = timedelta()) -> None:
    comment = wait_in(site)
    Reviewable.objects.filter(comment=comment).update(opened_at=timezone.now() + later)


def test_a_waiting_comment_is_mailed_once_with_links(wish: QueueMail) -> None:
    wait(wish.site)
    (mail,) = tell(MINUTE)
    assert email_addresses.decrypt(mail.recipient) == wish.user.email
    assert "A comment has come in to be looked at." in mail.text
    assert "/desk/" in mail.text
    assert tell(10 * MINUTE) == []


@pytest.mark.parametrize("every", ["each", "hourly", "daily"])
def test_the_first_mail_after_the_wish_waits_for_no_period(
    site: Site, moderator: User, every: str
) -> None:
    now = timezone.now()
    QueueMail.objects.create(site=site, user=moderator, every=every, told_at=now)
    assert tell(MINUTE) == []
    wait(site, later=MINUTE)
    assert len(tell(2 * MINUTE)) == 1
    wait(site, later=3 * MINUTE)
    assert tell(4 * MINUTE) == []


def test_in_a_flood_several_come_in_one_mail(wish: QueueMail) -> None:
    wait(wish.site)
    assert len(tell(MINUTE)) == 1
    for _ in range(3):
        wait(wish.site, later=2 * MINUTE)
    assert tell(3 * MINUTE) == []
    (mail,) = tell(7 * MINUTE)
    assert "3 comments have come in to be looked at." in mail.text
    assert mail.subject == f"{wish.site.name}: 4 comments wait."


@pytest.mark.parametrize(("every", "hours"), [("hourly", 1), ("daily", 24)])
def test_a_digest_comes_once_in_its_period(wish: QueueMail, every: str, hours: int) -> None:
    QueueMail.objects.update(every=every)
    wait(wish.site)
    assert len(tell(MINUTE)) == 1
    wait(wish.site, later=2 * MINUTE)
    assert tell(timedelta(hours=hours)) == []
    assert len(tell(timedelta(hours=hours) + 2 * MINUTE)) == 1


def test_nothing_is_mailed_while_nothing_waits(wish: QueueMail) -> None:
    assert tell(MINUTE) == []


@pytest.mark.parametrize("loss", ["role", "membership", "account"])
def test_who_decides_there_no_more_gets_none(wish: QueueMail, loss: str) -> None:
    members = Membership.objects.filter(user=wish.user)
    if loss == "role":
        members.update(role=Role.VIEWER)
    elif loss == "membership":
        members.delete()
    else:
        User.objects.filter(pk=wish.user.pk).update(is_active=False)
    wait(wish.site)
    assert tell(MINUTE) == []


def test_what_is_escalated_is_mailed_to_owners_alone(wish: QueueMail) -> None:
    owner = MembershipFactory(site=wish.site, role=Role.OWNER).user
    QueueMail.objects.create(site=wish.site, user=owner, told_at=wish.told_at)
    wait(wish.site)
    Reviewable.objects.update(escalated_at=timezone.now())
    (mail,) = tell(MINUTE)
    assert email_addresses.decrypt(mail.recipient) == owner.email


def test_another_sites_comments_are_not_mailed(wish: QueueMail) -> None:
    wait(MembershipFactory().site)
    assert tell(MINUTE) == []


def publish(
    site: Site, *, verdict: str = "APPROVE", later: timedelta = timedelta(), **fields: object
) -> Comment:
    status = Status.APPROVED if verdict == "APPROVE" else Status.SPAM
    comment = CommentFactory(thread__site=site, status=status)
    at = timezone.now() + later
    DecisionFactory(id=id_at(at), comment=comment, verdict=verdict, decided_at=at, **fields)
    return comment


@pytest.fixture
def curious(wish: QueueMail) -> QueueMail:
    QueueMail.objects.update(about=MailScope.ALL)
    return wish


def test_who_wants_all_is_mailed_of_what_is_published_and_of_what_waits(curious: QueueMail) -> None:
    wait(curious.site)
    comment = publish(curious.site)
    (mail,) = tell(MINUTE)
    assert mail.subject == f"{curious.site.name}: 2 new comments."
    assert "A comment has come in to be looked at. A new comment is published." in mail.text
    assert comment.body in mail.text
    assert (mail.text.count("Approve: "), mail.text.count("Spam: ")) == (1, 2)
    assert tell(10 * MINUTE) == []


def test_a_flood_of_published_comments_is_in_one_mail(curious: QueueMail) -> None:
    for _ in range(12):
        publish(curious.site)
    (mail,) = tell(MINUTE)
    assert mail.subject == f"{curious.site.name}: 12 new comments."
    assert "And 2 more." in mail.text
    publish(curious.site, later=2 * MINUTE)
    assert tell(3 * MINUTE) == []
    assert len(tell(7 * MINUTE)) == 1


def test_who_wants_what_waits_is_not_mailed_of_the_rest(wish: QueueMail) -> None:
    publish(wish.site)
    assert tell(MINUTE) == []


@pytest.mark.parametrize(
    "fields",
    [{"verdict": "SPAM"}, {"source": "MODERATOR"}, {"source": "IMPORT"}, {"revision": 2}],
)
def test_what_is_no_new_public_comment_is_not_mailed(
    curious: QueueMail, fields: dict[str, object]
) -> None:
    publish(curious.site, **fields)
    publish(MembershipFactory().site)
    assert tell(MINUTE) == []


def test_a_superuser_is_mailed_without_being_a_member(wish: QueueMail) -> None:
    User.objects.filter(pk=wish.user.pk).update(is_superuser=True)
    Membership.objects.all().delete()
    wait(wish.site)
    (mail,) = tell(MINUTE)
    assert f"/admin/moderation/queuemail/{wish.pk}/change/" in mail.text


def test_everybody_chooses_for_themselves(site: Site, wish: QueueMail) -> None:
    client = signed_in(wish.user)
    page = reverse("admin:moderation_queuemail_change", args=[wish.pk])
    client.post(page, {"about": "all", "every": "daily"})
    wish.refresh_from_db()
    assert (wish.every, wish.about) == ("daily", "all")
    colleague = member(Role.OWNER, site)
    assert "daily" not in read(colleague, reverse("admin:moderation_queuemail_changelist"))
    colleague.post(page, {"about": "waiting", "every": "hourly"})
    wish.refresh_from_db()
    assert wish.every == "daily"


def test_a_new_wish_does_not_tell_of_what_waits_already(site: Site) -> None:
    wait(site)
    colleague = member(Role.MODERATOR, site)
    colleague.post(
        reverse("admin:moderation_queuemail_add"),
        {"site": site.pk, "about": "waiting", "every": "each"},
    )
    assert QueueMail.objects.count() == 1
    assert tell(10 * MINUTE) == []


def test_a_mail_is_in_the_language_in_which_its_reader_signed_in_last(wish: QueueMail) -> None:
    wish.user.note_language("de")
    wait(wish.site)
    (mail,) = tell(MINUTE)
    assert mail.subject == f"{wish.site.name}: 1 Kommentar wartet."
    assert "Ein neuer Kommentar wartet darauf, dass ihn jemand ansieht." in mail.text
    assert "Freigeben: " in mail.text
