"""Coral's external moderation phase: signed requests about comments, answered with a status."""

import hashlib
import hmac
import json
import logging
from datetime import datetime
from itertools import product
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.csrf import csrf_exempt

from comments.accounts import shared_secrets
from comments.accounts.shared_secrets import SecretUse
from comments.http import guesses, json_reader
from comments.models import Site
from comments.models.comment import text_digest
from comments.text import readable
from moderation.models import ContentFingerprint
from moderation.rules.verdicts import Category, Verdict
from moderation.screening.checks.duplicates import is_distinctive
from moderation.screening.preview import Draft, Preview, preview_drafts
from moderation.web.dialects import request_body

log = logging.getLogger(__name__)
MAX_BYTES = 1024 * 1024
MOST_SIGNATURES = 4
# What is longer than any comment is withheld unread.
LONGEST_HTML = 50_000
STATUSES = {
    Verdict.HOLD: "SYSTEM_WITHHELD",
    Verdict.REJECT: "REJECTED",
    Verdict.SPAM: "REJECTED",
}

# Coral's roles of staff, whose comments are not judged.
STAFF = ("STAFF", "MODERATOR", "ADMIN")


@csrf_exempt
def moderate(request: HttpRequest, slug: str) -> HttpResponse:
    """Respond with a status and a flag by the site's rules, or 204 for no objection.

    A request that is not signed with the site's secret is refused with 401. No text is stored, only
    a digest by which the same text is recognised when somebody else posts it.
    """
    signatures = request.headers.get("X-Coral-Signature", "")
    site = Site.objects.filter(slug=slug).exclude(coral_secret="").first() if signatures else None
    body = request_body.read(request, MAX_BYTES) if site else b""
    if site is None or not _is_signed(body, signatures, site):
        guesses.mark(request)
        return JsonResponse({"error": "The signature is not that of this site."}, status=401)
    try:
        data = json_reader.parse(body, replace_unstorable=True)
        draft = _draft(data)
    except (ValueError, KeyError, TypeError, AttributeError):
        return JsonResponse({"error": "This is no comment of Coral's."}, status=400)
    if _is_by_staff(data) or (draft and not draft.text):
        # A rating needs no words, and a picture is nothing that is judged here.
        return HttpResponse(status=204)
    if draft is None:
        return JsonResponse({"status": STATUSES[Verdict.HOLD]})
    try:
        return _response(draft, site, now=timezone.now())
    except Exception:
        log.exception("a comment of Coral's could not be looked at, and is withheld")
        return JsonResponse({"status": STATUSES[Verdict.HOLD]})


def _response(draft: Draft, site: Site, *, now: datetime) -> HttpResponse:
    (preview,) = preview_drafts([draft], site=site, now=now)
    if draft.fingerprint and is_distinctive(draft.text):
        digest = text_digest(draft.text)
        ContentFingerprint.objects.note(
            site, text_digest=digest, source_digest=draft.fingerprint, now=now
        )
    status = STATUSES.get(preview.judgement.verdict)
    if status is None:
        return HttpResponse(status=204)
    response: dict[str, Any] = {"status": status}
    if reason := _reason(preview):
        response["actions"] = [{"actionType": "FLAG", "reason": reason}]
    return JsonResponse(response)


def _is_signed(body: bytes, header: str, site: Site) -> bool:
    """Return whether one of the signatures is by one of the site's secrets.

    Coral sends two signatures during its own rotation.
    """
    if len(body) > MAX_BYTES:
        return False
    expected = [
        hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
        for secret in shared_secrets.valid(site, SecretUse.CORAL)
    ]
    sent = header.split(",", MOST_SIGNATURES)[:MOST_SIGNATURES]
    signatures = [signature.strip().removeprefix("sha256=") for signature in sent]
    pairs = product(expected, filter(str.isascii, signatures))
    # All are compared, so that the time taken does not tell which of the secrets it was.
    return sum(hmac.compare_digest(*pair) for pair in pairs) > 0


def _draft(data: Any) -> Draft | None:
    """Return the comment: Coral sends HTML unless it is configured otherwise.

    None for one that is too long to be read.
    """
    html = data["comment"].get("body") or ""
    if not isinstance(html, str):
        raise TypeError("a comment's body is a string")
    if len(html) > LONGEST_HTML:
        return None
    clean = readable.cleaned(html)
    return Draft(text=readable.of_html(clean), html=clean, fingerprint=_fingerprint(data))


def _fingerprint(data: Any) -> str:
    """Return a keyed digest of author, story and parent: Coral sends no id of a new comment.

    By it a retry or an edit is no duplicate of itself. "" when the author is missing.
    """
    author, story = data.get("author"), data.get("story")
    if not isinstance(author, dict) or not isinstance(story, dict):
        return ""
    parts = [story.get("id"), author.get("id"), data["comment"].get("parentID")]
    return salted_hmac("coral", json.dumps(parts, default=str), algorithm="sha256").hexdigest()


def _is_by_staff(data: Any) -> bool:
    author = data.get("author")
    return isinstance(author, dict) and author.get("role") in STAFF


def _reason(preview: Preview) -> str:
    """Return Coral's reason for a flag; "" where it has none, as for a held word."""
    reasons = preview.judgement.grounds
    if any(r.category == Category.SPAM or r.verdict is Verdict.SPAM for r in reasons):
        return "COMMENT_DETECTED_SPAM"
    return "COMMENT_DETECTED_TOXIC" if any(r.category for r in reasons) else ""
