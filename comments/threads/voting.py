"""Voting: readers say what is worth reading."""

from collections.abc import Collection
from datetime import datetime
from math import sqrt
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Comment, Status, Thread, Vote

# The normal quantile of a confidence of 95 %.
Z = 1.959964


class VoteRefused(Exception):
    """A vote that does not count; the message says why, in the reader's language."""

    code = "vote-refused"


class VotesOff(VoteRefused):
    """The site has no votes."""

    code = "votes-off"


class OwnComment(VoteRefused):
    """Nobody votes on an own comment."""

    code = "own-comment"


class NotPublic(VoteRefused):
    """There is no such comment for readers."""

    code = "comment-gone"


class Voter(NamedTuple):
    """Who votes: the digest by which the vote is counted, and all by which the voter is known.

    `wrote` are the comments that the voter has shown to be the author of.
    """

    digest: str
    digests: Collection[str] = ()
    wrote: Collection[UUID] = ()


@transaction.atomic
def vote(comment: Comment, *, voter: Voter, value: int, now: datetime) -> Comment:
    """Count a vote of 1 or -1, which replaces the voter's earlier one; 0 takes that back.

    Returns the comment with its votes. The comment is locked meanwhile, so that none is counted
    twice. Raises a VoteRefused.
    """
    locked = Comment.objects.select_for_update(of=("self",), no_key=True)
    comment = locked.select_related("site", "author").get(pk=comment.pk)
    _check(comment, voter)
    before = Vote.objects.filter(comment=comment, voter=voter.digest).first()
    if (before.value if before else 0) == value:
        return comment
    if before:
        before.delete()
        _count(comment, before.value, by=-1)
    if value:
        Vote.objects.create(comment=comment, voter=voter.digest, value=value, voted_at=now)
        _count(comment, value, by=1)
    comment.best = lower_bound(comment.up_votes, comment.down_votes)
    comment.save(update_fields=["up_votes", "down_votes", "best"])
    Thread.objects.touch([comment.thread_id])
    return comment


def forget(digests: Collection[str]) -> None:
    """Keep the votes of somebody who is erased, and forget whose they were."""
    for cast in Vote.objects.filter(voter__in=set(digests) - {""}):
        cast.voter = f"erased {uuid4().hex}"
        cast.save(update_fields=["voter"])


def lower_bound(up: int, down: int) -> float:
    """Return how well liked a comment is at least, with a confidence of 95 %: its rank as "best".

    The lower bound of the score interval for the share of votes in favour (E. B. Wilson, "Probable
    inference, the law of succession, and statistical inference", JASA 22, 1927). It is 0 without
    votes; where there are votes against alone, it would be 0 as well, and is what the bound would
    be for those, below 0.
    """
    total = up + down
    if not total:
        return 0.0
    if not up:
        return -lower_bound(down, 0)
    share = up / total
    spread = Z * sqrt((share * (1 - share) + Z * Z / (4 * total)) / total)
    return (share + Z * Z / (2 * total) - spread) / (1 + Z * Z / total)


def _check(comment: Comment, voter: Voter) -> None:
    if not comment.site.votes:
        raise VotesOff(_("Replies take no votes here."))
    if comment.status != Status.APPROVED:
        raise NotPublic(_("There is no such reply."))
    digests = {voter.digest, *voter.digests} - {""}
    theirs = {comment.address_digest, comment.author.email_digest if comment.author else ""}
    if comment.pk in voter.wrote or digests & theirs:
        raise OwnComment(_("You can’t vote on your own reply."))


def _count(comment: Comment, value: int, *, by: int) -> None:
    if value > 0:
        comment.up_votes += by
    else:
        comment.down_votes += by
