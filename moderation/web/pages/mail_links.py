"""Where the links in mails lead: confirm an address, end mail, be handed out or erased."""

import json
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from comments.models import Author, Frequency, Subscriber, Subscription
from comments.privacy import email_addresses, signed_links
from comments.threads import subscriptions
from moderation.intake import confirm_address
from moderation.notifications.mail.announcements import address_of
from moderation.review.people import data_requests
from moderation.web.pages.private_page import PrivatePage

ONE_CLICK = "One-Click"


class MailLinkPage(PrivatePage):
    """A page about an author, who opened it from the mailbox."""

    author: Author

    def find(self, ids: list[UUID]) -> None:
        """Fetch the author."""
        author = Author.objects.select_related("site").filter(pk__in=ids[:1]).first()
        if author is None or not address_of(author):
            raise Http404
        self.author = author

    def about(self, **more: Any) -> dict[str, Any]:
        """Return what the templates of these pages need."""
        masked = email_addresses.mask(address_of(self.author))
        return {"site": self.author.site, "masked": masked, **more}


class ConfirmPage(MailLinkPage):
    """Somebody says that an address is theirs, and which comments they wrote."""

    purpose = signed_links.Purpose.CONFIRM

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what was written under the address, with a button to confirm it."""
        return self._show()

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Confirm the address, or disown what somebody else wrote under it."""
        now = timezone.now()
        if request.POST.get("act") == "disown":
            never_again = bool(request.POST.get("never_again"))
            every = [comment.pk for comment in confirm_address.unconfirmed(self.author)]
            context = self.about(done="disown", never_again=never_again)
            confirm_address.detach_address(self.author, every, never_again=never_again, now=now)
            return self.show("pages/confirm.html", context)
        mine = [pk for value in request.POST.getlist("comment") if (pk := _uuid(value))]
        confirm_address.confirm(self.author, mine, now=now)
        return self._show(done="confirm")

    def _show(self, **more: Any) -> HttpResponse:
        subscriber = Subscriber.objects.filter(author=self.author).first()
        comments = list(confirm_address.unconfirmed(self.author).select_related("thread", "site"))
        asked = comments or (subscriber and subscriber.confirmed_at is None)
        context = self.about(
            comments=comments,
            wishes=subscriber.subscriptions.select_related("thread") if subscriber else [],
            is_confirmed=self.author.verified_at is not None and not asked,
            **more,
        )
        return self.show("pages/confirm.html", context)


class PersonPage(MailLinkPage):
    """Everything under an address, to take along or to erase (GDPR, articles 15, 17 and 20)."""

    purpose = signed_links.Purpose.PERSON

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what can be done."""
        return self._show({})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Hand everything out as a JSON file, or erase it."""
        if request.POST.get("act") == "export":
            return self._export()
        if request.POST.get("act") != "erase" or not request.POST.get("sure"):
            return self._show({"is_unsure": True}, status=400)
        context = self.about(done="erase")
        data_requests.erase_person(
            self.author.site,
            address_of(self.author),
            remove_text=request.POST.get("texts") == "remove",
            now=timezone.now(),
        )
        return self.show("pages/person.html", context)

    def _export(self) -> HttpResponse:
        email = address_of(self.author)
        held = data_requests.export_person(self.author.site, email, now=timezone.now())
        told = json.dumps(held, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        name = f"{self.author.site.slug}.json"
        return HttpResponse(
            told,
            content_type="application/json",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _show(self, more: dict[str, Any], *, status: int = 200) -> HttpResponse:
        context = self.about(count=self.author.comments.count(), **more)
        return self.show("pages/person.html", context, status=status)


class UnsubscribePage(PrivatePage):
    """Mail about answers ends, by one click, or comes less often."""

    purpose = signed_links.Purpose.UNSUBSCRIBE
    subscriber: Subscriber
    subscription: Subscription | None

    def find(self, ids: list[UUID]) -> None:
        """Fetch the subscriber and the subscription that the mail came by, if it is still there."""
        subscribers = Subscriber.objects.select_related("author__site")
        subscriber = subscribers.filter(pk__in=ids[:1]).first()
        if subscriber is None:
            raise Http404
        self.subscriber, self.names_one = subscriber, len(ids) > 1
        own = subscriber.subscriptions.select_related("thread")
        self.subscription = own.filter(pk__in=ids[1:]).first()

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show what can be ended."""
        return self._show("")

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """End it: mail programs do so by a button of their own (RFC 8058), people by ours."""
        act = request.POST.get("act", "")
        if request.POST.get("List-Unsubscribe") == ONE_CLICK:
            act = "this" if self.names_one else "all"
        if act in Frequency.values:
            subscriptions.change(self.subscriber, Frequency(act))
        elif act == "all":
            subscriptions.end(self.subscriber)
        elif act == "this" and self.subscription:
            subscriptions.end(self.subscriber, self.subscription)
        return self._show(act)

    def _show(self, done: str) -> HttpResponse:
        context = {
            "site": self.subscriber.author.site,
            "subscription": None if done in ("this", "all") else self.subscription,
            "others": self.subscriber.subscriptions.count(),
            "frequency": self.subscriber.frequency,
            "done": done,
        }
        return self.show("pages/unsubscribe.html", context)


def _uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
