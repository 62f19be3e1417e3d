"""The review endpoints about people: authors, notes, bans."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.schema import PROBLEMS
from comments.models import Author, Role
from moderation import banning, reviewing
from moderation.api import requests
from moderation.api.people_shapes import (
    AuthorDetailSerializer,
    BanAnswer,
    BanPage,
    BanSerializer,
    NoteSerializer,
)
from moderation.api.review_view import ReviewView
from moderation.models import Ban
from moderation.models.ban import Target


class AuthorView(ReviewView):
    """An author, as far as the site knows one."""

    @extend_schema(responses={200: AuthorDetailSerializer, **PROBLEMS})
    def get(self, request: Request, author_id: UUID) -> Response:
        """Return an author's record, bans and notes; the address is masked."""
        author = _author(self, author_id)
        author.bans = Ban.objects.in_force(timezone.now()).filter(  # type: ignore[attr-defined]
            site=author.site_id, target=Target.EMAIL, value=author.email_digest
        )
        return Response(AuthorDetailSerializer(author).data)


class NotesView(ReviewView):
    """Notes about an author."""

    @extend_schema(request=requests.NewNoteSerializer, responses={201: NoteSerializer, **PROBLEMS})
    def post(self, request: Request, author_id: UUID) -> Response:
        """Write a note for colleagues."""
        serializer = requests.NewNoteSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        note = reviewing.remark(
            _author(self, author_id, Role.MODERATOR),
            text=serializer.validated_data["text"],
            moderator=self.user,
            now=timezone.now(),
        )
        return Response(NoteSerializer(note).data, status=201)


class AuthorBanView(ReviewView):
    """Banning an author by the address."""

    @extend_schema(request=requests.BanningSerializer, responses={201: BanAnswer, **PROBLEMS})
    def post(self, request: Request, author_id: UUID) -> Response:
        """Reject what comes from this author's address from now on."""
        serializer = requests.BanningSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        author = _author(self, author_id, Role.MODERATOR)
        wanted = Ban(site=author.site, target=Target.EMAIL, value=author.email_digest)
        return _ban(self, wanted, serializer.validated_data)


class BansView(ReviewView):
    """The bans at the caller's sites."""

    @extend_schema(responses={200: BanPage, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List bans, the newest first; addresses and networks are kept as digests only."""
        bans = Ban.objects.filter(site__in=self.sites()).select_related("site", "created_by")
        return self.page(bans, BanSerializer)

    @extend_schema(request=requests.NewBanSerializer, responses={201: BanAnswer, **PROBLEMS})
    def post(self, request: Request) -> Response:
        """Ban an email address, a network or a domain from a site."""
        serializer = requests.NewBanSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted: dict[str, Any] = serializer.validated_data
        site = self.site(wanted["site"], Role.MODERATOR)
        try:
            value = banning.kept(Target(wanted["target"]), wanted["value"])
        except banning.BadTarget as error:
            raise exceptions.ValidationError({"value": str(error)}) from None
        return _ban(self, Ban(site=site, target=wanted["target"], value=value), wanted)


class BanView(ReviewView):
    """One ban."""

    @extend_schema(responses={204: None, **PROBLEMS})
    def delete(self, request: Request, ban_id: UUID) -> Response:
        """Lift a ban."""
        standing = Ban.objects.filter(pk=ban_id, site__in=self.sites(Role.MODERATOR)).first()
        if standing is None:
            raise exceptions.NotFound("There is no such ban.")
        banning.lift(standing, moderator=self.user, now=timezone.now())
        return Response(status=204)


def _author(view: ReviewView, author_id: UUID, role: Role = Role.VIEWER) -> Author:
    authors = Author.objects.select_related("site").filter(site__in=view.sites(role))
    author = authors.filter(pk=author_id).first()
    if author is None:
        raise exceptions.NotFound("There is no such author.")
    return author


def _ban(view: ReviewView, wanted: Ban, data: dict[str, Any]) -> Response:
    wanted.reason, wanted.until = data["reason"], data["until"]
    standing, job = banning.ban(
        wanted, moderator=view.user, retroactive=data["retroactive"], now=timezone.now()
    )
    answer = {**BanSerializer(standing).data, "job": job.pk if job else None}
    return Response(answer, status=201)
