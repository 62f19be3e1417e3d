"""What the policy endpoints for sites' servers and for moderators share."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from rest_framework.response import Response

from comments.http import problems
from comments.models import Site
from moderation.models import Actor, Policy
from moderation.screening.policy.revisions import set_policy
from moderation.screening.policy.simulation import simulate
from moderation.screening.policy.time_budget import AlreadyRunning
from moderation.web.shared.policy_serializers import PolicySerializer, SimulationSerializer


def current_policy(site: Site) -> Response:
    """Return the current policy; revision 0 means that the site never set any."""
    return Response(PolicySerializer(Policy.objects.current(site)).data)


def replace_policy(site: Site, data: Mapping[str, Any], *, by: Actor) -> Response:
    """Save a validated policy as the next revision, and return it."""
    revision = set_policy(Policy(site=site, **data), by=by, now=timezone.now())
    return Response(PolicySerializer(revision).data)


def simulate_policy(site: Site, data: Mapping[str, Any]) -> Response:
    """Return what a validated policy would have done to the `limit` latest decided comments.

    Raises Problem while another simulation of the site is running.
    """
    policy = Policy(site=site, **data["policy"])
    try:
        simulation = simulate(policy, site=site, limit=data["limit"])
    except AlreadyRunning as error:
        headers = {"Retry-After": "10"}
        raise problems.Problem(409, "already-running", str(error), headers=headers) from None
    return Response(SimulationSerializer(simulation).data)
