"""The pages for people: each works without JavaScript, and without cookies."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from csp.utils import build_policy
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page, require_safe
from rest_framework.exceptions import ValidationError

from comments import reading, tokens
from comments.http.paging import Pages
from comments.http.problems import Problem
from comments.http.shapes import ThreadReferenceSerializer
from comments.http.submitting import CONSENT, submit
from comments.models import Comment, Site, Thread
from comments.models.thread import canonical
from moderation import intake
from moderation.models import Policy

STATIC = Path(__file__).parent.parent / "static" / "comments"
FIELDS = ("author_name", "author_email", "author_url", "body")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what is installed here, and where to go."""
    has_demo = Site.objects.filter(slug="demo").exists()
    return render(request, "comments/home.html", {"has_demo": has_demo})


@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Show an article with its “Leave a Reply” section."""
    site = get_object_or_404(Site, slug="demo")
    return render(request, "comments/demo.html", {"site": site})


@require_safe
@conditional_page
@cache_control(public=True, max_age=3600)
def script(request: HttpRequest) -> HttpResponse:
    """Serve the web component; any page may load it, as module scripts are loaded with CORS."""
    headers = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8", headers=headers)


# There is no session to ride on: no cookie is read, and the form carries its own signed token.
@method_decorator([csrf_exempt, xframe_options_exempt], name="dispatch")
class ThreadPage(View):
    """A thread with its form, as one page that can stand alone or in a frame of the site."""

    site: Site
    page: dict[str, str]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the site and the page that the address names; 404 when there are none."""
        self.site = get_object_or_404(Site, slug=kwargs["slug"])
        named = {k: request.GET[k] for k in ("url", "key", "title") if request.GET.get(k)}
        reference = ThreadReferenceSerializer(data=named)
        if not reference.is_valid():
            raise Http404("An address of a thread names its page: ?url= or ?key=")
        self.page = reference.validated_data
        response = super().dispatch(request, *args, **kwargs)
        ancestors = ["'self'", *self.site.origins]
        response["Content-Security-Policy"] = build_policy(replace={"frame-ancestors": ancestors})
        response["Cache-Control"] = "private, no-cache"
        return response

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the thread, and an empty form."""
        return self._show({}, {})

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Take a comment, then lead its author to it; or show what to change, losing nothing."""
        sent = request.POST.dict()
        data = {**sent, "thread": self.page, "parent": sent.get("parent") or None}
        try:
            answer = submit(request, data, site=self.site)
        except ValidationError as error:
            return self._show(sent, _messages(error.detail), status=400)
        except intake.TooManyPosts as error:
            return self._show(sent, {"form": str(error)}, status=429)
        except intake.Refused as error:
            return self._show(sent, {error.field or "form": str(error)}, status=400)
        except Problem as error:
            return self._show(sent, {"form": error.text}, status=error.status_code)
        glimpse = tokens.issue_glimpse(UUID(str(answer.data["id"])))
        query = urlencode({**self.page, "own": glimpse})
        place = f"#comment-{answer.data['id']}"
        return HttpResponseRedirect(f"{request.path}?{query}{place}", status=303)

    def _show(
        self, values: dict[str, str], errors: dict[str, str], *, status: int = 200
    ) -> HttpResponse:
        thread = Thread.objects.named(self.site, self._name).first()
        context = {
            "site": self.site,
            "page": self.page,
            "query": urlencode(self.page),
            "link": self._link(thread),
            "title": (thread and thread.title) or self.page.get("title") or self.site.name,
            "values": values,
            "errors": errors,
            **self._thread(thread),
            **self._form(thread),
        }
        return render(self.request, "comments/thread.html", context, status=status)

    @property
    def _name(self) -> str:
        return self.page.get("key") or self.page["url"]

    def _link(self, thread: Thread | None) -> str:
        """Return the page's address, unless it is not one of the site's own."""
        url = (thread.url if thread else "") or canonical(self.page.get("url", ""))
        return url if url and self.site.owns(url) else ""

    def _thread(self, thread: Thread | None) -> dict[str, Any]:
        own = tokens.read_glimpse(self.request.GET.get("own", ""))
        mine = {own} if own else set()
        pages = Pages()
        tops = pages.for_people(reading.roots(thread, own=mine), self.request)
        return {
            "nodes": reading.tree(tops, own=mine),
            "count": reading.counts(self.site, [self._name])[self._name],
            "newer": pages.get_previous_link(),
            "older": pages.get_next_link(),
        }

    def _form(self, thread: Thread | None) -> dict[str, Any]:
        now = timezone.now()
        token, decoy = tokens.issue_form(self.site, now=now)
        closed = thread is not None and Policy.objects.current(self.site).closes(thread, now=now)
        return {
            "form_token": token,
            "decoy": decoy,
            "closed": closed,
            "consent": CONSENT,
            "replying_to": self._replying_to(thread),
        }

    def _replying_to(self, thread: Thread | None) -> Comment | None:
        wanted = self.request.POST.get("parent") or self.request.GET.get("reply") or ""
        try:
            comments = Comment.objects.public().filter(thread=thread, pk=UUID(wanted))
        except ValueError:
            return None
        return comments.first() if thread else None


@lru_cache(maxsize=1)
def _script() -> str:
    """Return the script with the styles of the thread page in it: one file, one look."""
    styles = (STATIC / "thread.css").read_text(encoding="utf-8")
    source = (STATIC / "embed.js").read_text(encoding="utf-8")
    return source.replace('"STYLES"', json.dumps(" ".join(styles.split())))


def _messages(detail: Any) -> dict[str, str]:
    """Return the first message for each field."""
    errors = {}
    for field, messages in dict(detail).items():
        while isinstance(messages, (list, dict)):
            messages = next(iter(messages.values() if isinstance(messages, dict) else messages))
        errors[field if field in FIELDS else "form"] = str(messages)
    return errors
