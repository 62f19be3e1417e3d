"""Serializers of policies and simulations, for the plugin API and the review API.

The fields of a policy are read from the model: see `moderation.models.policy`.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from comments.http.fields import BoundedListField, NoUnknownFields
from moderation.models import DecisionSource, Policy
from moderation.models.policy_fields import (
    LONGEST_IGNORED,
    MOST_IGNORED,
    IgnoredWordsField,
    ThresholdsField,
    WordListField,
    usable_together,
    usable_words,
)
from moderation.rules.presets import PRESETS
from moderation.rules.verdicts import NEVER, Category, Verdict
from moderation.rules.wordlists import LONGEST_WORD, MOST_WORDS
from moderation.screening.policy.simulation import MOST, SimulatedChange, Simulation

MOST_CHANGES = 200
VERDICTS = [(verdict.value, verdict.title()) for verdict in Verdict]


class ThresholdSerializer(NoUnknownFields):
    """The scores from which a category is held and rejected, 0 to 1; above 1 means never."""

    hold_at = serializers.FloatField(min_value=0, max_value=NEVER)
    reject_at = serializers.FloatField(min_value=0, max_value=NEVER)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that the threshold for holding is the lower one."""
        if attrs["hold_at"] > attrs["reject_at"]:
            raise serializers.ValidationError("hold_at may not be above reject_at.")
        return attrs


class WordListSerializerField(BoundedListField):
    """Words, in which * stands for any letters, and RE2 patterns between slashes."""

    def __init__(self, **kwargs: Any) -> None:
        child = serializers.CharField(max_length=LONGEST_WORD)
        super().__init__(child=child, max_length=MOST_WORDS, validators=[usable_words], **kwargs)


def usable_lists(attrs: Mapping[str, Any]) -> None:
    """Raise ValidationError where the word lists among validated data cost too much together."""
    usable_together(attrs.get(name, []) for name in Policy.WORD_LISTS)


class ThresholdsSerializerField(serializers.DictField):
    """Thresholds by category; refuses unknown categories."""

    child = ThresholdSerializer()

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return validated thresholds."""
        if isinstance(data, dict) and (unknown := sorted(set(map(str, data)) - set(Category))):
            raise serializers.ValidationError(f"There is no category {unknown[0][:40]}.")
        thresholds: dict[str, Any] = super().to_internal_value(data)
        return thresholds


class IgnoredWordsSerializerField(BoundedListField):
    """Words from which nothing is learned, as they stand on the page of what was learned."""

    def __init__(self, **kwargs: Any) -> None:
        child = serializers.CharField(max_length=LONGEST_IGNORED)
        super().__init__(child=child, max_length=MOST_IGNORED, **kwargs)


# The serializer fields of what the model stores as JSON.
STRUCTURED: Mapping[type, type[serializers.Field[Any, Any, Any, Any]]] = {
    WordListField: WordListSerializerField,
    IgnoredWordsField: IgnoredWordsSerializerField,
    ThresholdsField: ThresholdsSerializerField,
}


class PolicySerializer(NoUnknownFields, serializers.ModelSerializer[Policy]):
    """The policy of a site; fields that are not sent get their default, others are refused."""

    created_at = serializers.DateTimeField(
        read_only=True, allow_null=True, help_text="null where the site never set any rules."
    )

    preset = serializers.ChoiceField(
        choices=[("", "None"), *((name, preset.name) for name, preset in PRESETS.items())],
        required=False,
        help_text="The preset that these rules follow, if any. Sent, it gives the fields it is "
        "about their values; those that are sent beside it count above it.",
    )

    class Meta:
        model = Policy
        fields: tuple[str, ...] = ("revision", "preset", *Policy.FIELDS, "created_at")
        read_only_fields: tuple[str, ...] = ("revision", "created_at")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Check that the word lists can be searched for together, and fill in the preset."""
        usable_lists(attrs)
        preset = PRESETS.get(attrs.pop("preset", ""))
        return {**preset.values, **attrs} if preset else attrs

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        """Return the class and arguments of a field, structured where the model stores JSON."""
        if structured := STRUCTURED.get(type(model_field)):
            return structured, {"required": False}
        return super().build_standard_field(field_name, model_field)


class SimulationRequestSerializer(serializers.Serializer[Any]):
    """A policy to simulate on comments that are decided."""

    policy = PolicySerializer()
    limit = serializers.IntegerField(
        min_value=1, max_value=MOST, default=1000, help_text="So many comments, the latest."
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """A comment whose verdict would have been another."""

    comment = serializers.UUIDField(source="comment.pk")
    excerpt = serializers.SerializerMethodField()
    decided = serializers.ChoiceField(choices=VERDICTS, source="outcome.decided")
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=DecisionSource.choices, source="outcome.source"
    )
    would_be = serializers.ChoiceField(choices=VERDICTS, source="outcome.would_be")
    contradicts = serializers.BooleanField(
        source="outcome.contradicts",
        help_text="It would have been published or refused against a moderator's word.",
    )
    grounds = serializers.SerializerMethodField(help_text="The lines of the rules, gravest first.")

    def get_excerpt(self, change: SimulatedChange) -> str:
        """Return the beginning of the comment, 140 characters at most."""
        return Truncator(change.comment.body).chars(140)

    def get_grounds(self, change: SimulatedChange) -> list[str]:
        """Return the policy lines behind the simulated verdict."""
        return [ground.line for ground in change.grounds]


class TableRowSerializer(serializers.Serializer[Any]):
    """The number of comments with one decision that would get one verdict."""

    source = serializers.ChoiceField(choices=DecisionSource.choices)  # type: ignore[assignment]
    decided = serializers.ChoiceField(choices=VERDICTS)
    would_be = serializers.ChoiceField(choices=VERDICTS)
    comments = serializers.IntegerField()


class LeftOutSerializer(serializers.Serializer[Any]):
    """How many comments can't be compared, by reason."""

    not_screened = serializers.IntegerField(help_text="Imported, or decided unseen.")
    not_scored = serializers.IntegerField(help_text="The classifier was away.")
    out_of_time = serializers.IntegerField(
        help_text="The oldest, where the time of a simulation was over before their turn."
    )


class SimulationSerializer(serializers.Serializer[Any]):
    """The result of a simulation."""

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
    table = serializers.SerializerMethodField()
    changes = serializers.SerializerMethodField(
        help_text=f"{MOST_CHANGES} at most, contradictions first."
    )
    left_out = LeftOutSerializer()
    earlier_classifier = serializers.IntegerField(
        help_text="Compared by scores of another classifier than the present one."
    )

    @extend_schema_field(ChangeSerializer(many=True))
    def get_changes(self, simulation: Simulation) -> Any:
        """Return the first changes."""
        return ChangeSerializer(simulation.changes[:MOST_CHANGES], many=True).data

    @extend_schema_field(TableRowSerializer(many=True))
    def get_table(self, simulation: Simulation) -> Any:
        """Return the table as rows, in alphabetical order."""
        rows = [{**o._asdict(), "comments": n} for o, n in sorted(simulation.table.items())]
        return TableRowSerializer(rows, many=True).data
