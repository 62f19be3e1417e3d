"""The review endpoints of the house rules."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from comments.models import Role, Site
from moderation.models import Policy
from moderation.screening.policy.revisions import set_rules
from moderation.screening.policy.simulation import simulate
from moderation.web.review_api import requests
from moderation.web.review_api.base import ReviewView
from moderation.web.review_api.record_serializers import PolicyPage
from moderation.web.shared.policy_serializers import (
    PolicySerializer,
    SimulationSerializer,
    TrialSerializer,
)
from moderation.web.shared.schema import PROBLEMS

ONE_SITE = [requests.SiteChoiceSerializer]


class RulesView(ReviewView):
    """An endpoint of one site's rules, which `site` names."""

    def asked_site(self, role: Role) -> Site:
        """Return the site in question, or 404 where the caller's role does not do."""
        asked = requests.SiteChoiceSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        return self.site(asked.validated_data["site"], role)


class ReviewPolicyView(RulesView):
    """The rules in force."""

    @extend_schema(
        operation_id="review_policy",
        parameters=ONE_SITE,
        responses={200: PolicySerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return the house rules of a site; revision 0 means that it never set any."""
        return Response(PolicySerializer(Policy.objects.current(self.asked_site(Role.VIEWER))).data)

    @extend_schema(
        operation_id="review_set_policy",
        parameters=ONE_SITE,
        request=PolicySerializer,
        responses={200: PolicySerializer, **PROBLEMS},
    )
    def put(self, request: Request) -> Response:
        """Set the house rules of a site that the caller owns, as the next revision."""
        site = self.asked_site(Role.OWNER)
        serializer = PolicySerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        policy = Policy(site=site, **serializer.validated_data)
        return Response(PolicySerializer(set_rules(policy, by=self.user, now=timezone.now())).data)


class RevisionsView(RulesView):
    """The rules as they were."""

    @extend_schema(parameters=ONE_SITE, responses={200: PolicyPage, **PROBLEMS})
    def get(self, request: Request) -> Response:
        """List the revisions of a site's house rules, the newest first."""
        revisions = Policy.objects.filter(site=self.asked_site(Role.VIEWER))
        return self.page(revisions, PolicySerializer)


class ReviewSimulationView(RulesView):
    """Rules that are not in force, tried on what was decided before."""

    @extend_schema(
        operation_id="review_simulate_policy",
        parameters=ONE_SITE,
        request=TrialSerializer,
        responses={200: SimulationSerializer, **PROBLEMS},
    )
    def post(self, request: Request) -> Response:
        """Say what these rules would have done to the comments that were decided last."""
        site = self.asked_site(Role.VIEWER)
        trial = TrialSerializer(data=request.data)
        trial.is_valid(raise_exception=True)
        policy = Policy(site=site, **trial.validated_data["policy"])
        tried = simulate(policy, site=site, limit=trial.validated_data["limit"])
        return Response(SimulationSerializer(tried).data)


class WordsView(RulesView):
    """The words that hold or reject a comment."""

    @extend_schema(
        operation_id="read_words",
        parameters=ONE_SITE,
        responses={200: requests.WordsSerializer, **PROBLEMS},
    )
    def get(self, request: Request) -> Response:
        """Return the words of a site."""
        policy = Policy.objects.current(self.asked_site(Role.VIEWER))
        return Response(requests.WordsSerializer(policy).data)

    @extend_schema(
        operation_id="set_words",
        parameters=ONE_SITE,
        request=requests.WordsSerializer,
        responses={200: requests.WordsSerializer, **PROBLEMS},
    )
    def put(self, request: Request) -> Response:
        """Set the words of a site, as the next revision of its house rules."""
        serializer = requests.WordsSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        policy = Policy.objects.current(self.asked_site(Role.OWNER))
        policy.held_words = serializer.validated_data["held_words"]
        policy.rejected_words = serializer.validated_data["rejected_words"]
        standing = set_rules(policy, by=self.user, now=timezone.now())
        return Response(requests.WordsSerializer(standing).data)
