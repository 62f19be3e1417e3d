"""Pages that links in mails open: confirm an address, unsubscribe, export or erase one's data."""

import json
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from comments.models import Author, Frequency, Site, Subscriber, Subscription
from comments.privacy import signed_links
from comments.threads import subscriptions
from moderation.intake import confirm_address
from moderation.models import SystemActor
from moderation.notifications import disclosure
from moderation.notifications.mail.announcements import address_of
from moderation.review.people import data_export, erasure
from moderation.web.pages.private_page import PrivatePage

ONE_CLICK = "One-Click"


class MailLinkPage(PrivatePage):
    """A page about an author, who opened it from a mail to their address."""

    author: Author

    def load(self, ids: list[UUID]) -> None:
        """Load the author; 404 when there is none, or their address is erased."""
        author = Author.objects.select_related("site").filter(pk__in=ids[:1]).first()
        if author is None or not address_of(author):
            raise Http404
        self.author = author

    @property
    def site(self) -> Site:
        """The author's site."""
        return self.author.site

    def context(self, **extra: Any) -> dict[str, Any]:
        """Return the template context: the site, the masked address, and what is passed in."""
        masked = disclosure.masked(self.author)
        return {"site": self.author.site, "masked": masked, **extra}


class ConfirmPage(MailLinkPage):
    """Confirm that an address is one's own, and which comments under it."""

    purpose = signed_links.Purpose.CONFIRM

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the unconfirmed comments under the address, and a button to confirm it."""
        return self._show()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Confirm the address, or disown the comments that somebody else wrote under it."""
        now = timezone.now()
        if request.POST.get("act") == "disown":
            never_again = bool(request.POST.get("never_again"))
            comment_ids = [comment.pk for comment in confirm_address.unconfirmed(self.author)]
            context = self.context(done="disown", never_again=never_again)
            confirm_address.detach_address(
                self.author, comment_ids, never_again=never_again, now=now
            )
            return self.render("pages/confirm.html", context)
        comment_ids = [pk for value in request.POST.getlist("comment") if (pk := _uuid(value))]
        confirm_address.confirm(self.author, comment_ids, now=now)
        return self._show(done="confirm")

    def show_again(self, error: str) -> HttpResponse:
        """Show the page with the marks that were set."""
        marked = {_uuid(value) for value in self.request.POST.getlist("comment")}
        unconfirmed = {comment.pk for comment in confirm_address.unconfirmed(self.author)}
        is_marked = self.request.POST.get("act") == "confirm"
        left_out = unconfirmed - marked if is_marked else ()
        return self._show(error=error, left_out=left_out, status=400)

    def _show(self, *, status: int = 200, **extra: Any) -> HttpResponse:
        subscriber = Subscriber.objects.filter(author=self.author).first()
        comments = list(confirm_address.unconfirmed(self.author).select_related("thread", "site"))
        is_pending = comments or (subscriber and subscriber.confirmed_at is None)
        context = self.context(
            comments=comments,
            subscriptions=subscriber.subscriptions.select_related("thread") if subscriber else [],
            is_confirmed=self.author.verified_at is not None and not is_pending,
            **extra,
        )
        return self.render("pages/confirm.html", context, status=status)


class PersonPage(MailLinkPage):
    """Export or erase everything under an address (GDPR, articles 15, 17 and 20)."""

    purpose = signed_links.Purpose.PERSON

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the choices."""
        return self._show({})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Send everything as a JSON file, or erase it."""
        if request.POST.get("act") == "export":
            return self._export()
        if request.POST.get("act") != "erase" or not request.POST.get("sure"):
            return self._show({"is_unsure": True}, status=400)
        context = self.context(done="erase")
        erasure.erase_person(
            self.author.site,
            address_of(self.author),
            remove_text=request.POST.get("texts") == "remove",
            by=SystemActor.PERSON,
            now=timezone.now(),
        )
        return self.render("pages/person.html", context)

    def show_again(self, error: str) -> HttpResponse:
        """Show the choices again; to erase is chosen anew."""
        return self._show({"error": error}, status=400)

    def _export(self) -> HttpResponse:
        email = address_of(self.author)
        data = data_export.export_person(
            self.author.site, email, by=SystemActor.PERSON, now=timezone.now()
        )
        content = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        name = f"{self.author.site.slug}.json"
        return HttpResponse(
            content,
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _show(self, extra: dict[str, Any], *, status: int = 200) -> HttpResponse:
        context = self.context(count=self.author.comments.count(), **extra)
        return self.render("pages/person.html", context, status=status)


class UnsubscribePage(PrivatePage):
    """End mail about replies, or change how often it comes."""

    purpose = signed_links.Purpose.UNSUBSCRIBE
    subscriber: Subscriber
    subscription: Subscription | None

    def load(self, ids: list[UUID]) -> None:
        """Load the subscriber, and the subscription behind the mail unless it has ended."""
        subscribers = Subscriber.objects.select_related("author__site")
        subscriber = subscribers.filter(pk__in=ids[:1]).first()
        if subscriber is None:
            raise Http404
        self.subscriber, self.names_one = subscriber, len(ids) > 1
        own = subscriber.subscriptions.select_related("thread")
        self.subscription = own.filter(pk__in=ids[1:]).first()

    @property
    def site(self) -> Site:
        """The subscriber's site."""
        return self.subscriber.author.site

    def needs_token(self) -> bool:
        """Let mail programs unsubscribe by one click, without having seen the page (RFC 8058)."""
        return self.request.POST.get("List-Unsubscribe") != ONE_CLICK

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the subscriptions."""
        return self._show("")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """End or change subscriptions, by a button or a mail program's one click (RFC 8058)."""
        action = request.POST.get("act", "")
        if request.POST.get("List-Unsubscribe") == ONE_CLICK:
            action = "this" if self.names_one else "all"
        if action in Frequency.values:
            subscriptions.set_frequency(self.subscriber, Frequency(action))
        elif action == "all":
            subscriptions.unsubscribe(self.subscriber)
        elif action == "this" and self.subscription:
            subscriptions.unsubscribe(self.subscriber, self.subscription)
        return self._show(action)

    def show_again(self, error: str) -> HttpResponse:
        """Show the subscriptions again."""
        return self._show("", error=error, status=400)

    def _show(self, done: str, *, error: str = "", status: int = 200) -> HttpResponse:
        context = {
            "site": self.site,
            "error": error,
            "subscription": None if done in ("this", "all") else self.subscription,
            "others": self.subscriber.subscriptions.count(),
            "frequency": self.subscriber.frequency,
            "done": done,
        }
        return self.render("pages/unsubscribe.html", context, status=status)


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
