"""The policy endpoints of the review API."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.mixins import ListModelMixin
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Role
from moderation.models import Policy
from moderation.screening.policy.revisions import set_policy
from moderation.web.review_api.base import OneSiteView
from moderation.web.review_api.requests import SiteChoiceSerializer, WordsSerializer
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

ONE_SITE = [SiteChoiceSerializer]


class ReviewPolicyView(OneSiteView):
    """The rules in force."""

    write_role = Role.OWNER
    serializer_class = PolicySerializer

    @extend_schema(operation_id="review_policy", parameters=ONE_SITE)
    def get(self, request: Request) -> Response:
        """Return the house rules of a site; revision 0 means that it never set any."""
        return current_policy(self.chosen_site())

    @extend_schema(operation_id="review_set_policy", parameters=ONE_SITE)
    def put(self, request: Request) -> Response:
        """Set the house rules of a site that the caller owns, as the next revision."""
        site = self.chosen_site()
        return replace_policy(site, self.validated_body(PolicySerializer), by=self.user)


class ReviewSectionsView(OneSiteView):
    """The rules of sections."""

    write_role = Role.OWNER
    serializer_class = SectionListSerializer

    @extend_schema(operation_id="review_sections", parameters=ONE_SITE)
    def get(self, request: Request) -> Response:
        """Return the rules of a site's sections, which count above those of the site."""
        return current_sections(self.chosen_site())

    @extend_schema(operation_id="review_set_sections", parameters=ONE_SITE)
    def put(self, request: Request) -> Response:
        """Set the rules of all sections of a site that the caller owns."""
        site = self.chosen_site()
        return replace_sections(site, self.validated_body(SectionListSerializer), by=self.user)


class PolicyRevisionsView(ListModelMixin, OneSiteView):
    """The revisions of the rules."""

    queryset = Policy.objects.all()
    serializer_class = PolicySerializer

    @extend_schema(operation_id="review_policy_revisions_retrieve", parameters=ONE_SITE)
    def get(self, request: Request) -> Response:
        """List the revisions of a site's house rules, the newest first."""
        return self.list(request)

    def get_queryset(self) -> Any:
        """Return the revisions of the chosen site."""
        return Policy.objects.filter(site=self.chosen_site())


class ReviewSimulationView(OneSiteView):
    """A simulation of rules that are not in force."""

    @extend_schema(
        operation_id="review_simulate_policy",
        parameters=ONE_SITE,
        request=SimulationRequestSerializer,
        responses={200: SimulationSerializer},
    )
    def post(self, request: Request) -> Response:
        """Return what these rules would have done to the comments that were decided last."""
        site = self.chosen_site()
        return simulate_policy(site, self.validated_body(SimulationRequestSerializer))


class WordsView(OneSiteView):
    """The words that hold or reject a comment."""

    write_role = Role.OWNER
    serializer_class = WordsSerializer

    @extend_schema(operation_id="read_words", parameters=ONE_SITE)
    def get(self, request: Request) -> Response:
        """Return the words of a site."""
        return Response(WordsSerializer(Policy.objects.current(self.chosen_site())).data)

    @extend_schema(operation_id="set_words", parameters=ONE_SITE)
    def put(self, request: Request) -> Response:
        """Set the words of a site, as the next revision of its house rules."""
        data = self.validated_body(WordsSerializer)
        policy = Policy.objects.current(self.chosen_site())
        policy.held_words, policy.rejected_words = data["held_words"], data["rejected_words"]
        revision = set_policy(policy, by=self.user, now=timezone.now())
        return Response(WordsSerializer(revision).data)
