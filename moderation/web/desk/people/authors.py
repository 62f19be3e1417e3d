"""Authors: the list, and the page of one with the record, trust, bans and notes."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from comments.http.pagination import Pages
from comments.models import Author, Comment, Role, Trust
from comments.privacy import email_addresses
from moderation.decisions import audit
from moderation.models import AuditAction, Ban
from moderation.models.ban import BanTarget
from moderation.review.people import authors
from moderation.review.queue import actions
from moderation.web.desk.base.permissions import ScopedAdmin, sites_of, user_of
from moderation.web.desk.base.wording import (
    full_email,
    masked_email,
    record_in_words,
    trust_in_words,
)
from moderation.web.desk.people.ban_form import SPANS, ban_of

LONGEST_NOTE = 2000


@admin.register(Author)
class AuthorAdmin(ScopedAdmin):
    """Who wrote. Nobody edits a person: there are verbs for what may be done."""

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
        """Find by a part of the name, or by the digest of a whole address."""
        if "@" not in search_term:
            by_name: tuple[QuerySet[Any], bool] = super().get_search_results(
                request, queryset, search_term
            )
            return by_name
        digests = email_addresses.email_digests(search_term.strip())
        return queryset.filter(email_digest__in=digests), False

    def get_urls(self) -> list[URLPattern]:
        """Add the addresses of the buttons, `admin:moderation_author_ban` and so on."""
        acts = {"ban": ban, "lift": lift, "note": note, "trust": trust, "reveal": reveal}
        own = [
            path(
                f"<uuid:pk>/{name}/",
                self.admin_site.admin_view(require_POST(act)),
                name=f"moderation_author_{name}",
            )
            for name, act in acts.items()
        ]
        return [*own, *super().get_urls()]

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show everything that is known of an author."""
        author = self.get_object(request, unquote(object_id or ""))
        if author is None:
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            **_known(author, request),
            "title": f"Author: {author}",
            "may_decide": sites_of(request, Role.MODERATOR).filter(pk=author.site_id).exists(),
            "spans": SPANS.items(),
            "trusts": Trust.choices,
        }
        return TemplateResponse(request, "desk/author.html", context)


def ban(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ban the author's address from the site."""
    author = _moderated(request, pk)
    told = ban_of(request, author.site, target=BanTarget.EMAIL, value=author.email_digest)
    return _back(author, request, told)


def lift(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the bans of the author's address."""
    author = _moderated(request, pk)
    authors.lift_bans(author, moderator=user_of(request), now=timezone.now())
    return _back(author, request, "Not banned any more.")


def note(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write a note for colleagues."""
    author, text = _moderated(request, pk), request.POST.get("text", "").strip()[:LONGEST_NOTE]
    if not text:
        return _back(author, request, "Nothing was written down: the note was empty.")
    actions.add_note(author, text=text, moderator=user_of(request), now=timezone.now())
    return _back(author, request, "Noted for colleagues.")


def trust(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say whether the author's comments are always published, always held, or by the record."""
    author, given = _moderated(request, pk), request.POST.get("trust", "")
    if given not in Trust.values:
        raise Http404
    authors.set_trust(author, Trust(given), moderator=user_of(request), now=timezone.now())
    return _back(author, request, f"{Trust(given).label}.")


def reveal(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let the page show the author's address once, and write down who asked for it."""
    author = _moderated(request, pk)
    audit.record(
        AuditAction.REVEALED,
        site=author.site,
        by=user_of(request),
        now=timezone.now(),
        subject=author.pk,
    )
    request.session["reveal"] = str(author.pk)
    return HttpResponseRedirect(reverse("admin:comments_author_change", args=[author.pk]))


def _known(author: Author, request: HttpRequest) -> dict[str, Any]:
    pages = Pages()
    comments = Comment.objects.filter(author=author).select_related("thread")
    record = author.record()
    return {
        "author": author,
        "email": masked_email(author),
        "revealed": _revealed(author, request),
        "record": [(status, record.get(status, 0)) for status in authors.RECORDED],
        "told": record_in_words(record),
        "standing": trust_in_words(authors.trust_status(author)),
        "bans": Ban.objects.in_force(timezone.now()).filter(
            site=author.site_id, target=BanTarget.EMAIL, value=author.email_digest
        ),
        "notes": author.notes.select_related("written_by"),
        "neighbours": authors.neighbours(author),
        "comments": pages.for_people(comments, request),
        "newer": pages.get_previous_link(),
        "older": pages.get_next_link(),
    }


def _revealed(author: Author, request: HttpRequest) -> str:
    if request.session.get("reveal") != str(author.pk):
        return ""
    del request.session["reveal"]
    may_see = sites_of(request, Role.MODERATOR).filter(pk=author.site_id).exists()
    return (full_email(author) or "It can't be read any more.") if may_see else ""


def _moderated(request: HttpRequest, pk: UUID) -> Author:
    mine = Author.objects.filter(site__in=sites_of(request, Role.MODERATOR))
    return get_object_or_404(mine.select_related("site"), pk=pk)


def _back(author: Author, request: HttpRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return HttpResponseRedirect(reverse("admin:comments_author_change", args=[author.pk]))
