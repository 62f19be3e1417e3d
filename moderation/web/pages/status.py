"""The status page: an author follows their comment by a private link, without an account."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from csp.utils import build_policy
from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from comments.models import Comment, Site, Status
from comments.privacy import signed_links, tokens
from comments.text import markdown
from comments.text.visible import shows_text
from moderation.decisions import decide
from moderation.decisions.author_view import AuthorView, for_comment
from moderation.intake import changes, confirm_address, refusals
from moderation.notifications import disclosure
from moderation.notifications.mail import reasons
from moderation.review.people import appeals
from moderation.web.pages.private_page import PrivatePage


class EditForm(forms.Form):
    """A new text, up to the site's maximum length."""

    def __init__(self, comment: Comment, *args: Any) -> None:
        super().__init__(*args)
        self.fields["body"] = forms.CharField(max_length=comment.site.max_length, strip=False)

    def clean_body(self) -> str:
        """Return the text; raise ValidationError where nothing of it shows."""
        body = str(self.cleaned_data["body"])
        if not shows_text(markdown.render(body)):
            raise forms.ValidationError(_("There is nothing to read in this comment."))
        return body


class AppealForm(forms.Form):
    """Why the decision was wrong, for the moderators."""

    text = forms.CharField(max_length=2000)


@method_decorator([csrf_exempt, xframe_options_exempt], name="dispatch")
class StatusPage(PrivatePage):
    """Show the status of a comment and its reason; edit, delete, appeal, and more."""

    purpose = signed_links.Purpose.STATUS
    comment: Comment

    def load(self, ids: list[UUID]) -> None:
        """Load the comment."""
        comments = Comment.objects.select_related("site", "thread", "author", "parent")
        comment = comments.filter(pk__in=ids[:1]).first()
        if comment is None:
            raise Http404
        self.comment = comment

    @property
    def site(self) -> Site:
        """The comment's site."""
        return self.comment.site

    def show_again(self, error: str) -> HttpResponse:
        """Show the page with the error by the form that was sent, and what was typed in it."""
        action = self.request.POST.get("act", "")
        return self._show({action if action in ACTIONS else "form": error}, status=400)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Respond, and allow pages of the site to frame this one, as they frame the thread page."""
        response = super().dispatch(request, *args, **kwargs)
        origins = self.comment.site.origins if hasattr(self, "comment") else []
        response["Content-Security-Policy"] = build_policy(
            replace={"frame-ancestors": ["'self'", *origins]}
        )
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the status of the comment."""
        return self._show({})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Run the action `act` and redirect to the page; show it with errors when it is refused."""
        action = request.POST.get("act", "")
        if action not in ACTIONS:
            return self._show({"form": _("This page does not know what to do.")}, status=400)
        try:
            errors = ACTIONS[action](self)
        except (
            refusals.SubmissionRefused,
            decide.DecisionRefused,
            confirm_address.ConfirmationNotSent,
        ) as error:
            errors = {action: str(error)}
        if errors:
            return self._show(errors, status=400)
        return HttpResponseRedirect(f"{request.path}?{urlencode({'done': action})}", status=303)

    def _edit(self) -> dict[str, str]:
        form = EditForm(self.comment, self._form_data())
        if not form.is_valid():
            return {"edit": _first_error(form)}
        changes.edit(self.comment, body=form.cleaned_data["body"], now=timezone.now())
        return {}

    def _form_data(self) -> dict[str, str]:
        """Return the form data with line breaks as LF, since lengths are counted so."""
        return {k: str(v).replace("\r\n", "\n") for k, v in self.request.POST.items()}

    def _delete(self) -> dict[str, str]:
        changes.withdraw(self.comment, now=timezone.now())
        return {}

    def _appeal(self) -> dict[str, str]:
        form = AppealForm(self._form_data())
        if not form.is_valid():
            return {"appeal": _first_error(form)}
        appeals.submit(self.comment, text=form.cleaned_data["text"], now=timezone.now())
        return {}

    def _confirm(self) -> dict[str, str]:
        confirm_address.send_confirmation(self.comment, now=timezone.now())
        return {}

    def _person(self) -> dict[str, str]:
        confirm_address.send_person_link(self.comment, now=timezone.now())
        return {}

    def _show(self, errors: dict[str, str], *, status: int = 200) -> HttpResponse:
        view = for_comment(self.comment, now=timezone.now())
        context = {
            "comment": self.comment,
            "site": self.site,
            "title": self.comment.thread.title or self.comment.site.name,
            "back": _thread_page(self.comment),
            "author_view": view,
            "reason": _reason(view),
            "waits_for_address": _waits_for_address(view),
            "masked": disclosure.masked(self.comment.author),
            "values": self.request.POST,
            "errors": errors,
            "done": self.request.GET.get("done", ""),
        }
        return self.render("pages/status.html", context, status=status)


ACTIONS: Mapping[str, Callable[[StatusPage], dict[str, str]]] = {
    "edit": StatusPage._edit,
    "delete": StatusPage._delete,
    "appeal": StatusPage._appeal,
    "confirm": StatusPage._confirm,
    "person": StatusPage._person,
}


def _first_error(form: forms.Form) -> str:
    return next(str(messages[0]) for messages in form.errors.values())


def _reason(view: AuthorView) -> str:
    return reasons.for_author(view.decision) if view.is_refused and view.decision else ""


def _waits_for_address(view: AuthorView) -> bool:
    if view.decision is None or view.comment.status != Status.HELD:
        return False
    return reasons.awaits_confirmation(view.decision)


def _thread_page(comment: Comment) -> str:
    """Return the URL of the comment in its thread: on the site's page, else on our thread page."""
    thread = comment.thread
    if thread.url and comment.site.owns(thread.url):
        return f"{thread.url}#comment-{comment.pk}"
    own = {"own": tokens.issue_view_token(comment.pk)} if comment.status != Status.APPROVED else {}
    page = reverse("thread", args=[comment.site.slug])
    return f"{page}?{urlencode({'key': thread.key, **own})}#comment-{comment.pk}"
