"""Votes of readers, without accounts."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.forwarding import client_address
from comments.http.views import get_or_not_found
from comments.models import Comment
from comments.threads import voting
from moderation.web.public_api.base import SiteView
from moderation.web.public_api.threads import EDIT_TOKEN
from moderation.web.shared.comment_serializers import VotesSerializer

# Votes, changed ones included, a minute from one address.
MOST_VOTES = 60


class VoteSerializer(serializers.Serializer[Any]):
    """A reader's vote: up, down, or withdrawn."""

    value = serializers.ChoiceField(choices=[1, 0, -1])
    reader_token = serializers.CharField(
        required=False, allow_blank=True, help_text="From `sign-on`: names the reader."
    )


class VoteResultSerializer(serializers.Serializer[Any]):
    """The votes of a comment, and the caller's."""

    votes = VotesSerializer()
    yours = serializers.IntegerField(help_text="1, 0 or -1.")


class VoteView(SiteView):
    """Votes: one for each reader, by sign-on or network address."""

    @extend_schema(request=VoteSerializer, parameters=[EDIT_TOKEN], responses=VoteResultSerializer)
    def post(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Vote for a public comment (1), against it (-1), or take the vote back (0)."""
        self.limit("vote", MOST_VOTES)
        data = self.validated_body(VoteSerializer)
        comment = get_or_not_found(
            Comment.objects.public(), _("There is no such reply."), site=self.site, pk=comment_id
        )
        value = data["value"]
        voter = self._voter(data.get("reader_token", ""))
        comment = voting.vote(comment, voter=voter, value=value, now=timezone.now())
        votes = {"up": comment.up_votes, "down": comment.down_votes}
        return Response({"votes": votes, "yours": value})

    def _voter(self, reader_token: str) -> voting.Voter:
        if digests := self.signed_on_as(reader_token):
            return voting.Voter(digests[0], digests, own_comments=self.edit_tokens())
        address = client_address(self.request)
        return voting.Voter.at(address, own_comments=self.edit_tokens())
