"""The thread page: read and write comments without JavaScript and without cookies."""

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


# CSRF needs a session to ride on: no cookie is read here, and each form carries a signed token.
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
            response = super().dispatch(request, *args, **kwargs)
            response["Content-Language"] = translation.get_language()
        ancestors = ["'self'", *self.site.origins]
        response["Content-Security-Policy"] = build_policy(replace={"frame-ancestors": ancestors})
        response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the thread and an empty form, or the fragment."""
        if request.GET.get("fragment"):
            response = self._render("pages/fragment.html", {})
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
            **(self._form(thread, result) if result else {}),
            **extra,
        }
        status = result.status if result else 200
        return render(self.request, template, context, status=status)

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
        url = (thread.url if thread else "") or canonical(self.page.get("url", ""))
        return url if url and self.site.owns(url) else ""

    def _form(self, thread: Thread | None, result: form_actions.FormResult) -> dict[str, Any]:
        now = timezone.now()
        token, decoy = tokens.issue_form_token(self.site, now=now)
        closed = thread is not None and Policy.objects.close(thread, now=now)
        values = result.values
        return {
            "form_token": token,
            "decoy": decoy,
            "closed": closed,
            "consent": CONSENT,
            "replying_to": self._comment(values.get("parent") or self._parameter("reply"), thread),
            "reporting": self._comment(values.get("report") or self._parameter("report"), thread),
            "reasons": [(reason.value, reason.label) for reason in ReportReason],
        }

    def _parameter(self, name: str) -> str:
        return self.request.GET.get(name, "") if self.request.method == "GET" else ""

    def _comment(self, comment_id: str, thread: Thread | None) -> Comment | None:
        try:
            comments = Comment.objects.public().filter(thread=thread, pk=UUID(comment_id))
        except ValueError:
            return None
        return comments.first() if thread else None
