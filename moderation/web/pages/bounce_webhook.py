"""Where mail providers tell that an address bounced, or that its owner complained."""

import base64
import binascii
import json
import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from comments.http import problems
from moderation.notifications.mail import bounces as bouncing

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def bounces(request: HttpRequest) -> HttpResponse:
    """Take a report, in JSON whatever its type says, and stop sending to whom it names."""
    if not _is_known(request):
        detail = "Show MAIL_EVENTS_KEY: as a bearer token, or as the password of basic credentials."
        return problems.answer(request, "not-authenticated", status_code=401, detail=detail)
    try:
        report = json.loads(request.body)
        told = bouncing.read(report)
    except (ValueError, RecursionError) as error:
        detail = str(error) if isinstance(error, bouncing.Unreadable) else "This is no JSON."
        return problems.answer(request, "malformed", status_code=400, detail=detail)
    if isinstance(report, dict) and "SubscribeURL" in report:
        log.warning("Amazon SNS asks to be confirmed: open %s", report["SubscribeURL"])
    return JsonResponse({"suppressed": bouncing.receive(told, now=timezone.now())})


def _is_known(request: HttpRequest) -> bool:
    """Tell whether the caller has the key: Authorization: Bearer KEY, or Basic with any name."""
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            shown = base64.b64decode(shown, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return False
    key = settings.MAIL_EVENTS_KEY
    return bool(key) and constant_time_compare(shown.strip(), key)
