"""Coral's external moderation phase: signed requests about comments, answered with a status."""

import hashlib
import hmac
import json
import logging
from datetime import datetime
from html import unescape
from typing import Any

import nh3
from cryptography.fernet import InvalidToken
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.csrf import csrf_exempt

from comments.models import Site
from comments.models.comment import text_digest
from comments.privacy import email_addresses
from moderation.models import ContentFingerprint
from moderation.rules.verdicts import Category, Verdict
from moderation.screening.checks.duplicates import is_distinctive
from moderation.screening.preview import Draft, Preview, preview_drafts
from moderation.web.dialects import request_body

log = logging.getLogger(__name__)
MAX_BYTES = 1024 * 1024
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
    body = request_body.read(request, MAX_BYTES)
    site = Site.objects.filter(slug=slug).first()
    if site is None or not _is_signed(body, request.headers.get("X-Coral-Signature", ""), site):
        return JsonResponse({"error": "The signature is not that of this site."}, status=401)
    try:
        data = json.loads(body)
        draft = _draft(data)
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"error": "This is no comment of Coral's."}, status=400)
    if _is_by_staff(data):
        return HttpResponse(status=204)
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
    """Return whether one of the signatures is valid; there are two during Coral's rotation."""
    try:
        secret = email_addresses.decrypt(site.coral_secret) if site.coral_secret else ""
    except InvalidToken:
        return False
    if not secret or len(body) > MAX_BYTES:
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    signatures = [signature.strip().removeprefix("sha256=") for signature in header.split(",")]
    return any(hmac.compare_digest(expected, one) for one in signatures if one.isascii())


def _draft(data: Any) -> Draft:
    """Return the comment as plain text: Coral sends HTML unless it is configured otherwise."""
    html = data["comment"]["body"]
    if not isinstance(html, str):
        raise TypeError("a comment's body is a string")
    broken = html.replace("<br>", "\n").replace("</p>", "\n").replace("</div>", "\n")
    text = unescape(nh3.clean(broken, tags=set())).strip()
    return Draft(text=text, fingerprint=_fingerprint(data))


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
