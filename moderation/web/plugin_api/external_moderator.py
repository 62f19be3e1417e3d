"""The external moderator of a site, and its delayed answers."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.views import get_or_not_found
from comments.models import Comment, Scope
from moderation.models import ExternalModerator, Opinion
from moderation.screening.external import moderators
from moderation.screening.external.inquiries import LONGEST_EXPLANATION, ExternalAnswer
from moderation.web.plugin_api.base import KeyView
from moderation.web.plugin_api.webhook_serializers import SecretSerializer


class ExternalModeratorSerializer(serializers.ModelSerializer[ExternalModerator]):
    """An endpoint to call for each comment, and how many seconds the comment waits for it."""

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
        """Return whether it is called."""
        return moderator.disabled_at is None


class NewExternalModeratorSerializer(ExternalModeratorSerializer):
    """An external moderator with its signing secret, which is returned once."""

    secret = serializers.CharField(help_text='`whsec_…` when it is new; "" else.')

    class Meta(ExternalModeratorSerializer.Meta):
        fields: tuple[str, ...] = (*ExternalModeratorSerializer.Meta.fields, "secret")


class OpinionSerializer(serializers.Serializer[Any]):
    """An external moderator's verdict on one revision of a comment."""

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
    """The endpoint that is called."""

    scope = Scope.POLICY
    serializer_class = ExternalModeratorSerializer

    @extend_schema(operation_id="read_external_moderator")
    def get(self, request: Request) -> Response:
        """Return the external moderator, without its secret."""
        return Response(ExternalModeratorSerializer(self.get_object()).data)

    @extend_schema(operation_id="name_external_moderator", responses=NewExternalModeratorSerializer)
    def put(self, request: Request) -> Response:
        """Set the endpoint, or change it; a new one gets a secret that is returned once."""
        data = self.validated_body(ExternalModeratorSerializer)
        settings = {"seconds": 300, "hold_unanswered": True, **data}
        try:
            named = moderators.name(self.site, **settings, by=self.key, now=timezone.now())
        except moderators.InvalidEndpoint as error:
            raise exceptions.ValidationError({"url": str(error)}) from None
        answer = {**ExternalModeratorSerializer(named.moderator).data, "secret": named.secret}
        return Response(answer, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="remove_external_moderator", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Remove the endpoint; comments that wait for its answer go on without one."""
        moderators.remove(self.get_object(), by=self.key, now=timezone.now())
        return Response(status=204)

    def get_object(self) -> ExternalModerator:
        """Return the site's external moderator; raise NotFound where there is none."""
        moderators = ExternalModerator.objects.filter(site=self.site)
        return get_or_not_found(moderators, "This site has no external moderator.")


class RotateExternalSecretView(ExternalModeratorView):
    """Rotation of the signing secret."""

    http_method_names = ("post", "options")

    @extend_schema(
        operation_id="rotate_external_moderator", request=None, responses=SecretSerializer
    )
    def post(self, request: Request) -> Response:
        """Return a new secret; the former one signs, too, for a day."""
        secret = moderators.rotate(self.get_object(), by=self.key, now=timezone.now())
        return Response({"secret": secret}, headers={"Cache-Control": "no-store"})


class ExternalAnswerView(KeyView):
    """Answers of an external moderator that come later."""

    scope = Scope.FINDINGS
    queryset = Comment.objects.select_related("site")
    lookup_url_kwarg = "comment_id"
    not_found = "There is no such comment."

    @extend_schema(
        operation_id="answer_inquiry", request=OpinionSerializer, responses=OpinionSerializer
    )
    def post(self, request: Request, comment_id: UUID) -> Response:
        """Answer for a comment, before the deadline; the house rules then decide."""
        comment = self.get_object()
        data = self.validated_body(OpinionSerializer)
        answer = ExternalAnswer(Opinion(data["verdict"]), data["explanation"])
        try:
            moderators.answer(
                comment, answer, revision=data["revision"], by=self.key, now=timezone.now()
            )
        except moderators.NoOpenInquiry as error:
            raise problems.Problem(409, error.code, str(error)) from None
        return Response(data)
