"""The thread page: read and write comments without JavaScript and without cookies."""

from datetime import datetime
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

from comments.http import languages, origins
from comments.http.forwarding import visitor
from comments.models import Comment, Site, Thread
from comments.privacy import form_tokens, tokens
from comments.privacy.form_tokens import Act
from moderation.intake.page_lookup import look_up_page
from moderation.models import ReportReason
from moderation.web.pages import foreign_form, form_actions, thread_context
from moderation.web.shared.page_serializers import ThreadReferenceSerializer
from moderation.web.shared.submit import CONSENT, guidelines


# No cookie is read here: forms of other websites are refused, and each form has a token for its
# visitor and act.
@method_decorator([csrf_exempt, xframe_options_exempt], name="dispatch")
class ThreadPage(View):
    """A thread with its form, as a page of its own or in a frame of the site.

    `?fragment=1` returns the thread alone, for the site's backend to include in its page.
    """

    site: Site
    page: dict[str, str]
    own: UUID | None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Load the site, and parse the identifier of the thread; 404 when either is missing."""
        self.site = get_object_or_404(Site, slug=kwargs["slug"])
        identifiers = {k: request.GET[k] for k in ("url", "key", "title") if request.GET.get(k)}
        reference = ThreadReferenceSerializer(data=identifiers)
        if not reference.is_valid():
            raise Http404("An address of a thread names its page: ?url= or ?key=")
        self.page = reference.validated_data
        self.own = tokens.read_view_token(request.GET.get("own", ""))
        with translation.override(languages.preferred(request)):
            response = self._respond(request, *args, **kwargs)
            response["Content-Language"] = translation.get_language()
        ancestors = ["'self'", *self.site.origins]
        response["Content-Security-Policy"] = build_policy(replace={"frame-ancestors": ancestors})
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def _respond(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if origins.is_foreign(request, allowed=self.site.origins):
            return foreign_form.refuse(request)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the thread and an empty form, or the fragment."""
        if request.GET.get("fragment"):
            why = self._why_closed()
            closed = {"closed": bool(why), "closed_message": why}
            response = self._render("pages/fragment.html", closed)
            response["Cache-Control"] = "public, max-age=60"
            return response
        return self._show(form_actions.FormResult())

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Handle the form, and show the page with its result."""
        result = form_actions.handle(request, site=self.site, page=self.page)
        self.own = result.posted or self.own
        return self._show(result)

    def _show(self, result: form_actions.FormResult) -> HttpResponse:
        return self._render("pages/thread.html", {"result": result}, result=result)

    def _render(
        self, template: str, extra: dict[str, Any], *, result: form_actions.FormResult | None = None
    ) -> HttpResponse:
        thread = Thread.objects.find(self.site, self._name)
        context = {
            "site": self.site,
            "page": self.page,
            "here": self.request.build_absolute_uri(self.request.path),
            "query": urlencode(self._query),
            "name": self._name,
            "named": urlencode(self.page),
            "link": self._link(thread),
            "title": (thread and thread.title) or self.site.name,
            **thread_context.thread(
                self.request,
                thread,
                site=self.site,
                query=self._query,
                own={self.own} if self.own else set(),
            ),
            **(self._form(thread, result) if result else {}),
            **extra,
        }
        status = result.status if result else 200
        return render(self.request, template, context, status=status)

    def _why_closed(self) -> str:
        """Return why nobody may post here; "" where readers may."""
        return look_up_page(self.site, self._name, now=timezone.now()).rules.message

    @property
    def _name(self) -> str:
        return self.page.get("key") or self.page["url"]

    @property
    def _query(self) -> dict[str, str]:
        """The query parameters of links on the page: thread, language, order, own comment."""
        parameters = {k: self.request.GET[k] for k in ("lang", "sort") if self.request.GET.get(k)}
        view_token = {"own": tokens.issue_view_token(self.own)} if self.own else {}
        return {**self.page, **parameters, **view_token}

    def _link(self, thread: Thread | None) -> str:
        """Return the page's URL if it is on one of the site's origins, else an empty string."""
        url = (thread.url if thread else "") or self.site.page_url(self.page.get("url", ""))
        return url if url and self.site.owns(url) else ""

    def _form(self, thread: Thread | None, result: form_actions.FormResult) -> dict[str, Any]:
        now = timezone.now()
        token, decoy = self._token(Act.COMMENT, now=now)
        rules = look_up_page(self.site, self._name, now=now).rules
        values = result.values
        parent = values.get("parent") or self._parameter("reply")
        replying_to = self._comment(parent, thread)
        return {
            "form_token": token,
            "vote_token": self._token(Act.VOTE, now=now)[0],
            "report_token": self._token(Act.REPORT, now=now)[0],
            "decoy": decoy,
            # Nobody is signed on at this page. What was typed is never lost: the form stays then.
            "closed": bool(rules.message),
            "closed_message": rules.message,
            "form_is_shown": not rules.message or bool(values.get("body")),
            "consent": CONSENT,
            "parent_is_gone": bool(parent) and replying_to is None,
            "guidelines": guidelines(self.site),
            "prompt": thread.prompt if thread else "",
            "replying_to": replying_to,
            "reporting": self._comment(values.get("report") or self._parameter("report"), thread),
            "reasons": [(reason.value, reason.label) for reason in ReportReason],
        }

    def _token(self, act: Act, *, now: datetime) -> tuple[str, str]:
        return form_tokens.issue_form_token(
            self.site, visitor=visitor(self.request), now=now, act=act
        )

    def _parameter(self, name: str) -> str:
        return self.request.GET.get(name, "") if self.request.method == "GET" else ""

    def _comment(self, comment_id: str, thread: Thread | None) -> Comment | None:
        try:
            comments = Comment.objects.public().filter(thread=thread, pk=UUID(comment_id))
        except ValueError:
            return None
        return comments.first() if thread else None
