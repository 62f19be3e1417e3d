"""Handle the forms of the thread page: post, preview, report, vote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from comments.http import rate_limits
from comments.http.forwarding import client_address, visitor
from comments.http.problems import Problem
from comments.models import Comment, Site
from comments.privacy import email_addresses, form_tokens
from comments.privacy.form_tokens import Act
from comments.text.markdown import render
from comments.threads import voting
from moderation.intake import refusals
from moderation.models import ReportReason
from moderation.review.people import reports
from moderation.screening.nudge import nudge
from moderation.screening.preview import Draft
from moderation.web.shared.submit import submit

FIELDS = ("author_name", "author_email", "author_url", "body")
# Previews, nudges and votes of one network in a minute.
REQUESTS_PER_MINUTE = 60


@dataclass(frozen=True, slots=True)
class FormResult:
    """What to render after a form was submitted.

    `values` refill the form; `errors` are messages by field, `form` for the whole; `status` is the
    status code, `posted` the id of the new comment, `preview` its rendered HTML.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    notice: str = ""
    status_url: str = ""
    posted: UUID | None = None
    preview: str | None = None
    nudge: Mapping[str, Any] | None = None


def handle(request: HttpRequest, *, site: Site, page: Mapping[str, str]) -> FormResult:
    """Run the action of the button that was pressed. `page` identifies the thread."""
    # Browsers send line breaks as CRLF (HTML, form submission); lengths are counted with LF.
    data = {k: str(v).replace("\r\n", "\n") for k, v in request.POST.items()}
    try:
        if data.get("report"):
            return _report(request, data, site=site)
        if data.get("vote"):
            return _vote(request, data, site=site)
        if data.get("act") == "preview":
            _limit(request, site)
            return FormResult(data, preview=render(data.get("body", "")[: site.max_length]))
        return _post(request, data, site=site, page=page)
    except ValidationError as error:
        return FormResult(data, _messages(error.detail), 400)
    except (refusals.TooManyPosts, refusals.TooManyThreads, refusals.TooSoon) as error:
        return FormResult(data, {"form": str(error)}, 429)
    except refusals.SubmissionRefused as error:
        return FormResult(data, {error.field or "form": str(error)}, 400)
    except voting.VoteRefused as error:
        return FormResult(notice=str(error), status=400)
    except Problem as error:
        return FormResult(data, {"form": error.text}, error.status_code)


def _post(
    request: HttpRequest, data: dict[str, str], *, site: Site, page: Mapping[str, str]
) -> FormResult:
    """Post a comment, or show the nudge, once, instead."""
    if not data.get("nudged") and (result := _nudge(request, data, site=site)):
        return FormResult(data, nudge=result)
    payload = {**data, "thread": dict(page), "parent": data.get("parent") or None}
    comment = submit(request, payload, site=site, scripted=False).data
    return FormResult(
        {name: data.get(name, "") for name in FIELDS if name != "body"},
        notice=_("Thank you. Your reply is being looked at, and will appear when it is published."),
        status_url=comment.get("status_url", ""),
        posted=UUID(str(comment["id"])),
    )


def _nudge(
    request: HttpRequest, data: Mapping[str, str], *, site: Site
) -> Mapping[str, Any] | None:
    text = data.get("body", "")
    if not text.strip() or len(text) > site.max_length:
        return None
    _limit(request, site)
    draft = Draft(text=text, author_name=data.get("author_name", ""))
    result = nudge(draft, site=site, now=timezone.now())
    return result and {"message": result.message, "parts": list(_parts(text, result.spans))}


def _parts(text: str, spans: Any) -> Any:
    """Yield the text in parts, each with whether it is inside one of the spans.

    Spans are sorted, and counted in UTF-16 code units, as in browsers.
    """
    units, position = text.encode("utf-16-le"), 0
    for begin, end in spans:
        yield units[2 * position : 2 * begin].decode("utf-16-le"), False
        yield units[2 * begin : 2 * end].decode("utf-16-le"), True
        position = end
    yield units[2 * position :].decode("utf-16-le"), False


def _report(request: HttpRequest, data: dict[str, str], *, site: Site) -> FormResult:
    _check_token(request, data, site=site, act=Act.REPORT)
    if data.get("reason") not in ReportReason.values:
        return FormResult(data, {"reason": _("This is needed.")}, 400)
    reports.report(
        _public(data["report"], site),
        reason=ReportReason(data["reason"]),
        text=data.get("text", "")[:1000],
        address=client_address(request),
        now=timezone.now(),
    )
    return FormResult(notice=_("Thank you. The moderators will look at that reply."))


def _vote(request: HttpRequest, data: dict[str, str], *, site: Site) -> FormResult:
    """Count a vote. The button's value is `1 <comment id>` or `-1 <comment id>`."""
    _check_token(request, data, site=site, act=Act.VOTE)
    _limit(request, site)
    direction, _space, comment_id = data["vote"].partition(" ")
    voter = voting.Voter.at(client_address(request), visit=data.get("form_token", ""))
    comment = _public(comment_id, site)
    voting.vote(comment, voter=voter, value=-1 if direction == "-1" else 1, now=timezone.now())
    return FormResult(notice=_("Your vote counts."))


def _public(comment_id: str, site: Site) -> Comment:
    try:
        comment = Comment.objects.public().filter(site=site, pk=UUID(comment_id)).first()
    except ValueError:
        comment = None
    if comment is None:
        raise Problem(404, "not-found", _("There is no such reply."))
    return comment


def _check_token(request: HttpRequest, data: Mapping[str, str], *, site: Site, act: Act) -> None:
    """Raise Problem unless the form was given to this visitor, for this act, and lately."""
    form = form_tokens.read_form_token(
        data.get("form_token", ""), site, visitor=visitor(request), now=timezone.now(), act=act
    )
    if form.state != "valid":
        raise Problem(400, "malformed", _("This form is out of date. Please try again."))


def _limit(request: HttpRequest, site: Site) -> None:
    client = email_addresses.address_digest(client_address(request))
    now = timezone.now().timestamp()
    usage = rate_limits.use_for(client, f"page {site.pk}", now=now, limit=REQUESTS_PER_MINUTE)
    if not usage.allowed:
        raise Problem(429, "too-many-requests", _("That was often. Try again in a minute."))


def _messages(detail: Any) -> dict[str, str]:
    """Return the first message of each field; those of unknown fields under `form`."""
    errors = {}
    for name, messages in dict(detail).items():
        while isinstance(messages, (list, dict)):
            messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
        errors[name if name in FIELDS else "form"] = str(messages)
    return errors
