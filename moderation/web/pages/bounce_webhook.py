"""Receive bounces and complaints from mail providers, in our format or in theirs."""

import base64
import binascii
import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from comments.http import json_reader, problems
from moderation.notifications.mail import bounces
from moderation.notifications.mail.bounces import BounceReport
from moderation.web.pages import provider_webhooks

log = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def generic(request: HttpRequest) -> HttpResponse:
    """Suppress the addresses of a report in our own JSON format, whatever its content type."""
    if not _has_key(request):
        return _unauthorized(request, "Send MAIL_EVENTS_KEY as a bearer token or a password.")
    try:
        reports = bounces.read_json(json_reader.parse(request.body))
    except json_reader.TooMuchJSON as error:
        return problems.answer(request, "too-large", status_code=413, detail=str(error))
    except (json_reader.InvalidJSON, bounces.UnreadableReport) as error:
        return problems.answer(request, "malformed", status_code=400, detail=str(error))
    return _suppress(reports)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def provider(request: HttpRequest, name: str) -> HttpResponse:
    """Suppress the addresses of a provider's webhook, once its key and signature are verified."""
    if name not in provider_webhooks.WEBHOOKS:
        detail = f"Known providers are {', '.join(provider_webhooks.WEBHOOKS)}."
        return problems.answer(request, "not-found", status_code=404, detail=detail)
    if request.method != "POST":
        # So do some providers try whether an address is there.
        return HttpResponse()
    if not _has_key(request):
        return _unauthorized(request, "Put MAIL_EVENTS_KEY into the address, as a password.")
    try:
        return _suppress(provider_webhooks.read(name, request))
    except provider_webhooks.InvalidSignature as error:
        return _unauthorized(request, str(error))
    except provider_webhooks.NotConfigured as error:
        log.error("A webhook of %s can't be verified: %s", name, error)
        return problems.answer(request, "not-configured", status_code=503, detail=str(error))
    except bounces.UnreadableReport as error:
        return problems.answer(request, "malformed", status_code=400, detail=str(error))


def _suppress(reports: list[BounceReport]) -> HttpResponse:
    return JsonResponse({"suppressed": bounces.receive(reports, now=timezone.now())})


def _unauthorized(request: HttpRequest, detail: str) -> HttpResponse:
    response = problems.answer(request, "not-authenticated", status_code=401, detail=detail)
    # Amazon SNS sends its credentials only when it is challenged (RFC 7617).
    response["WWW-Authenticate"] = 'Basic realm="bounces"'
    return response


def _has_key(request: HttpRequest) -> bool:
    """Return whether MAIL_EVENTS_KEY is the bearer token, or the password of any user name."""
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        try:
            decoded = base64.b64decode(credentials, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        credentials = decoded.partition(":")[2]
    key = settings.MAIL_EVENTS_KEY
    return bool(key) and constant_time_compare(credentials.strip(), key)
