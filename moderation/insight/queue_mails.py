"""Mail moderators about comments that begin to wait, or about every new one, as each chose.

Whoever wants a mail for each comment gets, in a flood, one for several, at most one in five
minutes.
Decisions are offered by links that lead to a page which asks first.
"""

from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import urljoin

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from comments.models import Comment, Membership, Role, Status, User
from comments.models.ids import min_id_at
from moderation.insight import alarms
from moderation.models import Decision, MailKind, QueueMail, Reviewable
from moderation.models.decision import DecisionSource
from moderation.models.queue_mail import PERIODS, MailScope
from moderation.models.reviewable import ReviewableQuerySet
from moderation.notifications.mail import action_links, outbox
from moderation.notifications.mail.languages import in_their_language
from moderation.notifications.mail.outbox import OutgoingEmail
from moderation.rules.verdicts import Verdict


class News(NamedTuple):
    """What came in at a site since somebody's last mail, and how much waits in all."""

    fresh: ReviewableQuerySet
    published: QuerySet[Comment]
    came: int
    published_count: int
    waiting: int


def tell(*, now: datetime) -> int:
    """Write the mails that are due, and return how many."""
    due = Q(pk=None)
    for every, period in PERIODS.items():
        is_due = Q(mailed_at=None) | Q(mailed_at__lte=now - period)
        due |= Q(every=every) & is_due
    return sum(
        _tell(pk, now=now) for pk in QueueMail.objects.filter(due).values_list("pk", flat=True)
    )


@transaction.atomic
def _tell(pk: int, *, now: datetime) -> bool:
    """Write a mail to one person, unless nothing came or another worker is at it."""
    rows = QueueMail.objects.select_for_update(of=("self",), skip_locked=True)
    wish = rows.select_related("site", "user").filter(pk=pk).first()
    if wish is None or (wish.mailed_at and wish.mailed_at > now - PERIODS[wish.every]):
        return False
    role = _role(wish)
    if role is None:
        return False
    news = _news(wish, role)
    if not news.came and not news.published_count:
        return False
    _write(wish, news, now=now)
    wish.told_at = wish.mailed_at = now
    wish.save(update_fields=["told_at", "mailed_at"])
    return True


def _role(wish: QueueMail) -> str | None:
    """Return the person's role where they decide at the site; None where they do no more."""
    if not wish.user.is_active:
        return None
    if wish.user.is_superuser:
        return Role.OWNER
    roles = Role.at_least(Role.MODERATOR)
    members = Membership.objects.filter(site=wish.site_id, user=wish.user_id, role__in=roles)
    return members.values_list("role", flat=True).first()


def _news(wish: QueueMail, role: str) -> News:
    waiting = Reviewable.objects.open().filter(site=wish.site_id)
    if role != Role.OWNER:
        waiting = waiting.filter(escalated_at=None)
    fresh = waiting.filter(opened_at__gt=wish.told_at)
    published = _published(wish)
    came = fresh.aggregate(n=Count("pk"))["n"]
    return News(fresh, published, came, published.count(), waiting.count())


def _published(wish: QueueMail) -> QuerySet[Comment]:
    """Return the comments that the rules published since the last mail, if they are told."""
    if wish.about != MailScope.ALL:
        return Comment.objects.none()
    # Ids are made in order of time, so that this reads the newest decisions alone.
    first = Decision.objects.filter(
        pk__gte=min_id_at(wish.told_at),
        decided_at__gt=wish.told_at,
        comment__site=wish.site_id,
        revision=1,
        overrides=None,
        source=DecisionSource.AUTOMATION,
    )
    comments = Comment.objects.filter(pk__in=first.values("comment"), status=Status.APPROVED)
    waiting = Reviewable.objects.open().filter(site=wish.site_id)
    return comments.exclude(pk__in=waiting.values("comment")).order_by("-pk")


def _write(wish: QueueMail, news: News, *, now: datetime) -> None:
    context = alarms.email_context(
        wish.site,
        wish.user,
        reasons=_reasons(news),
        waiting=news.waiting,
        entries=news.fresh,
        count=news.came + news.published_count,
    )
    context["rows"] += _published_rows(wish, news, room=alarms.MAX_COMMENTS - len(context["rows"]))
    if news.published_count:
        context["headline"] = _new_comments(news.came + news.published_count)
    context["choice"] = urljoin(
        settings.PUBLIC_URL, reverse("admin:moderation_queuemail_change", args=[wish.pk])
    )
    email = OutgoingEmail(
        kind=MailKind.ALARM,
        to=wish.user.email,
        language=wish.user.mail_language,
        context=context,
        site=wish.site,
    )
    outbox.enqueue(email, now=now)


def _published_rows(wish: QueueMail, news: News, *, room: int) -> list[dict[str, Any]]:
    comments = news.published.select_related("site", "thread", "author")[: max(0, room)]
    return [{"why": _("published"), "comment": c, "links": _links(c, wish.user)} for c in comments]


def _links(comment: Comment, user: User) -> dict[str, str]:
    """Return the links that take a published comment down."""
    links = action_links.links(comment, user)
    return {verdict: link for verdict, link in links.items() if verdict != Verdict.APPROVE}


def _reasons(news: News) -> list[str | Promise]:
    """Return in words what came: how many to be looked at, and how many that are published."""
    lines: list[str | Promise] = []
    if news.came:
        lines.append(_came(news.came))
    if news.published_count:
        lines.append(_published_ones(news.published_count))
    return lines


@in_their_language
def _came(number: int) -> str:
    words = ngettext(
        "A comment has come in to be looked at.",
        "%(number)s comments have come in to be looked at.",
        number,
    )
    return words % {"number": number}


@in_their_language
def _published_ones(number: int) -> str:
    words = ngettext(
        "A new comment is published.", "%(number)s new comments are published.", number
    )
    return words % {"number": number}


@in_their_language
def _new_comments(number: int) -> str:
    words = ngettext("%(number)s new comment.", "%(number)s new comments.", number)
    return words % {"number": number}
