"""The house rules, for a site's own servers."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.schema import PROBLEMS
from comments.models import Scope
from comments.plugin.key_view import KeyView
from moderation.models import Policy
from moderation.verdicts import Category

# No score reaches it: a threshold that means never.
NEVER = 1.01
EXAMPLE = OpenApiExample(
    "Stricter about insults",
    request_only=True,
    value={"thresholds": {"INSULT": {"hold_at": 0.5, "reject_at": 0.95}}, "max_links": 1},
)


class ThresholdSerializer(serializers.Serializer[Any]):
    """The scores, 0 to 1, from which a category is held and rejected; above 1 means never."""

    hold_at = serializers.FloatField(min_value=0, max_value=NEVER)
    reject_at = serializers.FloatField(min_value=0, max_value=NEVER)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Hold before rejecting."""
        if attrs["hold_at"] > attrs["reject_at"]:
            raise serializers.ValidationError("hold_at may not be above reject_at.")
        return attrs


class PolicySerializer(serializers.ModelSerializer[Policy]):
    """The house rules; what is not sent is as it is by default."""

    thresholds = serializers.DictField(child=ThresholdSerializer(), required=False)
    held_words = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=10_000
    )
    rejected_words = serializers.ListField(
        child=serializers.CharField(max_length=200), required=False, max_length=10_000
    )

    class Meta:
        model = Policy
        fields: tuple[str, ...] = (
            "revision",
            "thresholds",
            "hold_first_comment",
            "publish_trusted",
            "trust_after",
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


class PolicyView(KeyView):
    """The rules in force."""

    scope = Scope.POLICY

    @extend_schema(operation_id="read_policy", responses={200: PolicySerializer, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """Return the house rules; revision 0 means that the site never set any."""
        return Response(PolicySerializer(Policy.objects.current(self.site)).data)

    @extend_schema(
        operation_id="set_policy",
        request=PolicySerializer,
        examples=[EXAMPLE],
        responses={200: PolicySerializer, **PROBLEMS},
    )
    def put(self, request: Request) -> Response:
        """Set the house rules, as a new revision, for comments that come in from now on."""
        serializer = PolicySerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        policy = Policy(site=self.site, **serializer.validated_data)
        return Response(PolicySerializer(Policy.objects.append(policy)).data)
