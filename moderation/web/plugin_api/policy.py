"""The house rules, for a site's own servers."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Scope
from moderation.models import Policy
from moderation.screening.policy.revisions import set_rules
from moderation.screening.policy.simulation import simulate
from moderation.web.plugin_api.base import KeyView
from moderation.web.shared.policy_serializers import (
    PolicySerializer,
    SimulationSerializer,
    TrialSerializer,
)
from moderation.web.shared.schema import PROBLEMS

EXAMPLE = OpenApiExample(
    "Stricter about insults",
    request_only=True,
    value={"thresholds": {"INSULT": {"hold_at": 0.5, "reject_at": 0.95}}, "max_links": 1},
)


class SitePolicyView(KeyView):
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
        standing = set_rules(policy, by=None, now=timezone.now())
        return Response(PolicySerializer(standing).data)


class SiteSimulationView(KeyView):
    """Rules that are not in force, tried on what was decided before."""

    scope = Scope.POLICY

    @extend_schema(
        operation_id="simulate_policy",
        request=TrialSerializer,
        responses={200: SimulationSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Say what these rules would have done to the comments that were decided last."""
        trial = TrialSerializer(data=request.data)
        trial.is_valid(raise_exception=True)
        policy = Policy(site=self.site, **trial.validated_data["policy"])
        limit = trial.validated_data["limit"]
        return Response(SimulationSerializer(simulate(policy, site=self.site, limit=limit)).data)
