"""The page behind a link in a mail: it shows the comment, asks, and decides when asked to.

The link is the key: nobody need be signed in, and there is no cookie that another page could use.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from comments.http import guesses, origins
from moderation.decisions.proposals import DecisionRefused
from moderation.notifications.mail import action_links
from moderation.notifications.mail.action_links import ActionLink
from moderation.review.queue import blind, decide_by_mail
from moderation.rules.verdicts import Verdict

LONGEST = 5000
FOREIGN = _("This form came from another website. Open the link from the mail itself.")
UNKNOWN = _("This link is not genuine, or it has expired.")
QUESTIONS = {
    Verdict.APPROVE: _("Approve this comment?"),
    Verdict.REJECT: _("Reject this comment?"),
    Verdict.SPAM: _("Is this comment spam?"),
}
DONE = {
    Verdict.APPROVE: _("It is published."),
    Verdict.REJECT: _("It is rejected."),
    Verdict.SPAM: _("It is spam."),
}


@method_decorator([csrf_exempt, never_cache], name="dispatch")
class DecideByMailView(View):
    """A verdict that somebody chose in a mail."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the comment and the button; nothing changes."""
        link = _read(request, token)
        try:
            if link is None:
                raise decide_by_mail.LinkNotUsable(str(UNKNOWN))
            comment = decide_by_mail.comment_for(link)
        except DecisionRefused as refusal:
            return self._page(request, {"refusal": str(refusal)}, status=410)
        blind.hide([comment])
        is_stale = (comment.revision, comment.status) != (link.revision, link.status)
        return self._page(
            request,
            {
                "comment": comment,
                "verdict": link.verdict,
                "question": QUESTIONS[link.verdict],
                "is_stale": is_stale,
            },
        )

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Decide, once."""
        if origins.is_foreign(request, no_referrer=True):
            return self._page(request, {"refusal": FOREIGN}, status=403)
        link = _read(request, token)
        reasoning = request.POST.get("reasoning", "")[:LONGEST].strip()
        try:
            if link is None:
                raise decide_by_mail.LinkNotUsable(str(UNKNOWN))
            decide_by_mail.decide_from_link(link, reasoning=reasoning, now=timezone.now())
        except DecisionRefused as refusal:
            return self._page(request, {"refusal": str(refusal)}, status=409)
        return self._page(request, {"done": DONE[link.verdict]})

    def _page(
        self, request: HttpRequest, context: dict[str, Any], *, status: int = 200
    ) -> HttpResponse:
        context["queue"] = reverse("admin:moderation_reviewable_changelist")
        page = TemplateResponse(request, "desk/decide_by_mail.html", context, status=status)
        page["Referrer-Policy"] = "no-referrer"
        page["X-Robots-Tag"] = "noindex"
        return page


def _read(request: HttpRequest, token: str) -> ActionLink | None:
    """Return the link of a token; one that is not genuine counts as a guess."""
    link = action_links.read(token)
    if link is None:
        guesses.mark(request)
    return link
