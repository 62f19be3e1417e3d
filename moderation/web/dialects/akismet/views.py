"""The calls about comments: verify-key, comment-check, submit-spam, submit-ham."""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from comments.accounts import api_keys
from comments.accounts.api_keys import AKISMET_SECRET_LENGTH
from comments.http import guesses
from comments.models import Scope, SiteKey
from moderation.intake.akismet.check import check, record_feedback
from moderation.intake.akismet.request import CheckRequest, host_of
from moderation.screening import classifier
from moderation.web.dialects import authentication
from moderation.web.dialects.akismet import forms, responses

log = logging.getLogger(__name__)
YES = {"1", "true", "yes"}
# WordPress names all roles of a user, and that of a network of sites.
ADMINISTRATORS = {"administrator", "super_admin"}
# The present service's response to a check, as a shadow client forwards it.
THEIR_VERDICTS = {"true": True, "false": False}


class AkismetCall(NamedTuple):
    """A request with its parameters and its key; None for one that is missing or not valid."""

    form: Mapping[str, str]
    key: SiteKey | None
    secret: str


View = Callable[[HttpRequest], HttpResponse]


def akismet_view(
    *, guid: bool = False, reads: bool = False
) -> Callable[[Callable[[AkismetCall], HttpResponse]], View]:
    """Make a Django view of a function of an AkismetCall.

    It responds 200 even to errors, but 429 over the rate limit. `guid` adds an id to errors,
    without which WordPress ignores the response to a check. `reads` allows GET.
    """

    def decorate(handler: Callable[[AkismetCall], HttpResponse]) -> View:
        @csrf_exempt
        @wraps(handler)
        def view(request: HttpRequest) -> HttpResponse:
            if request.method != "POST" and not reads:
                return responses.error("error", "Use POST.", guid=guid)
            try:
                return handler(_call(request))
            except authentication.TooManyCalls:
                return responses.rate_limited(guid=guid)
            except classifier.ClassifierAway:
                return responses.error("error", "There is no classifier to ask now.", guid=guid)
            except Exception:
                log.exception("an Akismet call failed")
                return responses.error("error", "The service has a fault.", guid=guid)

        return view

    return decorate


def needs_key(
    handler: Callable[[AkismetCall], HttpResponse],
) -> Callable[[AkismetCall], HttpResponse]:
    """Respond `invalid` unless the call has a valid key."""

    @wraps(handler)
    def checked(call: AkismetCall) -> HttpResponse:
        return handler(call) if call.key else responses.error("invalid", KEY_INVALID)

    return checked


KEY_INVALID = "The key is missing, unknown, revoked or expired."


@akismet_view()
def verify_key(call: AkismetCall) -> HttpResponse:
    """Return whether a key is valid for a website."""
    if call.key is None:
        return responses.error("invalid", KEY_INVALID)
    if not host_of(call.form.get("blog", "")):
        return responses.error("invalid", "blog must be the address of the website.")
    return responses.text("valid")


@akismet_view(guid=True)
def comment_check(call: AkismetCall) -> HttpResponse:
    """Return whether a comment is spam."""
    if call.key is None:
        return responses.error("invalid", KEY_INVALID, guid=True)
    for required in ("blog", "user_ip"):
        if required not in call.form or (required == "blog" and not call.form["blog"]):
            missing = f"Missing required field: {required}."
            return responses.error(missing, missing, guid=True)
    now = timezone.now()
    result = check(check_request(call.form), key=call.key, secret=call.secret, now=now)
    return responses.verdict(result)


@akismet_view()
@needs_key
def submit_spam(call: AkismetCall) -> HttpResponse:
    """Record a person's feedback that a comment is spam."""
    return _submit(call, is_spam=True)


@akismet_view()
@needs_key
def submit_ham(call: AkismetCall) -> HttpResponse:
    """Record a person's feedback that a comment is not spam."""
    return _submit(call, is_spam=False)


def check_request(form: Mapping[str, str]) -> CheckRequest:
    """Return the comment in a form's parameters; unknown parameters are ignored."""
    decoy = form.get("honeypot_field_name", "")
    return CheckRequest(
        blog=form.get("blog", ""),
        text=form.get("comment_content", ""),
        author_name=form.get("comment_author", ""),
        author_email=form.get("comment_author_email", "")[:254],
        author_url=form.get("comment_author_url", ""),
        author_address=form.get("user_ip", ""),
        user_agent=form.get("user_agent", ""),
        permalink=form.get("permalink", "")[:2000],
        decoy_filled=any(form.get(name) for name in _decoys(decoy)),
        is_administrator=not ADMINISTRATORS.isdisjoint(_words(form.get("user_role", ""))),
        is_test=form.get("is_test", "").lower() in YES,
        callback=form.get("callback", ""),
        post_id=form.get("comment_post_ID", ""),
        their_verdict=THEIR_VERDICTS.get(form.get("comment_check_response", "").strip()),
    )


def _decoys(name: str) -> tuple[str, ...]:
    """Return where the content of a decoy may stand, of which a client names the field.

    Under its name, under the fixed one of the protocol's documentation, or among the fields of the
    form that WordPress sends along.
    """
    return (name, f"POST_{name}", "hidden_honeypot_field") if name else ()


def _words(roles: str) -> set[str]:
    return {role.strip() for role in roles.lower().split(",")}


def _submit(call: AkismetCall, *, is_spam: bool) -> HttpResponse:
    if call.key:
        request = check_request(call.form)
        record_feedback(request, key=call.key, is_spam=is_spam, now=timezone.now())
    return responses.text(responses.THANKS)


def _call(request: HttpRequest) -> AkismetCall:
    form = forms.read(request)
    # Of a call without a valid key nothing but the key is decoded.
    secret = form.get("api_key") or form.get("key") or _key_in_host(request)
    now = timezone.now()
    key = api_keys.authenticate(secret.strip(), now=now)
    if key is None or not key.may(Scope.AKISMET):
        guesses.mark(request)
        return AkismetCall({}, None, "")
    authentication.count_call(key, now=now)
    return AkismetCall(form, key, secret.strip())


def _key_in_host(request: HttpRequest) -> str:
    """Return the key in the first label of the host name, where older clients send it; or ""."""
    label = request.META.get("HTTP_HOST", "").lower().partition(".")[0]
    return label if len(label) == AKISMET_SECRET_LENGTH and label.isalnum() else ""
