"""Serializers of comments that are sent, and what is checked of them at each door."""

from collections.abc import Collection
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from rest_framework import serializers

from comments.accounts.single_sign_on import SignedOnReader
from comments.http import languages
from comments.models import Site
from comments.models.badge import NO_BADGE
from comments.privacy import names, proof_of_work
from comments.privacy.form_tokens import DECOY_FIELDS
from comments.text import visible
from comments.text.markdown import render
from comments.threads.subscriptions import SubscriptionChoice
from comments.threads.threads import PageReference
from moderation.intake.submission import Submission
from moderation.web.shared.page_serializers import ThreadReferenceSerializer


class NameField(serializers.CharField):
    """The name of an author, cleaned of what can't be seen; refused where nothing is left."""

    def run_validation(self, data: Any = serializers.empty) -> Any:
        """Return the name in one line; raise ValidationError for one of which nothing shows."""
        if not isinstance(data, str) or not data.strip():
            return super().run_validation(data)
        name = visible.one_line(data)
        if not visible.is_visible(name):
            raise serializers.ValidationError(_("Nothing can be seen of this name."), "blank")
        # An address that direction controls disguise is refused with all others: see `validate`.
        return super().run_validation(data if names.contains_address(data) else name)


def check_text(body: str) -> None:
    """Raise ValidationError for a text of which nothing shows once it is rendered."""
    if not visible.shows_text(render(body)):
        raise serializers.ValidationError(_("There is nothing to read in this comment."), "blank")


class SubmissionSerializer(serializers.Serializer[Any]):
    """A comment from a reader's form; the site in the context decides what is required."""

    thread = ThreadReferenceSerializer()
    parent = serializers.UUIDField(  # type: ignore[assignment]
        required=False, allow_null=True, help_text="The comment to reply to."
    )
    author_name = NameField(max_length=100, required=False, allow_blank=True)
    author_email = serializers.EmailField(
        max_length=254, required=False, allow_blank=True, help_text="Never published."
    )
    author_url = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    body = serializers.CharField(validators=[check_text], help_text="Markdown.")
    form_token = serializers.CharField(
        required=False, allow_blank=True, max_length=500, help_text="From `form`."
    )
    notify = serializers.ChoiceField(
        choices=[("replies", "replies"), ("thread", "thread")],
        required=False,
        allow_blank=True,
        help_text="Mail about answers to this comment, or about all comments on the page.",
    )
    lang = serializers.CharField(
        max_length=35,
        required=False,
        allow_blank=True,
        help_text="The page's language, in which its author is written to; else the answer's.",
    )
    reader_token = serializers.CharField(
        required=False, allow_blank=True, help_text="From `sign-on`: names the reader."
    )
    altcha = serializers.CharField(
        required=False,
        allow_blank=True,
        allow_null=True,
        max_length=proof_of_work.LONGEST,
        help_text="Where `form` has a `challenge`: it with its solution, in base64 of JSON.",
    )

    @cached_property
    def fields(self) -> Any:
        """Return the fields, as the site in the context requires them.

        Instances for equal requirements share them: to copy them takes as long as to validate.
        """
        site: Site | None = self.context.get("site")
        if site is None:
            return super().fields
        # The site names who is signed on, and may do so by an address, which is not shown.
        name_required = site.require_name and not self.context.get("signed_on")
        return _required_fields(type(self), site.max_length, name_required, site.require_email)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Reject what would publish an email address; require one for mail."""
        email = attrs.get("author_email", "")
        if names.reveals_address(attrs.get("author_name", ""), email=email):
            raise serializers.ValidationError(
                {"author_name": _("Your name is published: leave the email address out of it.")}
            )
        if (url := attrs.get("author_url", "")) and not names.public_url(url, email=email):
            raise serializers.ValidationError(
                {"author_url": _("Your website is published: leave the email address out of it.")}
            )
        site: Site | None = self.context.get("site")
        if attrs.get("notify") and not email and site is not None and site.notify:
            raise serializers.ValidationError(
                {"author_email": _("To be sent mail, enter your email address.")}, "required"
            )
        return attrs

    def to_submission(
        self,
        *,
        intake: dict[str, Any] | None = None,
        address: str,
        agent: str,
        reader: SignedOnReader | None = None,
        own_comments: Collection[UUID] = (),
    ) -> Submission:
        """Return the validated submission, with the evidence of the form and the request.

        `reader` is the one whom the site signed on.
        """
        data = dict(self.validated_data)
        site: Site = self.context["site"]
        return Submission(
            page=PageReference(**data["thread"]),
            parent=data.get("parent"),
            author_name=data.get("author_name", ""),
            author_email=data.get("author_email", ""),
            author_url=data.get("author_url", "") if site.allow_website else "",
            body=data["body"],
            address=address,
            user_agent=agent,
            language=languages.supported(data.get("lang", "")),
            notify=SubscriptionChoice(data.get("notify", "")),
            verified=reader is not None,
            badge=reader.badge if reader else NO_BADGE,
            picture=reader.picture if reader else "",
            own_comments=own_comments,
            intake=intake or {},
        )

    def decoy_filled(self) -> bool:
        """Return whether a honeypot field, which people never see, was filled in."""
        return any(self.initial_data.get(name) for name in DECOY_FIELDS)


@lru_cache(maxsize=64)
def _required_fields(
    kind: type[SubmissionSerializer], longest: int, name_required: bool, email_required: bool
) -> Any:
    fields = kind().fields
    # Before it is rendered, which takes time.
    fields["body"].validators.insert(0, length_at_most(longest))
    for name, required in (("author_name", name_required), ("author_email", email_required)):
        fields[name].required = required
        fields[name].allow_blank = not required
    return fields


def length_at_most(limit: int) -> Any:
    """Return a validator for the number of characters, whose message has both numbers."""

    def check(body: str) -> None:
        if len(body) > limit:
            raise serializers.ValidationError(
                f"This comment has {len(body)} characters; {limit} are the most here.", "max_length"
            )

    return check
