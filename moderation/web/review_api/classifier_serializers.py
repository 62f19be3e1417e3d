"""Serializers of what a site's classifier has learned."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from comments.http.fields import NoUnknownFields
from moderation.models import SiteClassifier
from moderation.models.policy_choices import LEARNING_CHOICES
from moderation.models.policy_fields import LONGEST_IGNORED
from moderation.screening.learning import records


class LearningSerializer(NoUnknownFields):
    """What becomes of what is learned, and which classifiers are in use; null for none."""

    mode = serializers.ChoiceField(choices=LEARNING_CHOICES)
    standing = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="What scores; null for the shipped one."
    )
    shadow = serializers.IntegerField(
        read_only=True, allow_null=True, help_text="Its scores are noted beside."
    )


class IgnoredWordSerializer(serializers.Serializer[Any]):
    """A word, as a classifier's `words` name it."""

    word = serializers.CharField(max_length=LONGEST_IGNORED)


class PromotionSerializer(serializers.Serializer[Any]):
    """Whether the gate counts."""

    anyway = serializers.BooleanField(
        default=False, help_text="Although its gate did not let it pass."
    )


class ClassifierSerializer(serializers.ModelSerializer[SiteClassifier]):
    """A classifier that was learned at a site, with what its gate measured."""

    promoted_by = serializers.CharField(source="promoted_by.email", default=None, allow_null=True)
    refusals = serializers.ListField(
        child=serializers.CharField(), help_text="Why its gate did not let it pass; none if it did."
    )
    gate = serializers.DictField(
        help_text="Counts on the newest decisions, which it had not learned from: of the `shipped` "
        "classifier, of what was `standing`, and of this `candidate`."
    )

    class Meta:
        model = SiteClassifier
        fields: tuple[str, ...] = (
            "number",
            "state",
            "base_version",
            "texts",
            "learned_until",
            "created_at",
            "promoted_at",
            "promoted_by",
            "refusals",
            "gate",
        )


class WeighedWordSerializer(serializers.Serializer[Any]):
    """A word, and what it adds to the log odds of a category."""

    name = serializers.CharField()
    weight = serializers.FloatField()


class LearnedWordsSerializer(serializers.Serializer[Any]):
    """The words that weigh most in a category."""

    category = serializers.CharField()
    up = WeighedWordSerializer(many=True)
    down = WeighedWordSerializer(many=True)


class ClassifierDetailSerializer(ClassifierSerializer):
    """A classifier with its words; those of an old one that does not score are not kept."""

    words = serializers.SerializerMethodField()

    class Meta(ClassifierSerializer.Meta):
        fields: tuple[str, ...] = (*ClassifierSerializer.Meta.fields, "words")

    @extend_schema_field(LearnedWordsSerializer(many=True))
    def get_words(self, learned: SiteClassifier) -> Any:
        """Return the words that weigh most, by category."""
        return LearnedWordsSerializer(records.words(learned), many=True).data
