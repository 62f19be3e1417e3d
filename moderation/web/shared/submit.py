"""Submit a reader's comment: the one way from the form, on a page or in an API, to intake."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy
from rest_framework.request import Request
from rest_framework.response import Response

from comments.accounts import single_sign_on
from comments.accounts.single_sign_on import SignedOnReader
from comments.http import idempotency, rate_limits
from comments.http.forwarding import client_address, visitor
from comments.http.problems import Problem
from comments.http.rate_limits import RateLimit
from comments.http.requests import validate
from comments.models import Comment, Site
from comments.models.insertion import Insertion, insert_if_new
from comments.privacy import form_tokens, signed_links, tokens
from comments.privacy.form_tokens import FormToken
from comments.text.markdown import render
from moderation.insight import floods
from moderation.intake import challenge, receive
from moderation.intake.challenge import Challenge
from moderation.intake.quotas import Quota
from moderation.intake.refusals import ChallengeUnsolved
from moderation.intake.submission import Submission
from moderation.web.shared import progress
from moderation.web.shared.own_comment_serializers import OwnCommentSerializer
from moderation.web.shared.submission_serializers import SubmissionSerializer

CONSENT = gettext_lazy("Your email address will not be published.")


def guidelines(site: Site) -> str:
    """Return the HTML of what a site asks of those who write; "" for nothing."""
    return render(site.guidelines) if site.guidelines else ""


def submit(
    request: Request | HttpRequest, data: Any, *, site: Site, scripted: bool = True
) -> Response:
    """Store a comment and return 201 with it, as its author sees it.

    Raises ValidationError for unacceptable fields, and refusals.SubmissionRefused. Idempotent: a
    form that is sent twice is stored once and gets the same response twice. A page that is not
    `scripted` can solve no challenge; in a flood, what comes from there waits.
    """
    data, reader = _signed_on(data, site)
    signed_on = reader is not None
    now = timezone.now()
    serializer = SubmissionSerializer(data=data, context={"site": site, "signed_on": signed_on})
    token = validate(serializer).get("form_token", "")
    form = form_tokens.read_form_token(token, site, visitor=visitor(request), now=now)
    submission = serializer.to_submission(
        address=client_address(request),
        agent=request.headers.get("User-Agent", ""),
        reader=reader,
        own_comments=shown_edit_tokens(request),
    )
    in_flood = challenge.for_form(data, site, scripted=scripted)
    try:
        return idempotency.once_with_rows(
            idempotency.IdempotentRequest(
                request.headers.get("Idempotency-Key", ""), f"{site.pk} POST comments", data
            ),
            lambda careful: _receive(
                submission,
                site,
                form=form,
                decoy_filled=serializer.decoy_filled(),
                in_flood=in_flood,
                careful=careful,
            ),
            form_nonce=form.nonce,
        )
    except ChallengeUnsolved:
        # After what was begun is rolled back.
        floods.note_unsolved(site, now=now)
        raise


def shown_edit_tokens(request: Request | HttpRequest) -> set[UUID]:
    """Return the ids of the comments whose edit tokens came, which is in `X-Edit-Token` alone.

    URLs and bodies stand in logs, histories and caches.
    """
    header = request.headers.get("X-Edit-Token", "")
    return tokens.read_edit_tokens(header.split(","), now=timezone.now()) if header else set()


def _signed_on(data: Any, site: Site) -> tuple[Any, SignedOnReader | None]:
    """Return the data with the name and address of a signed-on reader, and the reader."""
    token = data.get("reader_token") if isinstance(data, Mapping) else None
    if not token:
        return data, None
    try:
        reader = single_sign_on.read_reader_token(str(token), site=site, now=timezone.now())
    except single_sign_on.InvalidSignOnToken as error:
        raise Problem(401, error.code, str(error)) from None
    return {**data, "author_name": reader.name, "author_email": reader.email}, reader


def own(comment: Comment) -> Mapping[str, Any]:
    """Return a comment as its author sees it, with its edit token and the link to its status."""
    comment.edit_token = tokens.issue_edit_token(comment)  # type: ignore[attr-defined]
    comment.status_url = signed_links.status_url(comment)  # type: ignore[attr-defined]
    comment.progress = progress.of(comment, now=timezone.now())  # type: ignore[attr-defined]
    # Setting a serializer up takes longer than using it.
    return _own_serializer().to_representation(comment)


@cache
def _own_serializer() -> OwnCommentSerializer:
    return OwnCommentSerializer()


def _receive(
    submission: Submission,
    site: Site,
    *,
    form: FormToken,
    decoy_filled: bool,
    in_flood: Challenge,
    careful: bool,
) -> tuple[Response, Sequence[Insertion]]:
    """Return the response, and the rows to store in the same transaction: they use the form up."""
    now = timezone.now()
    use = form_tokens.use_of(form, site, now=now)
    proofs = in_flood.uses(careful=careful, now=now)
    used_before = careful and use is not None and not insert_if_new(use)
    evidence = form_tokens.intake_evidence(form, decoy_filled=decoy_filled, used_before=used_before)
    received = receive.accept(
        replace(submission, intake={**evidence, **in_flood.evidence}),
        site=site,
        now=now,
        careful=careful,
    )
    headers = quota_headers(received.quotas)
    uses = proofs if careful or use is None else [use, *proofs]
    rows = [*map(Insertion, uses), *received.rows]
    return Response(own(received.comment), status=201, headers=headers), rows


def quota_headers(quotas: Sequence[Quota]) -> dict[str, str]:
    """Return the `RateLimit` headers for quotas of posting, each named by its period."""
    limits = [
        RateLimit(quota.limit, quota.remaining, quota.reset, quota.remaining > 0, window)
        for quota in quotas
        for window in [int(quota.period.total_seconds())]
    ]
    return rate_limits.headers({f"{limit.window}s": limit for limit in limits})
