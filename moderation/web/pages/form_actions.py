"""What the forms of the thread page do, and what there is to tell of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError

from comments.http import rate_limits
from comments.http.problems import Problem
from comments.http.requests import client_address
from comments.models import Comment, Site
from comments.privacy import email_addresses, tokens
from comments.text.markdown import render
from comments.threads import voting
from moderation.intake import receive
from moderation.models import ReportReason
from moderation.review.people import reports
from moderation.screening.nudge import nudge
from moderation.screening.preview import Draft
from moderation.web.shared.submit import submit

FIELDS = ("author_name", "author_email", "author_url", "body")
# Previews and votes that one address may ask for in a minute.
MOST = 60


@dataclass(frozen=True, slots=True)
class FormResult:
    """What came of it: what was typed and is to be kept, what is wrong with it, what to say."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    notice: str = ""
    status_url: str = ""
    posted: UUID | None = None
    preview: str | None = None
    nudge: Mapping[str, Any] | None = None


def do(request: HttpRequest, *, site: Site, page: Mapping[str, str]) -> FormResult:
    """Do what the button that was pressed stands for."""
    # Browsers send a line's end as two characters (HTML, form submission); people count one.
    sent = {k: str(v).replace("\r\n", "\n") for k, v in request.POST.items()}
    try:
        if sent.get("report"):
            return _report(request, sent, site=site)
        if sent.get("vote"):
            return _vote(request, sent, site=site)
        if sent.get("act") == "preview":
            _limit(request, site)
            return FormResult(sent, preview=render(sent.get("body", "")[: site.max_length]))
        return _post(request, sent, site=site, page=page)
    except ValidationError as error:
        return FormResult(sent, _messages(error.detail), 400)
    except receive.TooManyPosts as error:
        return FormResult(sent, {"form": str(error)}, 429)
    except receive.SubmissionRefused as error:
        return FormResult(sent, {error.field or "form": str(error)}, 400)
    except voting.VoteRefused as error:
        return FormResult(notice=str(error), status=400)
    except Problem as error:
        return FormResult(sent, {"form": error.text}, error.status_code)


def _post(
    request: HttpRequest, sent: dict[str, str], *, site: Site, page: Mapping[str, str]
) -> FormResult:
    """Take a comment; before that, say once how readers may take it."""
    if not sent.get("nudged") and (found := _nudge(request, sent, site=site)):
        return FormResult(sent, nudge=found)
    data = {**sent, "thread": dict(page), "parent": sent.get("parent") or None}
    comment = submit(request, data, site=site).data
    return FormResult(
        {name: sent.get(name, "") for name in FIELDS if name != "body"},
        notice=_("Thank you. Your reply is being looked at, and will appear when it is published."),
        status_url=comment.get("status_url", ""),
        posted=UUID(str(comment["id"])),
    )


def _nudge(
    request: HttpRequest, sent: Mapping[str, str], *, site: Site
) -> Mapping[str, Any] | None:
    text = sent.get("body", "")
    if not text.strip() or len(text) > site.max_length:
        return None
    _limit(request, site)
    draft = Draft(text=text, author_name=sent.get("author_name", ""))
    found = nudge(draft, site=site, now=timezone.now())
    return found and {"message": found.message, "parts": list(_parts(text, found.spans))}


def _parts(text: str, spans: Any) -> Any:
    """Yield the text in parts, each with whether it is one of the words in question.

    Spans are counted in UTF-16 code units, as browsers count.
    """
    units, shown = text.encode("utf-16-le"), 0
    for begin, end in spans:
        yield units[2 * shown : 2 * begin].decode("utf-16-le"), False
        yield units[2 * begin : 2 * end].decode("utf-16-le"), True
        shown = end
    yield units[2 * shown :].decode("utf-16-le"), False


def _report(request: HttpRequest, sent: dict[str, str], *, site: Site) -> FormResult:
    _check_token(sent, site)
    if sent.get("reason") not in ReportReason.values:
        return FormResult(sent, {"reason": _("This is needed.")}, 400)
    reports.report(
        _public(sent["report"], site),
        reason=ReportReason(sent["reason"]),
        text=sent.get("text", "")[:1000],
        address=client_address(request),
        now=timezone.now(),
    )
    return FormResult(notice=_("Thank you. The moderators will look at that reply."))


def _vote(request: HttpRequest, sent: dict[str, str], *, site: Site) -> FormResult:
    """Count a vote; its button says which way, and for which comment: `1 <id>` or `-1 <id>`."""
    _check_token(sent, site)
    _limit(request, site)
    way, _space, comment_id = sent["vote"].partition(" ")
    voter = voting.Voter(email_addresses.address_digest(client_address(request)))
    comment = _public(comment_id, site)
    voting.vote(comment, voter=voter, value=-1 if way == "-1" else 1, now=timezone.now())
    return FormResult(notice=_("Your vote counts."))


def _public(comment_id: str, site: Site) -> Comment:
    try:
        comment = Comment.objects.public().filter(site=site, pk=UUID(comment_id)).first()
    except ValueError:
        comment = None
    if comment is None:
        raise Problem(404, "not-found", _("There is no such reply."))
    return comment


def _check_token(sent: Mapping[str, str], site: Site) -> None:
    """Refuse what did not come from a form of ours: another page may not act for its reader."""
    if tokens.read_form(sent.get("form_token", ""), site, now=timezone.now()).state != "valid":
        raise Problem(400, "malformed", _("This form is out of date. Please try again."))


def _limit(request: HttpRequest, site: Site) -> None:
    who = email_addresses.address_digest(client_address(request))
    usage = rate_limits.use(f"page {site.pk} {who}", now=timezone.now().timestamp(), limit=MOST)
    if not usage.allowed:
        raise Problem(429, "too-many-requests", _("That was often. Try again in a minute."))


def _messages(detail: Any) -> dict[str, str]:
    """Return the first message for each field."""
    errors = {}
    for name, messages in dict(detail).items():
        while isinstance(messages, (list, dict)):
            messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
        errors[name if name in FIELDS else "form"] = str(messages)
    return errors
