"""The external moderator of a site, and its answers."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.models import Comment, Scope
from moderation.models import ExternalModerator, Opinion
from moderation.screening.external import moderators
from moderation.screening.external.inquiries import LONGEST_EXPLANATION, ExternalAnswer
from moderation.web.plugin_api.base import KeyView
from moderation.web.plugin_api.webhook_serializers import SecretSerializer
from moderation.web.shared.schema import PROBLEMS

NAMED = OpenApiExample(
    "Five minutes to answer",
    request_only=True,
    value={"url": "https://moderator.example/ask", "seconds": 300},
)
ANSWERED = OpenApiExample(
    "Against the rules",
    request_only=True,
    value={"revision": 1, "verdict": "REJECT", "explanation": "It names a private person."},
)


class ExternalModeratorSerializer(serializers.ModelSerializer[ExternalModerator]):
    """An endpoint that is asked about each comment, and how long the comment waits for it."""

    enabled = serializers.SerializerMethodField()

    class Meta:
        model = ExternalModerator
        fields: tuple[str, ...] = (
            "url",
            "seconds",
            "hold_unanswered",
            "enabled",
            "last_error",
            "last_error_at",
            "created_at",
        )
        read_only_fields: tuple[str, ...] = ("last_error", "last_error_at", "created_at")

    def get_enabled(self, moderator: ExternalModerator) -> bool:
        """Tell whether it is asked."""
        return moderator.disabled_at is None


class NamedModeratorSerializer(ExternalModeratorSerializer):
    """An external moderator with its secret, which is shown this once."""

    secret = serializers.CharField(help_text='`whsec_…` when it is new; "" else.')

    class Meta(ExternalModeratorSerializer.Meta):
        fields: tuple[str, ...] = (*ExternalModeratorSerializer.Meta.fields, "secret")


class OpinionSerializer(serializers.Serializer[Any]):
    """What an external moderator says of the revision that it was asked about."""

    revision = serializers.IntegerField(min_value=1)
    verdict = serializers.ChoiceField(choices=Opinion.choices)
    explanation = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_EXPLANATION,
        default="",
        help_text="For the site's moderators.",
    )


class ExternalModeratorView(KeyView):
    """Who is asked."""

    scope = Scope.POLICY

    @extend_schema(
        operation_id="read_external_moderator",
        responses={200: ExternalModeratorSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return the external moderator, without its secret."""
        return Response(ExternalModeratorSerializer(self._moderator()).data)

    @extend_schema(
        operation_id="name_external_moderator",
        request=ExternalModeratorSerializer,
        examples=[NAMED],
        responses={200: NamedModeratorSerializer, **PROBLEMS},
    )
    def put(self, request: Request) -> Response:
        """Name the endpoint, or change it; a new one gets a secret that is shown this once."""
        serializer = ExternalModeratorSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = {"seconds": 300, "hold_unanswered": True, **serializer.validated_data}
        try:
            named = moderators.name(self.site, **wanted, now=timezone.now())
        except moderators.InvalidEndpoint as error:
            raise exceptions.ValidationError({"url": str(error)}) from None
        told = {**ExternalModeratorSerializer(named.moderator).data, "secret": named.secret}
        return Response(told, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="remove_external_moderator", responses={204: None, **PROBLEMS})
    def delete(self, request: Request) -> Response:
        """Ask nobody any more; comments that wait for an answer go on without one."""
        moderators.remove(self._moderator())
        return Response(status=204)

    def _moderator(self) -> ExternalModerator:
        moderator = ExternalModerator.objects.filter(site=self.site).first()
        if moderator is None:
            raise exceptions.NotFound("This site has no external moderator.")
        return moderator


class RotateModeratorView(ExternalModeratorView):
    """Changing its secret."""

    http_method_names = ("post", "options")

    @extend_schema(
        operation_id="rotate_external_moderator",
        request=None,
        responses={200: SecretSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Return a new secret; the former one signs, too, for a day."""
        secret = moderators.rotate(self._moderator(), now=timezone.now())
        return Response({"secret": secret}, headers={"Cache-Control": "no-store"})


class FindingsView(KeyView):
    """What an external moderator answers later."""

    scope = Scope.FINDINGS

    @extend_schema(
        operation_id="answer_inquiry",
        request=OpinionSerializer,
        examples=[ANSWERED],
        responses={200: OpinionSerializer, **PROBLEMS},
    )
    def post(self, request: Request, comment_id: UUID) -> Response:
        """Say what the comment is, before the deadline; the house rules then decide."""
        comment = Comment.objects.filter(site=self.site, pk=comment_id).first()
        if comment is None:
            raise exceptions.NotFound("There is no such comment.")
        serializer = OpinionSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        wanted = serializer.validated_data
        told = ExternalAnswer(Opinion(wanted["verdict"]), wanted["explanation"])
        try:
            moderators.answer(comment, told, revision=wanted["revision"])
        except moderators.NoOpenInquiry as error:
            raise problems.Problem(409, error.code, str(error)) from None
        return Response(serializer.data)
