"""Request bodies of the review API, and their translation into what the domain takes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from rest_framework import serializers

from comments.http.fields import BoundedListField, SinglyValidatedListField
from comments.models import Status, Trust
from moderation.models import QueueReason
from moderation.models.ban import BanTarget
from moderation.models.finding import REASONS
from moderation.review.queue import queue
from moderation.review.queue.actions import DecisionRequest
from moderation.rules.causes import CAUSES, Cause
from moderation.rules.verdicts import Category, Verdict
from moderation.web.shared.policy_serializers import WordListSerializerField, usable_lists


def to_decision_request(data: dict[str, Any], comment_id: UUID) -> DecisionRequest:
    """Return validated data of a DecisionRequestSerializer as `actions.resolve` takes it."""
    return DecisionRequest(
        comment_id=comment_id,
        revision=data["revision"],
        verdict=Verdict(data["verdict"]),
        reasoning=data["reasoning"],
        private_notes=data["private_notes"],
        status=data["status"],
        cause=Cause(data["cause"]) if data["cause"] else None,
        reason=data["reason"],
    )


class DecisionRequestSerializer(serializers.Serializer[Any]):
    """A moderator's verdict on the revision that was read."""

    verdict = serializers.ChoiceField(
        choices=[(verdict.value, verdict.title()) for verdict in Verdict]
    )
    revision = serializers.IntegerField(min_value=1)
    reasoning = serializers.CharField(
        max_length=5000, allow_blank=True, default="", help_text="Told to the author."
    )
    private_notes = serializers.CharField(
        max_length=5000, allow_blank=True, default="", help_text="For colleagues."
    )
    cause = serializers.ChoiceField(
        choices=CAUSES,
        default="",
        allow_blank=True,
        help_text="Why it is refused: a refusal teaches the classifier nothing without.",
    )
    reason = serializers.SlugField(
        max_length=40,
        allow_blank=True,
        default="",
        help_text="The key of one of the site's reasons for refusals: `GET refusal-reasons`. It is "
        "told to the author before `reasoning`, and says the cause where none is given.",
    )
    status = serializers.ChoiceField(
        choices=Status.choices,
        default="",
        help_text="The status that was read: 409 when a colleague has decided meanwhile.",
    )


class BulkDecisionRequestSerializer(DecisionRequestSerializer):
    """One of many verdicts."""

    comment = serializers.UUIDField()


class DecisionRequestsSerializer(serializers.Serializer[Any]):
    """Up to 500 verdicts, each of which is answered by itself."""

    decisions = SinglyValidatedListField(
        child=BulkDecisionRequestSerializer(), allow_empty=False, max_length=500
    )


class ReleaseSerializer(serializers.Serializer[Any]):
    """The claims to release."""

    comments = BoundedListField(child=serializers.UUIDField(), max_length=500)


class QueueFilterSerializer(serializers.Serializer[Any]):
    """Filters of the queue."""

    site = serializers.SlugField(required=False)
    thread = serializers.UUIDField(required=False)
    author = serializers.UUIDField(required=False)
    campaign = serializers.UUIDField(
        required=False, help_text="What is like this, also at the caller's other sites."
    )
    category = serializers.ChoiceField(choices=[c.value for c in Category], required=False)
    why = serializers.ChoiceField(choices=QueueReason.choices, required=False)
    reason = serializers.ChoiceField(choices=REASONS, required=False)
    language = serializers.RegexField(
        "^[a-z]{2,3}$", required=False, help_text="An ISO 639-1 code, such as `en`."
    )
    q = serializers.CharField(required=False, max_length=200, help_text="Words in the text.")
    links = serializers.BooleanField(required=False, help_text="Only those with links.")
    reported = serializers.BooleanField(required=False, help_text="Only those reported.")
    escalated = serializers.BooleanField(required=False, help_text="Only those escalated.")
    claimed = serializers.ChoiceField(choices=["me", "none", "others"], required=False)


class ClaimSerializer(QueueFilterSerializer):
    """How many to claim, for how many seconds, and of which part of the queue."""

    limit = serializers.IntegerField(min_value=1, max_value=100, default=10)
    seconds = serializers.IntegerField(min_value=10, max_value=3600, default=300)


def to_queue_filters(data: Mapping[str, Any]) -> queue.QueueFilters:
    """Return validated data of a QueueFilterSerializer as the queue takes them."""
    values: dict[str, Any] = {
        name: str(value) if isinstance(value, UUID) else value for name, value in data.items()
    }
    return queue.QueueFilters(**values)


class EscalationSerializer(serializers.Serializer[Any]):
    """Why the owners should look."""

    why = serializers.CharField(max_length=1000, allow_blank=True, default="")


class BulkRequestSerializer(serializers.Serializer[Any]):
    """One verdict for all that matches."""

    filters = QueueFilterSerializer()
    verdict = serializers.ChoiceField(choices=[(v.value, v.title()) for v in Verdict])
    reasoning = serializers.CharField(
        max_length=5000, allow_blank=True, default="", help_text="Told to the authors."
    )
    reason = serializers.SlugField(
        max_length=40,
        allow_blank=True,
        default="",
        help_text="The key of a reason for refusals, for all of them. Comments of a site without "
        "it are refused singly, as `reason-unknown`.",
    )


class NewNoteSerializer(serializers.Serializer[Any]):
    """A note about an author."""

    text = serializers.CharField(max_length=2000)


class BanOptionsSerializer(serializers.Serializer[Any]):
    """Reason, end and reach of a ban."""

    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)
    retroactive = serializers.BooleanField(
        default=False, help_text="Reject what stands of the same origin, too."
    )


class NewBanSerializer(BanOptionsSerializer):
    """Whom to ban, and at which site."""

    site = serializers.SlugField()
    target = serializers.ChoiceField(choices=BanTarget.choices)
    value = serializers.CharField(
        max_length=254, help_text="An email address, an IP address, or a domain."
    )


class WordsSerializer(serializers.Serializer[Any]):
    """The words of a site; * stands for any letters, /…/ is an RE2 pattern."""

    held_words = WordListSerializerField()
    rejected_words = WordListSerializerField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that the lists can be searched for together."""
        usable_lists(attrs)
        return attrs


class SiteChoiceSerializer(serializers.Serializer[Any]):
    """One of the caller's sites."""

    site = serializers.SlugField()


class AppealAnswerSerializer(serializers.Serializer[Any]):
    """The statement of reasons that goes with the answer to an appeal."""

    reasoning = serializers.CharField(max_length=5000)


class PeriodSerializer(serializers.Serializer[Any]):
    """A period of days, both included."""

    site = serializers.SlugField(required=False)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `from`, which is a keyword of Python."""
        days = {name: serializers.DateField(required=False) for name in ("from", "to")}
        return {**super().get_fields(), **days}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Default to the last 30 days; raise ValidationError for a negative or too long period."""
        until = attrs.get("to") or timezone.now().date()
        since = attrs.get("from") or until - timedelta(days=29)
        if not timedelta() <= until - since <= timedelta(days=366):
            raise serializers.ValidationError("Ask for a year at most, from before to.")
        return {**attrs, "from": since, "to": until}


class NewSavedViewSerializer(serializers.Serializer[Any]):
    """Filters of the queue, to save under a name."""

    name = serializers.CharField(max_length=60)
    filters = QueueFilterSerializer()


class TrustSerializer(serializers.Serializer[Any]):
    """How far to trust an author."""

    trust = serializers.ChoiceField(choices=Trust.choices)
