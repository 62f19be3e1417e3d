"""Serializers of submitted and returned comments, which all APIs share."""

from collections.abc import Collection
from functools import cached_property, lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from comments.accounts.single_sign_on import SignedOnReader
from comments.http import languages
from comments.models import Comment, Site
from comments.models.badge import NO_BADGE
from comments.privacy import names, proof_of_work
from comments.privacy.form_tokens import DECOY_FIELDS
from comments.text import avatars, visible
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
        shown: Collection[UUID] = (),
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
            own_comments=shown,
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


class VotesSerializer(serializers.Serializer[Any]):
    """The numbers of votes for and against a comment."""

    up = serializers.IntegerField()
    down = serializers.IntegerField()


class BadgeSerializer(serializers.Serializer[Any]):
    """What the site says of who wrote a comment."""

    kind = serializers.ChoiceField(choices=["staff", "author", "custom"])
    label = serializers.CharField(  # type: ignore[assignment]
        help_text="The site's own words, or Staff or Author: pages say these in their language."
    )


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment as anyone may see it."""

    thread = serializers.CharField(source="thread.key")
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    author_url = serializers.CharField(help_text='"" for none.')
    avatar = serializers.SerializerMethodField(
        help_text="The seed of the picture at /avatars/{seed}.svg; it tells nothing of the author."
    )
    author_avatar = serializers.SerializerMethodField(
        help_text="The picture that the site's sign-on named, served from here; null for none."
    )
    author_badge = serializers.SerializerMethodField(help_text="null for none.")
    pinned = serializers.BooleanField(
        source="is_pinned", help_text="It stands above the others in the order `newest`."
    )
    votes = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields: tuple[str, ...] = (
            "id",
            "thread",
            "parent",
            "depth",
            "status",
            "author_name",
            "author_url",
            "author_badge",
            "author_avatar",
            "body_html",
            "avatar",
            "pinned",
            "featured",
            "votes",
            "created_at",
            "edited_at",
        )
        read_only_fields: tuple[str, ...] = fields

    def get_avatar(self, comment: Comment) -> str:
        """Return the seed of the picture."""
        return avatars.seed(comment)

    def get_author_avatar(self, comment: Comment) -> str | None:
        """Return the address of the writer's own picture, in place of the drawn one."""
        picture = comment.picture_id
        return f"{settings.PUBLIC_URL}/avatars/{picture}" if picture else None

    @extend_schema_field(BadgeSerializer(allow_null=True))
    def get_author_badge(self, comment: Comment) -> dict[str, str] | None:
        """Return what the site says of the writer; the words of a kind are the same for all."""
        kind, label = comment.badge
        return {"kind": str(kind), "label": label or kind.title()} if kind else None

    @extend_schema_field(VotesSerializer)
    def get_votes(self, comment: Comment) -> dict[str, int]:
        """Return how many readers voted for and against."""
        return {"up": comment.up_votes, "down": comment.down_votes}


def length_at_most(limit: int) -> Any:
    """Return a validator for the number of characters, whose message has both numbers."""

    def check(body: str) -> None:
        if len(body) > limit:
            raise serializers.ValidationError(
                f"This comment has {len(body)} characters; {limit} are the most here.", "max_length"
            )

    return check
