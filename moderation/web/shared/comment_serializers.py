"""Serializers of submitted and returned comments, which all APIs share."""

import unicodedata
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.core.validators import URLValidator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from comments.http import languages
from comments.models import Comment, Site
from comments.privacy.tokens import DECOY_FIELDS
from comments.text import avatars
from comments.threads.subscriptions import SubscriptionChoice
from moderation.intake.receive import PageReference, Submission

# An author's name is shown in other people's pages: it may not turn or hide what is around it.
FORBIDDEN_IN_NAMES = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
JOINERS = {"\u200c", "\u200d"}  # Persian and Indian names, and family emoji, need these.


def check_name(name: str) -> None:
    """Raise ValidationError when a name holds control or direction characters."""
    if any(unicodedata.category(c) in FORBIDDEN_IN_NAMES and c not in JOINERS for c in name):
        raise serializers.ValidationError(_("Use letters; control characters can’t be shown."))


class ThreadReferenceSerializer(serializers.Serializer[Any]):
    """A page, by its address or by the site's own key for it."""

    url = serializers.CharField(
        max_length=2000,
        required=False,
        validators=[URLValidator(schemes=["http", "https"])],
        help_text="The page's address.",
    )
    key = serializers.CharField(
        max_length=2000, required=False, help_text="The site's own name for the page."
    )
    title = serializers.CharField(max_length=300, required=False, allow_blank=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Require one of the two names."""
        if not attrs.get("url") and not attrs.get("key"):
            raise serializers.ValidationError("Give the page's url or key.", "required")
        return attrs


class SubmissionSerializer(serializers.Serializer[Any]):
    """A comment from a reader's form; the site in the context decides what is required."""

    thread = ThreadReferenceSerializer()
    parent = serializers.UUIDField(  # type: ignore[assignment]
        required=False, allow_null=True, help_text="The comment to reply to."
    )
    author_name = serializers.CharField(
        max_length=100, required=False, allow_blank=True, validators=[check_name]
    )
    author_email = serializers.EmailField(
        max_length=254, required=False, allow_blank=True, help_text="Never published."
    )
    author_url = serializers.CharField(
        max_length=500,
        required=False,
        allow_blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    body = serializers.CharField(help_text="Markdown.")
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        site: Site | None = self.context.get("site")
        if site is None:
            return
        self.fields["body"].validators.append(length_at_most(site.max_length))
        for field, required in (
            ("author_name", site.require_name),
            ("author_email", site.require_email),
        ):
            self.fields[field].required = required
            self.fields[field].allow_blank = not required  # type: ignore[attr-defined]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Reject names with the email address, which would be published; require one for mail."""
        email = attrs.get("author_email", "").lower()
        if email and email in attrs.get("author_name", "").lower():
            raise serializers.ValidationError(
                {"author_name": _("Your name is published: leave the email address out of it.")}
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
        intake: dict[str, Any],
        address: str,
        agent: str,
        verified: bool = False,
        shown: Collection[UUID] = (),
    ) -> Submission:
        """Return the validated submission, with the evidence of the form and the request."""
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
            verified=verified,
            own_comments=shown,
            intake=intake,
        )

    def decoy_filled(self) -> bool:
        """Return whether a honeypot field, which people never see, was filled in."""
        return any(self.initial_data.get(name) for name in DECOY_FIELDS)


class VotesSerializer(serializers.Serializer[Any]):
    """The numbers of votes for and against a comment."""

    up = serializers.IntegerField()
    down = serializers.IntegerField()


class CommentSerializer(serializers.ModelSerializer[Comment]):
    """A comment as anyone may see it."""

    thread = serializers.CharField(source="thread.key")
    parent = serializers.UUIDField(source="parent_id", allow_null=True)  # type: ignore[assignment]
    author_url = serializers.CharField(help_text='"" for none.')
    avatar = serializers.SerializerMethodField(
        help_text="The seed of the picture at /avatars/{seed}.svg; it tells nothing of the author."
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
            "body_html",
            "avatar",
            "votes",
            "created_at",
            "edited_at",
        )
        read_only_fields: tuple[str, ...] = fields

    def get_avatar(self, comment: Comment) -> str:
        """Return the seed of the picture."""
        return avatars.seed(comment)

    @extend_schema_field(VotesSerializer)
    def get_votes(self, comment: Comment) -> dict[str, int]:
        """Return how many readers voted for and against."""
        return {"up": comment.up_votes, "down": comment.down_votes}


class OwnCommentSerializer(CommentSerializer):
    """A comment as its author sees it."""

    edit_token = serializers.CharField(
        help_text="Keep it: it shows, edits and deletes the comment."
    )
    status_url = serializers.URLField(
        help_text="For the author alone: how it stands and why, to change it and to appeal."
    )

    class Meta(CommentSerializer.Meta):
        fields: tuple[str, ...] = (
            *CommentSerializer.Meta.fields,
            "body",
            "revision",
            "edit_token",
            "status_url",
        )
        read_only_fields: tuple[str, ...] = fields


def length_at_most(limit: int) -> Any:
    """Return a validator for the number of characters, whose message has both numbers."""

    def check(body: str) -> None:
        if len(body) > limit:
            raise serializers.ValidationError(
                f"This comment has {len(body)} characters; {limit} are the most here.", "max_length"
            )

    return check
