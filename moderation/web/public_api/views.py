"""The public endpoints: each checks its input and makes one call."""

from uuid import UUID

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http import problems
from comments.http.requests import client_address
from comments.models import Comment, Thread
from comments.privacy import tokens
from comments.threads import reading
from moderation.intake import changes
from moderation.models import Policy, ReportReason
from moderation.review.people import appeals, reports
from moderation.web.public_api import serializers
from moderation.web.public_api.base import SiteView
from moderation.web.public_api.threads import EDIT_TOKEN, THREAD
from moderation.web.shared import comment_serializers
from moderation.web.shared.schema import PROBLEMS, CountsAnswer
from moderation.web.shared.submit import CONSENT, own

FROM_SITE = (
    "min_seconds",
    "max_length",
    "max_depth",
    "require_name",
    "require_email",
    "allow_website",
    "votes",
    "notify",
    "edit_minutes",
)
MOST_COUNTS = 200
# Reports that one address may send in a minute.
MOST_REPORTS = 20


class FormView(SiteView):
    """What a page needs to show the form."""

    @extend_schema(parameters=[THREAD], responses={200: serializers.FormSerializer, **PROBLEMS})
    def get(self, request: Request, slug: str) -> Response:
        """Issue a form: a signed token and the rules that the site has for posting."""
        now = timezone.now()
        token, decoy = tokens.issue_form(self.site, now=now)
        thread = Thread.objects.named(self.site, request.query_params.get("thread", "")).first()
        closed = thread is not None and Policy.objects.close(thread, now=now)
        form = {
            "form_token": token,
            "decoy_field": decoy,
            "closed": closed,
            "consent": CONSENT,
            **{name: getattr(self.site, name) for name in FROM_SITE},
        }
        answer = serializers.FormSerializer(form).data
        return Response(answer, headers={"Cache-Control": "no-store"})


class CommentView(SiteView):
    """One comment: read it, or, with its edit token, change it or take it back."""

    @extend_schema(
        operation_id="read_comment",
        parameters=[EDIT_TOKEN],
        responses={200: comment_serializers.CommentSerializer, **PROBLEMS},
    )
    def get(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Return a public comment, or the caller's own in whatever state it is."""
        if comment_id in self.shown_tokens():
            return Response(own(self.own_comment(comment_id)))
        comments = Comment.objects.public().select_related("thread")
        comment = comments.filter(site=self.site, pk=comment_id).first()
        if comment is None:
            raise NotFound("There is no such comment.")
        return Response(comment_serializers.CommentSerializer(comment).data)

    @extend_schema(
        request=serializers.EditSerializer,
        parameters=[EDIT_TOKEN],
        responses={200: comment_serializers.OwnCommentSerializer, **PROBLEMS},
    )
    def patch(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Give the comment a new text; it is screened again."""
        serializer = serializers.EditSerializer(data=request.data, context={"site": self.site})
        serializer.is_valid(raise_exception=True)
        revised = changes.edit(
            self.own_comment(comment_id),
            body=serializer.validated_data["body"],
            now=timezone.now(),
        )
        return Response(own(revised))

    @extend_schema(request=None, parameters=[EDIT_TOKEN], responses={204: None, **PROBLEMS})
    def delete(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Take the comment back."""
        changes.withdraw(self.own_comment(comment_id), now=timezone.now())
        return Response(status=204)


class ReportView(SiteView):
    """Readers' complaints."""

    @extend_schema(
        request=serializers.ReportSerializer,
        responses={201: serializers.ReportSerializer, **PROBLEMS},
    )
    def post(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Report a public comment to the moderators; a reader counts once for each text."""
        self.limit("report", MOST_REPORTS)
        serializer = serializers.ReportSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        public = Comment.objects.public().filter(site=self.site)
        comment = public.select_related("site").filter(pk=comment_id).first()
        if comment is None:
            raise NotFound("There is no such comment.")
        reports.report(
            comment,
            reason=ReportReason(serializer.validated_data["reason"]),
            text=serializer.validated_data["text"],
            address=client_address(request),
            now=timezone.now(),
        )
        return Response(serializer.validated_data, status=201)


class SubmitAppealView(SiteView):
    """Authors' objections."""

    @extend_schema(
        request=serializers.AppealSerializer,
        parameters=[EDIT_TOKEN],
        responses={201: serializers.AppealSerializer, **PROBLEMS},
    )
    def post(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Ask for another look at a comment that was refused."""
        serializer = serializers.AppealSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        comment = self.own_comment(comment_id)
        text = serializer.validated_data["text"]
        appeal = appeals.submit(comment, text=text, now=timezone.now())
        return Response({"text": appeal.text}, status=201)


class CountsView(SiteView):
    """Numbers of comments, for lists of articles."""

    @extend_schema(
        parameters=[OpenApiParameter("thread", OpenApiTypes.STR, many=True)],
        responses={200: CountsAnswer, **PROBLEMS},
    )
    @method_decorator(conditional_page)
    def get(self, request: Request, slug: str) -> Response:
        """Return how many public comments each of up to 200 pages has."""
        names = request.query_params.getlist("thread")
        if len(names) > MOST_COUNTS:
            raise problems.Problem(400, "too-many-threads", f"Ask for {MOST_COUNTS} at most.")
        return Response({"counts": reading.counts(self.site, names)})
