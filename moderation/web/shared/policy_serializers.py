"""The shapes of house rules, for sites' own servers and for moderators' tools alike."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator
from rest_framework import serializers

from moderation.models import DecisionSource, Policy
from moderation.models.policy import usable_words
from moderation.rules.verdicts import Category, Verdict
from moderation.rules.wordlists import LONGEST_WORD, MOST_WORDS
from moderation.screening.policy.simulation import MOST, SimulatedChange, Simulation

# No score reaches it: a threshold that means never.
NEVER = 1.01
MOST_CHANGES = 200
VERDICTS = [(verdict.value, verdict.title()) for verdict in Verdict]


class ThresholdSerializer(serializers.Serializer[Any]):
    """The scores, 0 to 1, from which a category is held and rejected; above 1 means never."""

    hold_at = serializers.FloatField(min_value=0, max_value=NEVER)
    reject_at = serializers.FloatField(min_value=0, max_value=NEVER)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold before rejecting."""
        if attrs["hold_at"] > attrs["reject_at"]:
            raise serializers.ValidationError("hold_at may not be above reject_at.")
        return attrs


class WordListField(serializers.ListField):
    """Words, in which * stands for any letters, and RE2 patterns between slashes."""

    def __init__(self, **kwargs: Any) -> None:
        child = serializers.CharField(max_length=LONGEST_WORD)
        super().__init__(child=child, max_length=MOST_WORDS, validators=[usable_words], **kwargs)


class PolicySerializer(serializers.ModelSerializer[Policy]):
    """The house rules; what is not sent is as it is by default."""

    thresholds = serializers.DictField(child=ThresholdSerializer(), required=False)
    held_words = WordListField(required=False)
    rejected_words = WordListField(required=False)
    created_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="null where the site never set any rules."
    )

    class Meta:
        model = Policy
        fields: tuple[str, ...] = (
            "revision",
            "thresholds",
            "hold_first_comment",
            "publish_trusted",
            "trust_after",
            "confirm_email",
            "tell_authors",
            "max_links",
            "held_words",
            "rejected_words",
            "reports_to_hold",
            "close_after_days",
            "created_at",
        )
        read_only_fields: tuple[str, ...] = ("revision", "created_at")

    def validate_thresholds(self, thresholds: dict[str, Any]) -> dict[str, Any]:
        """Refuse categories that do not exist."""
        if unknown := sorted(set(thresholds) - set(Category)):
            raise serializers.ValidationError(f"There is no category {unknown[0]}.")
        return thresholds


class TrialSerializer(serializers.Serializer[Any]):
    """House rules to try on what was decided before."""

    policy = PolicySerializer()
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, default=1000, help_text="So many comments, the latest."
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """A comment that would have ended otherwise."""

    comment = serializers.UUIDField(source="comment.pk")
    excerpt = serializers.SerializerMethodField()
    decided = serializers.ChoiceField(choices=VERDICTS)
    source = serializers.ChoiceField(choices=DecisionSource.choices)  # type: ignore[assignment]
    would_be = serializers.ChoiceField(choices=VERDICTS)
    contradicts = serializers.BooleanField(
        help_text="It would have been published or refused against a moderator's word."
    )
    grounds = serializers.SerializerMethodField(help_text="The lines of the rules, gravest first.")

    def get_excerpt(self, change: SimulatedChange) -> str:
        """Return how the comment begins."""
        return Truncator(change.comment.body).chars(140)

    def get_grounds(self, change: SimulatedChange) -> list[str]:
        """Return the lines."""
        return [ground.line for ground in change.grounds]


class TableRowSerializer(serializers.Serializer[Any]):
    """How many comments of this decision would end so."""

    source = serializers.ChoiceField(choices=DecisionSource.choices)  # type: ignore[assignment]
    decided = serializers.ChoiceField(choices=VERDICTS)
    would_be = serializers.ChoiceField(choices=VERDICTS)
    comments = serializers.IntegerField()


class LeftOutSerializer(serializers.Serializer[Any]):
    """What can't be compared."""

    not_screened = serializers.IntegerField(help_text="Imported, or decided unseen.")
    not_scored = serializers.IntegerField(help_text="The classifier was away.")


class SimulationSerializer(serializers.Serializer[Any]):
    """What the rules would have done."""

    compared = serializers.IntegerField()
    same = serializers.IntegerField()
    contradictions = serializers.IntegerField(
        help_text="What would have been published or refused against a moderator's word."
    )
    before = serializers.DictField(
        child=serializers.IntegerField(), help_text="By verdict, under the rules in force."
    )
    after = serializers.DictField(
        child=serializers.IntegerField(), help_text="By verdict, under the rules that were sent."
    )
    table = TableRowSerializer(many=True)
    changes = ChangeSerializer(
        many=True, help_text=f"{MOST_CHANGES} at most, contradictions first."
    )
    left_out = LeftOutSerializer()
    earlier_classifier = serializers.IntegerField(
        help_text="Compared by scores of another classifier than the present one."
    )

    def to_representation(self, instance: Simulation) -> dict[str, Any]:
        """Return the figures, with the table as rows."""
        return {
            "compared": instance.compared,
            "same": instance.same,
            "contradictions": len(instance.contradictions),
            "before": _by_verdict(instance.before),
            "after": _by_verdict(instance.after),
            "table": [
                {"source": source, "decided": decided, "would_be": would_be, "comments": n}
                for (source, decided, would_be), n in sorted(instance.table.items())
            ],
            "changes": ChangeSerializer(instance.changes[:MOST_CHANGES], many=True).data,
            "left_out": {
                why: instance.left_out.get(why, 0) for why in ("not_screened", "not_scored")
            },
            "earlier_classifier": instance.earlier_classifier,
        }


def _by_verdict(counts: Mapping[Verdict, int]) -> dict[str, int]:
    return {verdict.value: n for verdict, n in counts.items()}
