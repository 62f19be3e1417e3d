"""Serializers of the form, edits, reports and appeals in the public API."""

from typing import Any

from rest_framework import serializers

from moderation.models import ReportReason
from moderation.web.shared.submission_serializers import check_text, length_at_most


class ChallengeSerializer(serializers.Serializer[Any]):
    """A proof of work that is asked for in a flood, by ALTCHA's protocol (PoW v2)."""

    parameters = serializers.DictField(
        help_text="`algorithm`, `cost`, `expiresAt`, `keyLength`, `keyPrefix`, `nonce`, `salt`."
    )
    signature = serializers.CharField()


class FormSerializer(serializers.Serializer[Any]):
    """What a page needs to render the comment form."""

    form_token = serializers.CharField(help_text="Send it back with the comment.")
    decoy_field = serializers.CharField(
        help_text="The name of a field to show to machines only; a person leaves it empty."
    )
    min_seconds = serializers.IntegerField(
        help_text="A form that comes back sooner counts as a machine's."
    )
    max_length = serializers.IntegerField(help_text="Of the body, in characters.")
    max_depth = serializers.IntegerField(help_text="Levels of replies.")
    require_name = serializers.BooleanField()
    require_email = serializers.BooleanField()
    allow_website = serializers.BooleanField()
    votes = serializers.BooleanField(help_text="Readers may vote on comments.")
    notify = serializers.BooleanField(help_text="Replies by mail are offered.")
    edit_minutes = serializers.IntegerField(help_text="In which an author may change a comment.")
    closed = serializers.BooleanField(help_text="The thread takes no comments now.")
    members_only = serializers.BooleanField(
        help_text="It takes those of signed-on readers alone: show no form to others."
    )
    closed_message = serializers.CharField(
        help_text='What to show where there is no form, to those who may not write; "" for none.'
    )
    consent = serializers.CharField(help_text="The line to show by the form.")
    guidelines = serializers.CharField(help_text='HTML to show above the form; "" for none.')
    challenge = ChallengeSerializer(
        allow_null=True, help_text="To be solved, and sent back as `altcha`; null for none."
    )
    prompt = serializers.CharField(help_text='The thread\'s question to readers; "" for none.')
    now = serializers.DateTimeField(help_text="The server's time: readers' clocks are often wrong.")


class EditSerializer(serializers.Serializer[Any]):
    """A new text by the comment's author."""

    body = serializers.CharField(validators=[check_text])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if site := self.context.get("site"):
            self.fields["body"].validators.insert(0, length_at_most(site.max_length))


class ReportSerializer(serializers.Serializer[Any]):
    """A reader's report."""

    reason = serializers.ChoiceField(choices=ReportReason.choices)
    text = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    reader_token = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        write_only=True,
        help_text="From `sign-on`: names the reader.",
    )


class AppealSerializer(serializers.Serializer[Any]):
    """An author's appeal."""

    text = serializers.CharField(max_length=2000)
