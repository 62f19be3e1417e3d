"""Admin of authors: the list, and a page with record, trust, bans and notes."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from comments.http.pagination import CursorPaginator
from comments.models import Author, Comment, Role, Trust
from comments.privacy import email_addresses
from moderation.models import Ban
from moderation.models.ban import BanTarget
from moderation.review.people import authors
from moderation.review.queue import actions
from moderation.rules.outcomes import STATUSES_ON_RECORD
from moderation.web.desk.base.permissions import (
    DetailAdmin,
    has_role_at,
    sites_of,
    user_of,
)
from moderation.web.desk.base.wording import (
    full_email,
    masked_email,
    trust_in_words,
)
from moderation.web.desk.people.ban_form import SPANS, ban_of

LONGEST_NOTE = 2000


@admin.register(Author)
class AuthorAdmin(DetailAdmin):
    """Authors of comments. They have no edit form: buttons ban, trust, note and reveal."""

    detail_template = "desk/author.html"

    may_change = False
    list_display = ("person", "trust", "site", "first_seen_at", "verified_at")
    list_filter = ("trust", ("site", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name",)
    search_help_text = "A name, or a whole email address"
    ordering = ("-id",)
    list_select_related = ("site",)

    @admin.display(description="author")
    def person(self, author: Author) -> str:
        """Return the name, with the address masked."""
        return format_html("<bdi>{}</bdi> {}", author, masked_email(author))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Search by a part of the name, or by the digest of a whole email address."""
        if "@" not in search_term:
            by_name: tuple[QuerySet[Any], bool] = super().get_search_results(
                request, queryset, search_term
            )
            return by_name
        digests = email_addresses.email_digests(search_term.strip())
        return queryset.filter(email_digest__in=digests), False

    def get_urls(self) -> list[URLPattern]:
        """Add the URLs of the buttons, `admin:moderation_author_ban` and so on."""
        views = {"ban": ban, "lift": lift, "note": note, "trust": trust, "reveal": reveal}
        own = [
            path(
                f"<uuid:pk>/{name}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"moderation_author_{name}",
            )
            for name, view in views.items()
        ]
        return [*own, *super().get_urls()]

    def detail(self, request: HttpRequest, row: Author) -> dict[str, Any]:
        """Return the record, trust status, bans, notes and comments of an author."""
        return {
            **_detail(row, request),
            "title": f"Author: {row}",
            "may_decide": has_role_at(request, row.site_id),
            "spans": SPANS.items(),
            "trusts": Trust.choices,
        }


def ban(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ban the author's address from the site."""
    author = _moderated(request, pk)
    message = ban_of(request, author.site, target=BanTarget.EMAIL, value=author.email_digest)
    return _back(author, request, message)


def lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lift the bans on the author's address."""
    author = _moderated(request, pk)
    authors.lift_bans(author, moderator=user_of(request), now=timezone.now())
    return _back(author, request, "Not banned any more.")


def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Add a note for colleagues."""
    author, text = _moderated(request, pk), request.POST.get("text", "").strip()[:LONGEST_NOTE]
    if not text:
        return _back(author, request, "Nothing was written down: the note was empty.")
    actions.add_note(author, text=text, moderator=user_of(request), now=timezone.now())
    return _back(author, request, "Noted for colleagues.")


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
    authors.note_revealed(author, moderator=user_of(request), now=timezone.now())
    request.session["reveal"] = str(author.pk)
    return HttpResponseRedirect(reverse("admin:comments_author_change", args=[author.pk]))


def _detail(author: Author, request: HttpRequest) -> dict[str, Any]:
    pages = CursorPaginator()
    comments = Comment.objects.filter(author=author).select_related("thread")
    record = author.record()
    return {
        "author": author,
        "email": masked_email(author),
        "revealed": _revealed(author, request),
        "record": [(status, record.get(status, 0)) for status in STATUSES_ON_RECORD],
        "trust_status": trust_in_words(authors.trust_status(author)),
        "bans": Ban.objects.in_force(timezone.now()).filter(
            site=author.site_id, target=BanTarget.EMAIL, value=author.email_digest
        ),
        "notes": author.notes.select_related("written_by"),
        "neighbours": authors.neighbours(author),
        "comments": pages.page_for_html(comments, request),
        "newer": pages.get_previous_link(),
        "older": pages.get_next_link(),
    }


def _revealed(author: Author, request: HttpRequest) -> str:
    if request.session.get("reveal") != str(author.pk):
        return ""
    del request.session["reveal"]
    if not has_role_at(request, author.site_id):
        return ""
    return full_email(author) or "It can't be read any more."


def _moderated(request: HttpRequest, pk: UUID) -> Author:
    mine = Author.objects.filter(site__in=sites_of(request, Role.MODERATOR))
    return get_object_or_404(mine.select_related("site"), pk=pk)


def _back(author: Author, request: HttpRequest, message: str) -> HttpResponse:
    messages.success(request, message)
    return HttpResponseRedirect(reverse("admin:comments_author_change", args=[author.pk]))
