"""Submit a reader's comment: the one way from the form, on a page or in an API, to intake."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from comments.accounts import single_sign_on
from comments.http import idempotency, rate_limits
from comments.http.problems import Problem
from comments.http.rate_limits import RateLimit
from comments.http.requests import client_address, validate
from comments.models import Comment, Site
from comments.privacy import signed_links, tokens
from moderation.intake import receive
from moderation.intake.quotas import Quota
from moderation.web.shared.comment_serializers import OwnCommentSerializer, SubmissionSerializer

CONSENT = gettext_lazy("Your email address will not be published.")


def submit(request: Request | HttpRequest, data: Any, *, site: Site) -> Response:
    """Store a comment and return 201 with it, as its author sees it.

    Raises ValidationError for unacceptable fields, and receive.SubmissionRefused. Idempotent: a
    form that is sent twice is stored once and gets the same response twice.
    """
    data, signed_on = _signed_on(data, site)
    serializer = SubmissionSerializer(data=data, context={"site": site})
    token = validate(serializer).get("form_token", "")
    form = tokens.read_form_token(token, site, now=timezone.now())
    scope = f"{site.pk} POST comments"
    used = idempotency.used_form(scope, form.nonce)
    evidence = tokens.intake_evidence(
        form,
        decoy_filled=serializer.decoy_filled(),
        used_before=used.earlier is not None,
    )
    submission = serializer.to_submission(
        intake=evidence,
        address=client_address(request),
        agent=request.headers.get("User-Agent", ""),
        verified=signed_on,
        shown=tokens.read_edit_tokens(request.headers.get("X-Edit-Token", "").split(",")),
    )
    return idempotency.once(
        idempotency.IdempotentRequest(request.headers.get("Idempotency-Key", ""), scope, data),
        lambda: _receive(submission, site),
        form=used,
    )


def _signed_on(data: Any, site: Site) -> tuple[Any, bool]:
    """Return the data with the name and address of a signed-on reader, and whether there is one."""
    token = data.get("reader_token") if isinstance(data, Mapping) else None
    if not token:
        return data, False
    try:
        reader = single_sign_on.read_reader_token(str(token), site=site, now=timezone.now())
    except single_sign_on.InvalidSignOnToken as error:
        raise Problem(401, error.code, str(error)) from None
    return {**data, "author_name": reader.name, "author_email": reader.email}, True


def own(comment: Comment) -> Mapping[str, Any]:
    """Return a comment as its author sees it, with its edit token and the link to its status."""
    comment.edit_token = tokens.issue_edit_token(comment)  # type: ignore[attr-defined]
    comment.status_url = signed_links.status_url(comment)  # type: ignore[attr-defined]
    return OwnCommentSerializer(comment).data


def _receive(submission: receive.Submission, site: Site) -> Response:
    received = receive.receive(submission, site=site, now=timezone.now())
    return Response(own(received.comment), status=201, headers=quota_headers(received.quotas))


def quota_headers(quotas: Sequence[Quota]) -> dict[str, str]:
    """Return the `RateLimit` headers for quotas of posting, each named by its period."""
    limits = [
        RateLimit(quota.limit, quota.remaining, quota.reset, quota.remaining > 0, window)
        for quota in quotas
        for window in [int(quota.period.total_seconds())]
    ]
    return rate_limits.headers({f"{limit.window}s": limit for limit in limits})
