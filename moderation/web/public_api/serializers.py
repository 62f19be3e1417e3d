"""Serializers of the form, edits, reports and appeals in the public API."""

from typing import Any

from rest_framework import serializers

from moderation.models import ReportReason
from moderation.web.shared.comment_serializers import length_at_most


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
    closed = serializers.BooleanField(help_text="The thread takes no comments.")
    consent = serializers.CharField(help_text="The line to show by the form.")


class EditSerializer(serializers.Serializer[Any]):
    """A new text by the comment's author."""

    body = serializers.CharField()
    edit_token = serializers.CharField(required=False, help_text="Or in the X-Edit-Token header.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if site := self.context.get("site"):
            self.fields["body"].validators.append(length_at_most(site.max_length))


class ReportSerializer(serializers.Serializer[Any]):
    """A reader's report."""

    reason = serializers.ChoiceField(choices=ReportReason.choices)
    text = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class AppealSerializer(serializers.Serializer[Any]):
    """An author's appeal."""

    text = serializers.CharField(max_length=2000)
    edit_token = serializers.CharField(required=False, help_text="Or in the X-Edit-Token header.")
