"""The review endpoints about authors, notes and bans."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Author, Role, Trust
from comments.privacy import email_addresses
from moderation.models import Ban
from moderation.models.ban import BanTarget
from moderation.review.people import authors, bans
from moderation.review.queue import actions
from moderation.web.review_api import requests
from moderation.web.review_api.author_requests import AuthorSearchSerializer, TrustSerializer
from moderation.web.review_api.author_serializers import (
    AuthorDetailSerializer,
    AuthorPage,
    BanAnswer,
    BanPage,
    BanSerializer,
    ListedAuthorSerializer,
    NoteSerializer,
)
from moderation.web.review_api.base import ReviewView
from moderation.web.shared.schema import IDEMPOTENCY_KEY, PROBLEMS


class AuthorView(ReviewView):
    """An author, as far as the site knows one."""

    @extend_schema(responses={200: AuthorDetailSerializer, **PROBLEMS})
    def get(self, request: Request, author_id: UUID) -> Response:
        """Return an author's record, bans and notes; the address is masked."""
        author = _author(self, author_id)
        author.standing = authors.trust_status(author)  # type: ignore[attr-defined]
        author.neighbours = [  # type: ignore[attr-defined]
            {"author": other.pk, "name": str(other), "comments": number}
            for other, number in authors.neighbours(author).items()
        ]
        author.bans = Ban.objects.in_force(timezone.now()).filter(  # type: ignore[attr-defined]
            site=author.site_id, target=BanTarget.EMAIL, value=author.email_digest
        )
        return Response(AuthorDetailSerializer(author).data)

    @extend_schema(request=TrustSerializer, responses={200: AuthorDetailSerializer, **PROBLEMS})
    def patch(self, request: Request, author_id: UUID) -> Response:
        """Say how the house rules are to take an author, whatever the record."""
        serializer = TrustSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        given = Trust(serializer.validated_data["trust"])
        author = _author(self, author_id, Role.MODERATOR)
        authors.set_trust(author, given, moderator=self.user, now=timezone.now())
        return self.get(request, author_id)


class AuthorsView(ReviewView):
    """The authors at the caller's sites."""

    @extend_schema(
        operation_id="list_authors",
        parameters=[AuthorSearchSerializer],
        responses={200: AuthorPage, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """List authors, those who came last first; find one by the whole address."""
        asked = AuthorSearchSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        sites = [site for site in self.sites() if wanted.pop("site", site.slug) == site.slug]
        authors = Author.objects.filter(site__in=[site.pk for site in sites])
        if email := wanted.pop("email", ""):
            authors = authors.filter(email_digest__in=email_addresses.email_digests(email))
        return self.page(authors.filter(**wanted).select_related("site"), ListedAuthorSerializer)


class NotesView(ReviewView):
    """Notes about an author."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.NewNoteSerializer,
        responses={201: NoteSerializer, **PROBLEMS},
    )
    def post(self, request: Request, author_id: UUID) -> Response:
        """Write a note for colleagues."""
        serializer = requests.NewNoteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        author, text = _author(self, author_id, Role.MODERATOR), serializer.validated_data["text"]
        return self.idempotent(request, lambda: self._write(author, text))

    def _write(self, author: Author, text: str) -> Response:
        note = actions.add_note(author, text=text, moderator=self.user, now=timezone.now())
        return Response(NoteSerializer(note).data, status=201)


class AuthorBanView(ReviewView):
    """Banning an author by the address."""

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.BanningSerializer,
        responses={201: BanAnswer, **PROBLEMS},
    )
    def post(self, request: Request, author_id: UUID) -> Response:
        """Reject what comes from this author's address from now on."""
        serializer = requests.BanningSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        author = _author(self, author_id, Role.MODERATOR)
        wanted = Ban(site=author.site, target=BanTarget.EMAIL, value=author.email_digest)
        return self.idempotent(request, lambda: _ban(self, wanted, serializer.validated_data))


class BansView(ReviewView):
    """The bans at the caller's sites."""

    @extend_schema(responses={200: BanPage, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List bans, the newest first; addresses and networks are kept as digests only."""
        bans = Ban.objects.filter(site__in=self.sites()).select_related("site", "created_by")
        return self.page(bans, BanSerializer)

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=requests.NewBanSerializer,
        responses={201: BanAnswer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Ban an email address, a network or a domain from a site."""
        serializer = requests.NewBanSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted: dict[str, Any] = serializer.validated_data
        site = self.site(wanted["site"], Role.MODERATOR)
        try:
            value = bans.stored_value(BanTarget(wanted["target"]), wanted["value"])
        except bans.InvalidBanTarget as error:
            raise exceptions.ValidationError({"value": str(error)}) from None
        ban = Ban(site=site, target=wanted["target"], value=value)
        return self.idempotent(request, lambda: _ban(self, ban, wanted))


class BanView(ReviewView):
    """One ban."""

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, ban_id: UUID) -> Response:
        """Lift a ban."""
        standing = Ban.objects.filter(pk=ban_id, site__in=self.sites(Role.MODERATOR)).first()
        if standing is None:
            raise exceptions.NotFound("There is no such ban.")
        bans.lift(standing, moderator=self.user, now=timezone.now())
        return Response(status=204)


def _author(view: ReviewView, author_id: UUID, role: Role = Role.VIEWER) -> Author:
    authors = Author.objects.select_related("site").filter(site__in=view.sites(role))
    author = authors.filter(pk=author_id).first()
    if author is None:
        raise exceptions.NotFound("There is no such author.")
    return author


def _ban(view: ReviewView, wanted: Ban, data: dict[str, Any]) -> Response:
    wanted.reason, wanted.until = data["reason"], data["until"]
    standing, job = bans.ban(
        wanted, moderator=view.user, retroactive=data["retroactive"], now=timezone.now()
    )
    answer = {**BanSerializer(standing).data, "job": job.pk if job else None}
    return Response(answer, status=201)
