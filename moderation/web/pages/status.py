"""The status page: an author follows the own comment, without an account."""

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

from comments.models import Comment, Status
from comments.privacy import email_addresses, signed_links, tokens
from moderation.decisions import decide
from moderation.decisions.author_view import AuthorView, for_comment
from moderation.intake import changes, confirm_address, receive
from moderation.notifications.mail import reasons
from moderation.notifications.mail.announcements import address_of
from moderation.review.people import appeals
from moderation.web.pages.private_page import PrivatePage


class EditForm(forms.Form):
    """A new text, as long as the site allows."""

    def __init__(self, comment: Comment, *args: Any) -> None:
        super().__init__(*args)
        self.fields["body"] = forms.CharField(max_length=comment.site.max_length, strip=False)


class AppealForm(forms.Form):
    """Why the decision was wrong."""

    text = forms.CharField(max_length=2000)


@method_decorator([csrf_exempt, xframe_options_exempt], name="dispatch")
class StatusPage(PrivatePage):
    """The status of a comment and why; to change it, take it back, appeal, and more."""

    purpose = signed_links.Purpose.STATUS
    comment: Comment

    def find(self, ids: list[UUID]) -> None:
        """Fetch the comment."""
        comments = Comment.objects.select_related("site", "thread", "author", "parent")
        comment = comments.filter(pk__in=ids[:1]).first()
        if comment is None:
            raise Http404
        self.comment = comment

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; a page of the site may show it in a frame, as it shows the thread."""
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
        """Do what a button says, and show the page again: with what was done, or what is wrong."""
        acts = {
            "edit": self._edit,
            "delete": self._delete,
            "appeal": self._appeal,
            "confirm": self._confirm,
            "person": self._person,
        }
        act = request.POST.get("act", "")
        if act not in acts:
            return self._show({"form": _("This page does not know what to do.")}, status=400)
        try:
            errors = acts[act]()
        except (
            receive.SubmissionRefused,
            decide.DecisionRefused,
            confirm_address.ConfirmationNotSent,
        ) as error:
            errors = {act: str(error)}
        if errors:
            return self._show(errors, status=400)
        return HttpResponseRedirect(f"{request.path}?{urlencode({'done': act})}", status=303)

    def _edit(self) -> dict[str, str]:
        form = EditForm(self.comment, self._typed())
        if not form.is_valid():
            return {"edit": _first(form)}
        changes.edit(self.comment, body=form.cleaned_data["body"], now=timezone.now())
        return {}

    def _typed(self) -> dict[str, str]:
        """Return what was typed, with a line's end as people count it: as one character."""
        return {k: str(v).replace("\r\n", "\n") for k, v in self.request.POST.items()}

    def _delete(self) -> dict[str, str]:
        changes.withdraw(self.comment, now=timezone.now())
        return {}

    def _appeal(self) -> dict[str, str]:
        form = AppealForm(self._typed())
        if not form.is_valid():
            return {"appeal": _first(form)}
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
            "site": self.comment.site,
            "title": self.comment.thread.title or self.comment.site.name,
            "back": _thread_page(self.comment),
            "author_view": view,
            "reason": _reason(view),
            "waits_for_address": _waits_for_address(view),
            "masked": _masked(self.comment),
            "values": self.request.POST,
            "errors": errors,
            "done": self.request.GET.get("done", ""),
        }
        return self.show("pages/status.html", context, status=status)


def _first(form: forms.Form) -> str:
    return next(str(messages[0]) for messages in form.errors.values())


def _reason(view: AuthorView) -> str:
    return reasons.for_author(view.decision) if view.is_refused and view.decision else ""


def _waits_for_address(view: AuthorView) -> bool:
    if view.decision is None or view.comment.status != Status.HELD:
        return False
    return reasons.awaits_confirmation(view.decision)


def _masked(comment: Comment) -> str:
    email = address_of(comment.author)
    return email_addresses.mask(email) if email else ""


def _thread_page(comment: Comment) -> str:
    """Return where the thread is, with the comment in it: on the site's page, or on ours."""
    thread = comment.thread
    if thread.url and comment.site.owns(thread.url):
        return f"{thread.url}#comment-{comment.pk}"
    own = {"own": tokens.issue_glimpse(comment.pk)} if comment.status != Status.APPROVED else {}
    page = reverse("thread", args=[comment.site.slug])
    return f"{page}?{urlencode({'key': thread.key, **own})}#comment-{comment.pk}"
