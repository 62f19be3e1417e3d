"""What the policy endpoints for sites' servers and for moderators share."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from rest_framework.response import Response

from comments.models import Site, User
from moderation.models import Policy
from moderation.screening.policy.revisions import set_policy
from moderation.screening.policy.simulation import simulate
from moderation.web.shared.policy_serializers import PolicySerializer, SimulationSerializer


def current_policy(site: Site) -> Response:
    """Return the current policy; revision 0 means that the site never set any."""
    return Response(PolicySerializer(Policy.objects.current(site)).data)


def replace_policy(site: Site, data: Mapping[str, Any], *, by: User | None) -> Response:
    """Save a validated policy as the next revision, and return it; `by` is None for an API key."""
    revision = set_policy(Policy(site=site, **data), by=by, now=timezone.now())
    return Response(PolicySerializer(revision).data)


def simulate_policy(site: Site, data: Mapping[str, Any]) -> Response:
    """Return what a validated policy would have done to the `limit` latest decided comments."""
    policy = Policy(site=site, **data["policy"])
    simulation = simulate(policy, site=site, limit=data["limit"])
    return Response(SimulationSerializer(simulation).data)
