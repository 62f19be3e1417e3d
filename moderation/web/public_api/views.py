"""The public endpoints of one comment: read, edit, delete, report, appeal; form and counts."""

from uuid import UUID

from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.http import conditional_page
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.forwarding import client_address, visitor
from comments.http.views import get_or_not_found
from comments.models import Comment
from comments.privacy import form_tokens, proof_of_work
from moderation.intake import changes
from moderation.intake.page_lookup import look_up_page
from moderation.models import ReportReason
from moderation.review.people import appeals, reports
from moderation.web.public_api import serializers
from moderation.web.public_api.base import SiteView
from moderation.web.public_api.threads import EDIT_TOKEN, THREAD
from moderation.web.shared import comment_serializers
from moderation.web.shared.counts import CommentCountsSerializer, counts_response
from moderation.web.shared.own_comment_serializers import OwnCommentSerializer
from moderation.web.shared.submit import CONSENT, guidelines, own

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
NO_COMMENT = "There is no such comment."
# Reports a minute from one address.
MOST_REPORTS = 20
# Edits a minute from one address.
MOST_EDITS = 10


class FormView(SiteView):
    """What a page needs to render the comment form."""

    @extend_schema(parameters=[THREAD], responses=serializers.FormSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Issue a form: a signed token and the site's rules for posting."""
        now = timezone.now()
        token, decoy = form_tokens.issue_form_token(self.site, visitor=visitor(request), now=now)
        thread, rules = look_up_page(self.site, request.query_params.get("thread", ""), now=now)
        form = {
            "form_token": token,
            "decoy_field": decoy,
            "closed": rules.is_closed,
            "members_only": rules.members_only,
            "closed_message": rules.message,
            "consent": CONSENT,
            "guidelines": guidelines(self.site),
            "prompt": thread.prompt if thread else "",
            "challenge": proof_of_work.issue(self.site, now=now) if self.site.in_flood else None,
            "now": now,
            **{name: getattr(self.site, name) for name in FROM_SITE},
        }
        answer = serializers.FormSerializer(form).data
        return Response(answer, headers={"Cache-Control": "no-store"})


class CommentView(SiteView):
    """One comment; its author reads, edits and deletes it with the edit token."""

    @extend_schema(
        operation_id="read_comment",
        parameters=[EDIT_TOKEN],
        responses={200: comment_serializers.CommentSerializer},
    )
    def get(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Return a public comment, or the caller's own in any status."""
        if comment_id in self.edit_tokens():
            return Response(own(self.own_comment(comment_id)))
        comments = Comment.objects.public().select_related("thread")
        comment = get_or_not_found(comments, NO_COMMENT, site=self.site, pk=comment_id)
        return Response(comment_serializers.CommentSerializer(comment).data)

    @extend_schema(
        request=serializers.EditSerializer,
        parameters=[EDIT_TOKEN],
        responses={200: OwnCommentSerializer},
    )
    def patch(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Replace the text; it is screened again."""
        self.limit("edit", MOST_EDITS)
        body = self.validated_body(serializers.EditSerializer, site=self.site)["body"]
        revised = changes.edit(self.own_comment(comment_id), body=body, now=timezone.now())
        return Response(own(revised))

    @extend_schema(request=None, parameters=[EDIT_TOKEN], responses={204: None})
    def delete(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Delete the comment."""
        changes.withdraw(self.own_comment(comment_id), now=timezone.now())
        return Response(status=204)


class ReportView(SiteView):
    """Reports of readers."""

    @extend_schema(
        request=serializers.ReportSerializer,
        responses={201: serializers.ReportSerializer},
    )
    def post(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Report a public comment to the moderators; a reader counts once for each text."""
        self.limit("report", MOST_REPORTS)
        data = self.validated_body(serializers.ReportSerializer)
        public = Comment.objects.public().select_related("site")
        comment = get_or_not_found(public, NO_COMMENT, site=self.site, pk=comment_id)
        reports.report(
            comment,
            reason=ReportReason(data["reason"]),
            text=data["text"],
            address=client_address(request),
            identity=next(iter(self.signed_on_as(data["reader_token"])), ""),
            now=timezone.now(),
        )
        return Response(serializers.ReportSerializer(data).data, status=201)


class SubmitAppealView(SiteView):
    """Appeals of authors."""

    @extend_schema(
        request=serializers.AppealSerializer,
        parameters=[EDIT_TOKEN],
        responses={201: serializers.AppealSerializer},
    )
    def post(self, request: Request, slug: str, comment_id: UUID) -> Response:
        """Appeal against the refusal of a comment."""
        text = self.validated_body(serializers.AppealSerializer)["text"]
        comment = self.own_comment(comment_id)
        appeal = appeals.submit(comment, text=text, now=timezone.now())
        return Response({"text": appeal.text}, status=201)


class CountsView(SiteView):
    """Numbers of comments, for lists of articles."""

    @extend_schema(
        parameters=[OpenApiParameter("thread", OpenApiTypes.STR, many=True)],
        responses=CommentCountsSerializer,
    )
    @method_decorator(conditional_page)
    def get(self, request: Request, slug: str) -> Response:
        """Return how many public comments each of up to 200 pages has."""
        return counts_response(request, self.site, most=MOST_COUNTS)
