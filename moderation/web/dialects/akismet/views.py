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
from comments.models import Scope, SiteKey
from moderation.intake import akismet
from moderation.screening import classifier
from moderation.web.dialects import keyed
from moderation.web.dialects.akismet import answers, forms

log = logging.getLogger(__name__)
YES = {"1", "true", "yes"}
# What another service said of a comment, as its answer put it.
SAID = {"true": True, "false": False}


class AkismetCall(NamedTuple):
    """A call with its parameters and the key that came with it."""

    form: Mapping[str, str]
    key: SiteKey | None
    secret: str


Door = Callable[[HttpRequest], HttpResponse]


def door(
    *, guid: bool = False, reads: bool = False
) -> Callable[[Callable[[AkismetCall], HttpResponse]], Door]:
    """Make a view of a function of a Call. It answers 200 whatever happens, but for too many calls.

    `guid` is for answers that WordPress looks at only when they carry one. What only `reads` may be
    called by GET, too.
    """

    def decorate(answer: Callable[[AkismetCall], HttpResponse]) -> Door:
        @csrf_exempt
        @wraps(answer)
        def view(request: HttpRequest) -> HttpResponse:
            if request.method != "POST" and not reads:
                return answers.trouble("error", "Use POST.", guid=guid)
            try:
                return answer(_call(request))
            except keyed.TooManyCalls:
                return answers.too_many(guid=guid)
            except classifier.ClassifierAway:
                return answers.trouble("error", "There is no classifier to ask now.", guid=guid)
            except Exception:
                log.exception("an Akismet call failed")
                return answers.trouble("error", "The service has a fault.", guid=guid)

        return view

    return decorate


def needs_key(
    answer: Callable[[AkismetCall], HttpResponse],
) -> Callable[[AkismetCall], HttpResponse]:
    """Answer `invalid` unless the call has a key that is good."""

    @wraps(answer)
    def checked(call: AkismetCall) -> HttpResponse:
        return answer(call) if call.key else answers.trouble("invalid", KEY_WRONG)

    return checked


KEY_WRONG = "The key is missing, unknown, revoked or expired."


@door()
def verify_key(call: AkismetCall) -> HttpResponse:
    """Tell whether a key is good for a website."""
    if call.key is None:
        return answers.trouble("invalid", KEY_WRONG)
    if not akismet.host_of(call.form.get("blog", "")):
        return answers.trouble("invalid", "blog must be the address of the website.")
    return answers.text("valid")


@door(guid=True)
def comment_check(call: AkismetCall) -> HttpResponse:
    """Tell whether a comment is spam."""
    if call.key is None:
        return answers.trouble("invalid", KEY_WRONG, guid=True)
    for required in ("blog", "user_ip"):
        if required not in call.form or (required == "blog" and not call.form["blog"]):
            missing = f"Missing required field: {required}."
            return answers.trouble(missing, missing, guid=True)
    now = timezone.now()
    answered = akismet.check(asked(call.form), key=call.key, secret=call.secret, now=now)
    return answers.verdict(answered)


@door()
@needs_key
def submit_spam(call: AkismetCall) -> HttpResponse:
    """Learn that a comment was spam."""
    return _submit(call, is_spam=True)


@door()
@needs_key
def submit_ham(call: AkismetCall) -> HttpResponse:
    """Learn that a comment was none."""
    return _submit(call, is_spam=False)


def asked(form: Mapping[str, str]) -> akismet.CheckRequest:
    """Return the parameters of a comment; what nobody knows of is left out."""
    decoy = form.get("honeypot_field_name", "")
    return akismet.CheckRequest(
        blog=form.get("blog", ""),
        text=form.get("comment_content", ""),
        author_name=form.get("comment_author", ""),
        author_email=form.get("comment_author_email", "")[:254],
        author_url=form.get("comment_author_url", ""),
        author_address=form.get("user_ip", ""),
        user_agent=form.get("user_agent", ""),
        permalink=form.get("permalink", "")[:2000],
        decoy_filled=bool(decoy and form.get(decoy)),
        is_administrator=form.get("user_role", "").lower() == "administrator",
        is_test=form.get("is_test", "").lower() in YES,
        callback=form.get("callback", ""),
        post_id=form.get("comment_post_ID", ""),
        answered=SAID.get(form.get("comment_check_response", "").strip()),
    )


def _submit(call: AkismetCall, *, is_spam: bool) -> HttpResponse:
    if call.key:
        akismet.correct(asked(call.form), key=call.key, is_spam=is_spam, now=timezone.now())
    return answers.text(answers.THANKS)


def _call(request: HttpRequest) -> AkismetCall:
    form = forms.read(request)
    secret = form.get("api_key") or form.get("key") or _label(request)
    now = timezone.now()
    key = api_keys.authenticate(secret.strip(), now=now)
    if key is None or not key.may(Scope.AKISMET):
        return AkismetCall(form, None, "")
    keyed.count(key, now=now)
    return AkismetCall(form, key, secret.strip())


def _label(request: HttpRequest) -> str:
    """Return the key in front of the host name, as older clients send it."""
    label = request.META.get("HTTP_HOST", "").lower().partition(".")[0]
    return label if len(label) == AKISMET_SECRET_LENGTH and label.isalnum() else ""
