"""Comments: the list, the page of one with all that is known of it, and what may be done there."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Prefetch, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from comments import privacy
from comments.models import Comment, Role, User
from moderation import deciding, reviewing
from moderation.admin.scoping import ScopedAdmin, sites_of
from moderation.admin.wording import finding_in_words, masked_email, score_in_words
from moderation.models import Appeal, Ban, Decision
from moderation.models.ban import Target
from moderation.verdicts import Verdict

SIBLINGS = 3


@admin.register(Comment)
class CommentAdmin(ScopedAdmin):
    """Every comment, whatever its status."""

    list_display = ("body_start", "author_name", "status", "site", "created_at")
    list_filter = ("status", ("site", admin.RelatedOnlyFieldListFilter))
    search_fields = ("body", "author_name")
    ordering = ("-id",)
    list_select_related = ("site",)

    @admin.display(description="comment")
    def body_start(self, comment: Comment) -> str:
        """Return the first words of a comment."""
        return comment.body[:90]

    def get_urls(self) -> list[URLPattern]:
        """Add the buttons of the comment's page."""
        acts = {"decide": self.decide, "undo": self.undo, "reveal": self.reveal, "ban": self.ban}
        own = [
            path(f"<uuid:pk>/{name}/", self.admin_site.admin_view(require_POST(view)), name=name)
            for name, view in acts.items()
        ]
        return [*_named("moderation", own), *super().get_urls()]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Keep Django's own form away: a comment's text is its author's."""
        return False

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show everything that is known of a comment."""
        comment = self._comment(request, object_id or "")
        context = {
            **self.admin_site.each_context(request),
            "title": f"Comment by {comment.author_name or 'Anonymous'}",
            **_known(comment),
            "revealed": request.session.pop(f"revealed {comment.pk}", ""),
            "may_decide": sites_of(request, Role.MODERATOR).filter(pk=comment.site_id).exists(),
        }
        return TemplateResponse(request, "moderation/comment.html", context)

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Record a moderator's verdict on the text that was shown, and go back."""
        try:
            ruling = reviewing.Ruling(
                comment_id=pk,
                revision=int(request.POST["revision"]),
                verdict=Verdict(request.POST["verdict"]),
                reasoning=request.POST.get("reasoning", "")[:5000],
                private_notes=request.POST.get("private_notes", "")[:5000],
            )
        except (KeyError, ValueError):
            raise Http404 from None
        (answer,) = reviewing.resolve([ruling], moderator=_user(request), now=timezone.now())
        if isinstance(answer, reviewing.NotAllowed):
            raise Http404
        if isinstance(answer, deciding.Refused):
            messages.warning(request, str(answer))
            return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[pk]))
        request.session["undoable"] = str(answer.pk)
        return _back(request)

    def undo(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Take back the decision of this id, and go back."""
        sites = sites_of(request, Role.MODERATOR)
        decision = get_object_or_404(Decision, pk=pk, comment__site__in=sites)
        try:
            reviewing.undo(decision, moderator=_user(request), now=timezone.now())
            messages.success(request, "Undone: what counted before counts again.")
        except deciding.Refused as refusal:
            messages.warning(request, str(refusal))
        return _back(request)

    def reveal(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Show the author's address once, and write down who asked for it."""
        comment = self._moderated(request, pk)
        if comment.author is None:
            raise Http404
        LogEntry.objects.log_actions(
            _user(request).pk, [comment], CHANGE, "Revealed the email address.", single_object=True
        )
        request.session[f"revealed {pk}"] = privacy.decrypt(comment.author.email_encrypted)
        return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[pk]))

    def ban(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Ban the author's address or network from the site."""
        comment = self._moderated(request, pk)
        values = {
            Target.EMAIL.value: comment.author.email_digest if comment.author else "",
            Target.NETWORK.value: comment.network_digest,
        }
        target = request.POST.get("target", "")
        if not values.get(target):
            raise Http404
        Ban.objects.get_or_create(
            site=comment.site,
            target=target,
            value=values[target],
            defaults={"created_by": _user(request), "reason": request.POST.get("reason", "")[:300]},
        )
        messages.success(request, "Banned. New comments from there will be rejected.")
        return HttpResponseRedirect(reverse("admin:comments_comment_change", args=[pk]))

    def _comment(self, request: HttpRequest, pk: str) -> Comment:
        comments = Comment.objects.filter(site__in=sites_of(request)).select_related(
            "site", "thread", "author", "parent"
        )
        try:
            return get_object_or_404(comments, pk=UUID(str(pk).replace("_2D", "-")))
        except ValueError:
            raise Http404 from None

    def _moderated(self, request: HttpRequest, pk: UUID) -> Comment:
        sites = sites_of(request, Role.MODERATOR)
        return get_object_or_404(
            Comment.objects.select_related("author", "site"), pk=pk, site__in=sites
        )


def _known(comment: Comment) -> dict[str, Any]:
    history = list(_history(comment))
    standing = next((d for d in history if not hasattr(d, "overridden_by")), None)
    screened = next((d for d in history if d.findings.all()), None)
    findings = list(screened.findings.all()) if screened else []
    siblings = Comment.objects.public().filter(thread=comment.thread, parent=comment.parent)
    return {
        "comment": comment,
        "email": masked_email(comment.author),
        "record": comment.author.record() if comment.author else {},
        "history": history,
        "standing": standing,
        "screened": screened,
        "classifier_version": next(filter(None, (f.classifier_version for f in findings)), ""),
        "scores": [score_in_words(f) for f in findings if f.score is not None],
        "findings": [finding_in_words(f) for f in findings if f.score is None],
        "siblings": siblings.exclude(pk=comment.pk).order_by("-id")[:SIBLINGS],
        "reports": comment.reports.order_by("-created_at")[:50],
        "appeals": Appeal.objects.filter(decision__comment=comment),
        "verdicts": [(v.value, v.capitalize()) for v in Verdict],
    }


def _history(comment: Comment) -> QuerySet[Decision]:
    findings = Prefetch("findings")
    decisions = comment.decisions.select_related("decided_by", "policy", "overridden_by")
    return decisions.prefetch_related(findings).order_by("-id")


def _named(prefix: str, urls: list[URLPattern]) -> list[URLPattern]:
    for url in urls:
        url.name = f"{prefix}_{url.name}"
    return urls


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _back(request: HttpRequest) -> HttpResponse:
    where = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(where, {request.get_host()}):
        where = reverse("admin:moderation_reviewable_changelist")
    return HttpResponseRedirect(where)
