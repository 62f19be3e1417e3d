"""Vote on comments, and rank them by their votes."""

from collections.abc import Collection
from datetime import datetime
from math import sqrt
from typing import NamedTuple
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from comments.models import Comment, Status, Thread, Vote
from comments.privacy import networks
from comments.privacy.networks import Share

# The quantile of the normal distribution for a two-sided confidence of 95 %.
Z_95 = 1.959964
# Of one network so many votes for a comment count, and so many against it.
SHARE = Share(ipv6=5, ipv4=25)


class VoteRefused(Exception):
    """A vote that does not count; the message says why, in the reader's language."""

    code = "vote-refused"


class VotingDisabled(VoteRefused):
    """The site takes no votes."""

    code = "votes-off"


class OwnComment(VoteRefused):
    """Readers can't vote on their own comments."""

    code = "own-comment"


class CommentNotPublic(VoteRefused):
    """The comment is not public."""

    code = "comment-gone"


class Voter(NamedTuple):
    """The reader who votes: `digest` counts the vote, `digests` are all that identify the reader.

    `own_comments` are the ids of comments for which the reader has an edit token. `network` is the
    name of the reader's network, unless the site vouches for them.
    """

    digest: str
    digests: Collection[str] = ()
    own_comments: Collection[UUID] = ()
    network: str = ""

    @classmethod
    def at(cls, address: str, *, own_comments: Collection[UUID] = (), visit: str = "") -> "Voter":
        """Return the reader at an IP address: see `networks.Reader.at`."""
        reader = networks.Reader.at(address, visit=visit)
        return cls(reader.digest, own_comments=own_comments, network=reader.network)


@transaction.atomic
def vote(comment: Comment, *, voter: Voter, value: int, now: datetime) -> Comment:
    """Count a vote of 1 or -1, replacing the voter's earlier one, or take it back with 0.

    Returns the comment with its new counts, to which a network adds its SHARE each way at most.
    The row is locked, so that concurrent votes are counted once each. Raises a VoteRefused.
    """
    locked_comments = Comment.objects.select_for_update(of=("self",), no_key=True)
    comment = locked_comments.select_related("site", "author").get(pk=comment.pk)
    _check_allowed(comment, voter)
    previous = Vote.objects.filter(comment=comment, voter=voter.digest).first()
    if (previous.value if previous else 0) == value:
        return comment
    if previous:
        previous.delete()
        _add_to_counts(comment, previous, by=-1)
    if value:
        new = Vote(
            comment=comment,
            voter=voter.digest,
            network=voter.network,
            value=value,
            voted_at=now,
        )
        _add_to_counts(comment, new, by=1)
        new.save()
    comment.best = wilson_lower_bound(comment.up_votes, comment.down_votes)
    comment.save(update_fields=["up_votes", "down_votes", "best"])
    Thread.objects.touch([comment.thread_id])
    return comment


def anonymise(digests: Collection[str]) -> None:
    """Keep the votes of an erased person, and replace the digests of the voter."""
    for vote in Vote.objects.filter(voter__in=set(digests) - {""}):
        vote.voter, vote.network = f"erased {uuid4().hex}", ""
        vote.save(update_fields=["voter", "network"])


def wilson_lower_bound(up: int, down: int) -> float:
    """Return the rank of a comment by its votes: from -1 to 1, and 0 without votes.

    The lower bound of the 95 % score interval for the share of votes in favour (E. B. Wilson,
    "Probable inference, the law of succession, and statistical inference", JASA 22, 1927). With
    votes against alone that would be 0 as well; it is the negated bound of those instead.
    """
    total = up + down
    if not total:
        return 0.0
    if not up:
        return -wilson_lower_bound(down, 0)
    share = up / total
    spread = Z_95 * sqrt((share * (1 - share) + Z_95 * Z_95 / (4 * total)) / total)
    return (share + Z_95 * Z_95 / (2 * total) - spread) / (1 + Z_95 * Z_95 / total)


def _check_allowed(comment: Comment, voter: Voter) -> None:
    if not comment.site.votes:
        raise VotingDisabled(_("Replies take no votes here."))
    if comment.status != Status.APPROVED:
        raise CommentNotPublic(_("There is no such reply."))
    digests = {voter.digest, *voter.digests} - {""}
    author_digests = {comment.address_digest, comment.author.email_digest if comment.author else ""}
    if comment.pk in voter.own_comments or digests & author_digests:
        raise OwnComment(_("You can’t vote on your own reply."))


def _add_to_counts(comment: Comment, vote: Vote, *, by: int) -> None:
    """Count a vote that is not stored, unless other votes of its network are its share."""
    alike = Vote.objects.filter(comment=comment, network=vote.network, value=vote.value)
    if vote.network and alike.count() >= SHARE.of(vote.network):
        return
    if vote.value > 0:
        comment.up_votes += by
    else:
        comment.down_votes += by
