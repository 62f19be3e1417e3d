"""Coral's external moderation phase: it asks about each comment, signed, and is told a status."""

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
from moderation.screening import preview as previewing
from moderation.screening.checks.duplicates import is_telling
from moderation.screening.preview import Draft, Preview
from moderation.web.dialects import bodies

log = logging.getLogger(__name__)
MOST_BYTES = 1024 * 1024
STATUSES = {
    Verdict.HOLD: "SYSTEM_WITHHELD",
    Verdict.REJECT: "REJECTED",
    Verdict.SPAM: "REJECTED",
}

# The roles that Coral gives to those who run it; their word is not weighed.
STAFF = ("STAFF", "MODERATOR", "ADMIN")


@csrf_exempt
def moderate(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer what the site's rules say: a status with a flag, or 204 for no objection.

    What is not signed with the site's secret is refused with 401. No text is stored, only
    a digest by which the same text is recognised when somebody else posts it.
    """
    body = bodies.read(request, MOST_BYTES)
    site = Site.objects.filter(slug=slug).first()
    if site is None or not _is_signed(body, request.headers.get("X-Coral-Signature", ""), site):
        return JsonResponse({"error": "The signature is not that of this site."}, status=401)
    try:
        data = json.loads(body)
        draft = _draft(data)
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"error": "This is no comment of Coral's."}, status=400)
    if _is_of_staff(data):
        return HttpResponse(status=204)
    try:
        return _answer(draft, site, now=timezone.now())
    except Exception:
        log.exception("a comment of Coral's could not be looked at, and is withheld")
        return JsonResponse({"status": STATUSES[Verdict.HOLD]})


def _answer(draft: Draft, site: Site, *, now: datetime) -> HttpResponse:
    (preview,) = previewing.preview([draft], site=site, now=now)
    if draft.source_digest and is_telling(draft.text):
        digest = text_digest(draft.text)
        ContentFingerprint.objects.note(
            site, text_digest=digest, source_digest=draft.source_digest, now=now
        )
    status = STATUSES.get(preview.judgement.verdict)
    if status is None:
        return HttpResponse(status=204)
    answer: dict[str, Any] = {"status": status}
    if reason := _reason(preview):
        answer["actions"] = [{"actionType": "FLAG", "reason": reason}]
    return JsonResponse(answer)


def _is_signed(body: bytes, header: str, site: Site) -> bool:
    """Tell whether one of the signatures is the site's; there are two while Coral rotates."""
    try:
        secret = email_addresses.decrypt(site.coral_secret) if site.coral_secret else ""
    except InvalidToken:
        return False
    if not secret or len(body) > MOST_BYTES:
        return False
    own = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    shown = [signature.strip().removeprefix("sha256=") for signature in header.split(",")]
    return any(hmac.compare_digest(own, sign) for sign in shown if sign.isascii())


def _draft(data: Any) -> Draft:
    """Return the comment, as text: Coral sends HTML unless it is told otherwise."""
    html = data["comment"]["body"]
    if not isinstance(html, str):
        raise TypeError("a comment's body is a string")
    broken = html.replace("<br>", "\n").replace("</p>", "\n").replace("</div>", "\n")
    text = unescape(nh3.clean(broken, tags=set())).strip()
    return Draft(text=text, source_digest=_source_digest(data))


def _source_digest(data: Any) -> str:
    """Return who writes where, as a digest: Coral sends no id of a comment that is new.

    It asks again about the same when it retries, and about an edit. "" when it does not say who.
    """
    author, story = data.get("author"), data.get("story")
    if not isinstance(author, dict) or not isinstance(story, dict):
        return ""
    marks = [story.get("id"), author.get("id"), data["comment"].get("parentID")]
    told = json.dumps(marks, default=str)
    return salted_hmac("coral", told, algorithm="sha256").hexdigest()


def _is_of_staff(data: Any) -> bool:
    author = data.get("author")
    return isinstance(author, dict) and author.get("role") in STAFF


def _reason(preview: Preview) -> str:
    """Return the flag that Coral knows for it; "" where it has none, as for a held word."""
    grounds = preview.judgement.grounds
    if any(g.category == Category.SPAM or g.verdict is Verdict.SPAM for g in grounds):
        return "COMMENT_DETECTED_SPAM"
    return "COMMENT_DETECTED_TOXIC" if any(g.category for g in grounds) else ""
