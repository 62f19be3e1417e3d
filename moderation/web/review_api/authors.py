"""The review endpoints about authors, notes and bans."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.generics import ListAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.openapi import IDEMPOTENCY_KEY
from comments.models import Author, Trust
from moderation.models import Ban
from moderation.models.ban import BanTarget
from moderation.review.people import authors, bans
from moderation.review.queue import actions
from moderation.web.review_api import requests
from moderation.web.review_api.author_serializers import (
    AuthorDetailSerializer,
    BanSerializer,
    ListedAuthorSerializer,
    NewBanResultSerializer,
    NoteSerializer,
)
from moderation.web.review_api.base import ReviewView, SiteListView
from moderation.web.review_api.filters import AuthorFilterSet


class SiteAuthorView(ReviewView):
    """The base of the endpoints: the authors at the caller's sites."""

    queryset = Author.objects.select_related("site")
    lookup_url_kwarg = "author_id"
    not_found = "There is no such author."


class AuthorDetailView(SiteAuthorView):
    """One author, as the site knows them."""

    serializer_class = AuthorDetailSerializer

    @extend_schema(operation_id="review_authors_retrieve")
    def get(self, request: Request, author_id: UUID) -> Response:
        """Return an author's record, bans and notes; the address is masked."""
        return self._detail()

    @extend_schema(operation_id="review_authors_partial_update", request=requests.TrustSerializer)
    def patch(self, request: Request, author_id: UUID) -> Response:
        """Set how far the house rules trust an author, whatever the record."""
        trust = Trust(self.validated_body(requests.TrustSerializer)["trust"])
        authors.set_trust(self.get_object(), trust, moderator=self.user, now=timezone.now())
        return self._detail()

    def _detail(self) -> Response:
        author = self.get_object()
        author.standing = authors.trust_status(author)
        author.neighbours = [
            {"author": other.pk, "name": str(other), "comments": number}
            for other, number in authors.neighbours(author).items()
        ]
        author.bans = Ban.objects.in_force(timezone.now()).filter(
            site=author.site_id, target=BanTarget.EMAIL, value=author.email_digest
        )
        return Response(AuthorDetailSerializer(author).data)


@extend_schema_view(get=extend_schema(operation_id="list_authors"))
class AuthorsView(SiteListView, ListAPIView[Any]):
    """List authors, those who came last first; find one by the whole address."""

    queryset = Author.objects.select_related("site")
    serializer_class = ListedAuthorSerializer
    filterset_class = AuthorFilterSet


class AuthorNotesView(SiteAuthorView):
    """Notes about an author."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.NewNoteSerializer,
        responses={201: NoteSerializer},
    )
    def post(self, request: Request, author_id: UUID) -> Response:
        """Write a note for colleagues."""
        text = self.validated_body(requests.NewNoteSerializer)["text"]
        author = self.get_object()
        return self.idempotent(lambda: self._write(author, text))

    def _write(self, author: Author, text: str) -> Response:
        note = actions.add_note(author, text=text, moderator=self.user, now=timezone.now())
        return Response(NoteSerializer(note).data, status=201)


class AuthorBanView(SiteAuthorView):
    """Bans of an author by the email address."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.BanOptionsSerializer,
        responses={201: NewBanResultSerializer},
    )
    def post(self, request: Request, author_id: UUID) -> Response:
        """Reject what comes from this author's address from now on."""
        options = self.validated_body(requests.BanOptionsSerializer)
        author = self.get_object()
        ban = Ban(site=author.site, target=BanTarget.EMAIL, value=author.email_digest)
        return self.idempotent(lambda: _ban(self, ban, options))


class BanView(ReviewView):
    """The base of the endpoints: the bans at the caller's sites."""

    queryset = Ban.objects.all()
    lookup_url_kwarg = "ban_id"
    not_found = "There is no such ban."
    serializer_class = BanSerializer


class BansView(ListModelMixin, BanView):
    """The bans at the caller's sites."""

    queryset = Ban.objects.select_related("site", "created_by")

    @extend_schema(operation_id="review_bans_retrieve")
    def get(self, request: Request) -> Response:
        """List bans, the newest first; addresses and networks are stored as digests only."""
        return self.list(request)

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.NewBanSerializer,
        responses={201: NewBanResultSerializer},
    )
    def post(self, request: Request) -> Response:
        """Ban an email address, a network or a domain from a site."""
        data = self.validated_body(requests.NewBanSerializer)
        site = self.site(data["site"])
        try:
            value = bans.stored_value(BanTarget(data["target"]), data["value"])
        except bans.InvalidBanTarget as error:
            raise exceptions.ValidationError({"value": str(error)}) from None
        ban = Ban(site=site, target=data["target"], value=value)
        return self.idempotent(lambda: _ban(self, ban, data))


class BanDetailView(BanView):
    """One ban."""

    @extend_schema(operation_id="review_bans_destroy", responses={204: None})
    def delete(self, request: Request, ban_id: UUID) -> Response:
        """Lift a ban."""
        bans.lift(self.get_object(), moderator=self.user, now=timezone.now())
        return Response(status=204)


def _ban(view: ReviewView, ban: Ban, options: dict[str, Any]) -> Response:
    ban.reason, ban.until = options["reason"], options["until"]
    saved, job = bans.ban(
        ban, moderator=view.user, retroactive=options["retroactive"], now=timezone.now()
    )
    answer = {**BanSerializer(saved).data, "job": job.pk if job else None}
    return Response(answer, status=201)
