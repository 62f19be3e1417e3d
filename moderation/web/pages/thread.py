"""The thread page: everything about a thread without JavaScript, and without cookies."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from csp.utils import build_policy
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt

from comments.http import languages
from comments.models import Comment, Site, Thread
from comments.models.thread import canonical
from comments.privacy import tokens
from moderation.models import Policy, ReportReason
from moderation.web.pages import form_actions, thread_context
from moderation.web.shared.comment_serializers import ThreadReferenceSerializer
from moderation.web.shared.submit import CONSENT


# There is no session to ride on: no cookie is read, and each form carries its own signed token.
@method_decorator([csrf_exempt, xframe_options_exempt], name="dispatch")
class ThreadPage(View):
    """A thread with its form, as one page that can stand alone or in a frame of the site.

    With `?fragment=1` it is the thread alone, for the site's own backend to put into its page.
    """

    site: Site
    page: dict[str, str]
    own: UUID | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the site and the page that the address names; 404 when there are none."""
        self.site = get_object_or_404(Site, slug=kwargs["slug"])
        named = {k: request.GET[k] for k in ("url", "key", "title") if request.GET.get(k)}
        reference = ThreadReferenceSerializer(data=named)
        if not reference.is_valid():
            raise Http404("An address of a thread names its page: ?url= or ?key=")
        self.page = reference.validated_data
        self.own = tokens.read_view_token(request.GET.get("own", ""))
        with translation.override(languages.asked(request)):
            response = super().dispatch(request, *args, **kwargs)
            response["Content-Language"] = translation.get_language()
        ancestors = ["'self'", *self.site.origins]
        response["Content-Security-Policy"] = build_policy(replace={"frame-ancestors": ancestors})
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the thread, and an empty form; or the thread alone."""
        if request.GET.get("fragment"):
            response = self._render("pages/fragment.html", {})
            response["Cache-Control"] = "public, max-age=60"
            return response
        return self._show(form_actions.FormResult())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Do what was asked for: take a comment, show its preview, report one, vote."""
        outcome = form_actions.do(request, site=self.site, page=self.page)
        self.own = outcome.posted or self.own
        return self._show(outcome)

    def _show(self, outcome: form_actions.FormResult) -> HttpResponse:
        return self._render("pages/thread.html", {"outcome": outcome}, outcome=outcome)

    def _render(
        self, template: str, more: dict[str, Any], *, outcome: form_actions.FormResult | None = None
    ) -> HttpResponse:
        thread = Thread.objects.named(self.site, self._name).first()
        context = {
            "site": self.site,
            "page": self.page,
            "here": self.request.build_absolute_uri(self.request.path),
            "query": urlencode(self._query),
            "name": self._name,
            "named": urlencode(self.page),
            "link": self._link(thread),
            "title": (thread and thread.title) or self.page.get("title") or self.site.name,
            **thread_context.thread(
                self.request,
                thread,
                site=self.site,
                query=self._query,
                own={self.own} if self.own else set(),
            ),
            **(self._form(thread, outcome) if outcome else {}),
            **more,
        }
        status = outcome.status if outcome else 200
        return render(self.request, template, context, status=status)

    @property
    def _name(self) -> str:
        return self.page.get("key") or self.page["url"]

    @property
    def _query(self) -> dict[str, str]:
        """What links of the page keep: the thread, the language, the own comment, the order."""
        kept = {k: self.request.GET[k] for k in ("lang", "sort") if self.request.GET.get(k)}
        glimpse = {"own": tokens.issue_view_token(self.own)} if self.own else {}
        return {**self.page, **kept, **glimpse}

    def _link(self, thread: Thread | None) -> str:
        """Return the page's address, unless it is not one of the site's own."""
        url = (thread.url if thread else "") or canonical(self.page.get("url", ""))
        return url if url and self.site.owns(url) else ""

    def _form(self, thread: Thread | None, outcome: form_actions.FormResult) -> dict[str, Any]:
        now = timezone.now()
        token, decoy = tokens.issue_form_token(self.site, now=now)
        closed = thread is not None and Policy.objects.close(thread, now=now)
        sent = outcome.values
        return {
            "form_token": token,
            "decoy": decoy,
            "closed": closed,
            "consent": CONSENT,
            "replying_to": self._named_by(sent.get("parent") or self._asked("reply"), thread),
            "reporting": self._named_by(sent.get("report") or self._asked("report"), thread),
            "reasons": [(reason.value, reason.label) for reason in ReportReason],
        }

    def _asked(self, what: str) -> str:
        return self.request.GET.get(what, "") if self.request.method == "GET" else ""

    def _named_by(self, wanted: str, thread: Thread | None) -> Comment | None:
        try:
            comments = Comment.objects.public().filter(thread=thread, pk=UUID(wanted))
        except ValueError:
            return None
        return comments.first() if thread else None
