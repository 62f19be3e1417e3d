"""The policy endpoints of the plugin API."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Scope
from moderation.web.plugin_api.base import KeyView
from moderation.web.shared.policy import current_policy, replace_policy, simulate_policy
from moderation.web.shared.policy_serializers import (
    PolicySerializer,
    SimulationRequestSerializer,
    SimulationSerializer,
)
from moderation.web.shared.section_rules import (
    SectionListSerializer,
    current_sections,
    replace_sections,
)


class SitePolicyView(KeyView):
    """The current policy."""

    scope = Scope.POLICY
    serializer_class = PolicySerializer

    @extend_schema(operation_id="read_policy")
    def get(self, request: Request) -> Response:
        """Return the house rules; revision 0 means that the site never set any."""
        return current_policy(self.site)

    @extend_schema(operation_id="set_policy")
    def put(self, request: Request) -> Response:
        """Set the house rules, as a new revision, for comments that come in from now on."""
        return replace_policy(self.site, self.validated_body(PolicySerializer), by=self.key)


class SiteSectionsView(KeyView):
    """The rules of sections."""

    scope = Scope.POLICY
    serializer_class = SectionListSerializer

    @extend_schema(operation_id="read_sections")
    def get(self, request: Request) -> Response:
        """Return the rules of the site's sections, which count above those of the site."""
        return current_sections(self.site)

    @extend_schema(operation_id="set_sections")
    def put(self, request: Request) -> Response:
        """Set the rules of all sections; those that are not sent are removed."""
        return replace_sections(self.site, self.validated_body(SectionListSerializer), by=self.key)


class SiteSimulationView(KeyView):
    """A simulation of rules that are not in force."""

    scope = Scope.POLICY

    @extend_schema(
        operation_id="simulate_policy",
        request=SimulationRequestSerializer,
        responses={200: SimulationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Return what these rules would have done to the comments that were decided last."""
        return simulate_policy(self.site, self.validated_body(SimulationRequestSerializer))
