"""Admin of authors: the list, and a page with record, trust, bans and notes."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from comments.http.pagination import CursorPaginator
from comments.models import Author, Comment, Role, Status, Trust
from moderation.models import Ban, Report
from moderation.models.ban import BanTarget
from moderation.notifications import disclosure
from moderation.review.people import authors
from moderation.review.queue import actions, blind
from moderation.rules.outcomes import STATUSES_ON_RECORD
from moderation.web.desk.base import revealing
from moderation.web.desk.base.list_filters import SiteListFilter
from moderation.web.desk.base.permissions import (
    DetailAdmin,
    has_role_at,
    sites_of,
    user_of,
)
from moderation.web.desk.base.requests import return_url, wants_json
from moderation.web.desk.base.wording import trust_in_words
from moderation.web.desk.people.ban_form import SPANS, ban_of

LONGEST_NOTE = 2000
# How many of the latest comments the drawer shows.
LATEST = 6


@admin.register(Author)
class AuthorAdmin(DetailAdmin):
    """Authors of comments. They have no edit form: buttons ban, trust, note and reveal."""

    detail_template = "desk/author.html"

    may_change = False
    when_empty = _("Whoever comments with an email address comes here.")
    list_display = ("person", "trust", "site", "first_seen_at", "verified_at")
    list_filter = ("trust", ("site", SiteListFilter))
    search_fields = ("name",)
    search_help_text = _("A name, or a whole email address")
    ordering = ("-id",)
    list_select_related = ("site",)

    @admin.display(description=_("author"))
    def person(self, author: Author) -> str:
        """Return the name, with the address masked."""
        return format_html("<bdi>{}</bdi> {}", author, disclosure.masked(author))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search by a part of the name, or by a whole email address at sites that one moderates."""
        if "@" not in search_term:
            by_name: tuple[QuerySet[Any], bool] = super().get_search_results(
                request, queryset, search_term
            )
            return by_name
        sites = list(sites_of(request, Role.MODERATOR).values_list("pk", flat=True))
        if not sites:
            messages.warning(request, gettext("Moderators alone search by address."))
        found = disclosure.find_authors(
            queryset, search_term.strip(), sites=sites, by=user_of(request), now=timezone.now()
        )
        return found, False

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of the buttons, `admin:moderation_author_ban` and so on."""
        views = {"ban": ban, "lift": lift, "note": note, "trust": trust, "reveal": reveal}
        own = [
            path(
                "<uuid:pk>/drawer/",
                self.admin_site.admin_view(require_GET(drawer)),
                name="moderation_author_drawer",
            ),
            *(
                path(
                    f"<uuid:pk>/{name}/",
                    self.admin_site.admin_view(require_POST(view)),
                    name=f"moderation_author_{name}",
                )
                for name, view in views.items()
            ),
        ]
        return [*own, *super().get_urls()]

    def detail(self, request: HttpRequest, row: Author) -> dict[str, Any]:
        """Return the record, trust status, bans, notes and comments of an author."""
        return {
            **_detail(row, request),
            "title": gettext("Author: %(name)s") % {"name": row},
            "back": _return_url(request),
        }


def drawer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show an author beside the queue: a part of a page, which a script fetches."""
    mine = Author.objects.filter(site__in=sites_of(request)).select_related("site")
    author = get_object_or_404(mine, pk=pk)
    written = Comment.objects.filter(author=author).select_related("thread")
    latest = list(written.order_by("-id")[:LATEST])
    blind.hide(latest)
    context = {**_summary(author, request), "latest": latest}
    return TemplateResponse(request, "desk/author_drawer.html", context)


def ban(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ban the author's address from the site."""
    author = _moderated(request, pk)
    message = ban_of(request, author.site, target=BanTarget.EMAIL, value=author.email_digest)
    return _back(author, request, message)


def lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift the bans on the author's address."""
    author = _moderated(request, pk)
    authors.lift_bans(author, moderator=user_of(request), now=timezone.now())
    return _back(author, request, gettext("Not banned any more."))


def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a note for colleagues."""
    author, text = _moderated(request, pk), request.POST.get("text", "").strip()[:LONGEST_NOTE]
    if not text:
        return _back(author, request, gettext("Nothing was written down: the note was empty."))
    actions.add_note(author, text=text, moderator=user_of(request), now=timezone.now())
    return _back(author, request, gettext("Noted for colleagues."))


def trust(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Set whether comments are always published, always held, or judged by the record."""
    author, given = _moderated(request, pk), request.POST.get("trust", "")
    if given not in Trust.values:
        raise Http404
    authors.set_trust(author, Trust(given), moderator=user_of(request), now=timezone.now())
    return _back(author, request, f"{Trust(given).label}.")


def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the author's address once on the page, and write that to the audit log."""
    author = _moderated(request, pk)
    revealing.reveal(request, author, shown_at=author.pk)
    return _to_author(author, request)


def _detail(author: Author, request: HttpRequest) -> dict[str, Any]:
    pages = CursorPaginator()
    written = Comment.objects.filter(author=author).select_related("thread")
    comments = pages.page_for_html(written, request)
    blind.hide(comments)
    return {
        **_summary(author, request),
        "revealed": _revealed(author, request),
        "neighbours": authors.neighbours(author),
        "comments": comments,
        "newer": pages.get_previous_link(),
        "older": pages.get_next_link(),
    }


def _summary(author: Author, request: HttpRequest) -> dict[str, Any]:
    """Return what the page and the drawer of an author have in common."""
    record = blind.record(author)
    return {
        "author": author,
        "email": disclosure.masked(author),
        "record": [(Status(status).label, record.get(status, 0)) for status in STATUSES_ON_RECORD],
        "reported": Report.objects.filter(comment__author=author).count(),
        "trust_status": trust_in_words(authors.trust_status(author)),
        "bans": Ban.objects.in_force(timezone.now()).filter(
            site=author.site_id, target=BanTarget.EMAIL, value=author.email_digest
        ),
        "notes": author.notes.select_related("written_by"),
        "may_decide": has_role_at(request, author.site_id),
        "spans": SPANS.items(),
        "trusts": Trust.choices,
    }


def _revealed(author: Author, request: HttpRequest) -> str:
    may_see = has_role_at(request, author.site_id)
    return revealing.revealed(request, shown_at=author.pk) if may_see else ""


def _moderated(request: HttpRequest, pk: UUID) -> Author:
    mine = Author.objects.filter(site__in=sites_of(request, Role.MODERATOR))
    return get_object_or_404(mine.select_related("site"), pk=pk)


def _back(author: Author, request: HttpRequest, message: str) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"message": message})
    messages.success(request, message)
    return _to_author(author, request)


def _to_author(author: Author, request: HttpRequest) -> HttpResponse:
    """Redirect to the page of an author, which leads on to where the user came from."""
    page, back = reverse("admin:comments_author_change", args=[author.pk]), _return_url(request)
    return HttpResponseRedirect(f"{page}?{urlencode({'next': back})}" if back else page)


def _return_url(request: HttpRequest) -> str:
    """Return where the user came from, if the request says it; else ""."""
    given = request.POST.get("next", "") or request.GET.get("next", "")
    return return_url(request, given) if given else ""
