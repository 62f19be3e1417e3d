"""Decide by a link in a mail: check what the link still allows, and record its verdict once."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from comments.accounts import two_factor
from comments.models import Comment, Role, Site, User
from moderation.decisions.proposals import DecisionRefused
from moderation.models import Decision, UsedLink
from moderation.notifications.mail.action_links import ActionLink
from moderation.review.queue import actions
from moderation.review.queue.actions import DecisionRequest


class LinkNotUsable(DecisionRefused):
    """The link can't be used any more; the message says why."""

    code = "link-unusable"


def comment_for(link: ActionLink) -> Comment:
    """Return the comment of a link whose user may still decide about it; raises LinkNotUsable.

    Who signs in with a second factor can't use links: a mailbox must not stand in for it.
    """
    user = User.objects.filter(pk=link.user, is_active=True).first()
    if user is None:
        raise LinkNotUsable(gettext("Your account is closed."))
    if settings.REQUIRE_TWO_FACTOR or two_factor.is_on(user):
        raise LinkNotUsable(gettext("You sign in with a second step now: decide on the desk."))
    sites = Site.objects.of(user, Role.at_least(Role.MODERATOR))
    comments = Comment.objects.filter(pk=link.comment, site__in=sites)
    comment = comments.select_related("site", "thread", "parent").first()
    if comment is None:
        raise LinkNotUsable(gettext("There is no such comment at a site that you moderate."))
    if UsedLink.objects.filter(nonce=link.nonce).exists():
        raise LinkNotUsable(gettext("You have decided from this mail already."))
    return comment


@transaction.atomic
def decide_from_link(link: ActionLink, *, reasoning: str, now: datetime) -> Decision:
    """Record the verdict of a link. Raises DecisionRefused, and then the link stays usable."""
    comment_for(link)
    user = User.objects.get(pk=link.user)
    try:
        with transaction.atomic():
            UsedLink.objects.create(nonce=link.nonce, user=user, used_at=now)
    except IntegrityError:
        raise LinkNotUsable(gettext("You have decided from this mail already.")) from None
    request = DecisionRequest(
        comment_id=link.comment,
        revision=link.revision,
        verdict=link.verdict,
        reasoning=reasoning,
        status=link.status,
    )
    (result,) = actions.decide_all([request], moderator=user, now=now)
    if isinstance(result, DecisionRefused):
        raise result
    return result
