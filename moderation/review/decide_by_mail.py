"""Deciding from a mail: what a link allows, at the moment in which it is used."""

from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from comments.accounts import two_factor
from comments.models import Comment, Role, Site, User
from moderation.decisions.proposals import DecisionRefused
from moderation.models import Decision, UsedLink
from moderation.notifications.mail.action_links import ActionLink
from moderation.review import actions
from moderation.review.actions import DecisionRequest


class LinkNotUsable(DecisionRefused):
    """The link can't be used any more; the message says why."""

    code = "link-unusable"


def comment_of(said: ActionLink) -> Comment:
    """Return the comment that a link is about, for who may decide about it; raises NotUsable."""
    user = User.objects.filter(pk=said.user, is_active=True).first()
    if user is None:
        raise LinkNotUsable("Your account is closed.")
    if settings.REQUIRE_TWO_FACTOR or two_factor.is_on(user):
        raise LinkNotUsable("You sign in with a second step now: decide on the desk.")
    sites = Site.objects.of(user, Role.at_least(Role.MODERATOR))
    comments = Comment.objects.filter(pk=said.comment, site__in=sites)
    comment = comments.select_related("site", "thread", "parent").first()
    if comment is None:
        raise LinkNotUsable("There is no such comment at a site that you moderate.")
    if UsedLink.objects.filter(nonce=said.nonce).exists():
        raise LinkNotUsable("You have decided from this mail already.")
    return comment


@transaction.atomic
def rule(said: ActionLink, *, reasoning: str, now: datetime) -> Decision:
    """Record the verdict that a link names, once. Raises a Refused, and then nothing is used up."""
    comment_of(said)
    user = User.objects.get(pk=said.user)
    try:
        with transaction.atomic():
            UsedLink.objects.create(nonce=said.nonce, user=user, used_at=now)
    except IntegrityError:
        raise LinkNotUsable("You have decided from this mail already.") from None
    ruling = DecisionRequest(
        comment_id=said.comment,
        revision=said.revision,
        verdict=said.verdict,
        reasoning=reasoning,
        status=said.status,
    )
    (answer,) = actions.resolve([ruling], moderator=user, now=now)
    if isinstance(answer, DecisionRefused):
        raise answer
    return answer
