"""The word lists of a site: together they cost no more than one may, by every door."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Role, Site
from moderation.models import Policy
from tests.conftest import Api, signed_in
from tests.factories import MembershipFactory
from tests.moderation.web.desk.desk import signed_in as at_the_desk

pytestmark = pytest.mark.django_db
# One of the lists may be as large as this, and both may not.
COSTLIEST = f"{'x' * 100}*y"
WORDS = [*(f"{n}*{'x' * 20}*y" for n in range(400)), COSTLIEST]
BOTH = {"held_words": WORDS, "rejected_words": WORDS}
Door = Callable[[dict[str, Any]], Any]


@pytest.fixture(params=["plugin API", "policy", "simulation", "words", "desk"])
def save(request: pytest.FixtureRequest, site: Site, connect: Callable[..., Api]) -> Door:
    """One of the doors by which house rules are saved or tried."""
    user = MembershipFactory(site=site, role=Role.OWNER).user
    review, of_site = signed_in(user), f"?site={site.slug}"
    doors: dict[str, Door] = {
        "plugin API": lambda lists: connect("policy").put("policy", lists),
        "policy": lambda lists: review.put(f"policy{of_site}", lists),
        "simulation": lambda lists: review.post(f"policy/simulate{of_site}", {"policy": lists}),
        "words": lambda lists: review.put(f"words{of_site}", lists),
        "desk": lambda lists: _save_at_the_desk(at_the_desk(user), site, lists),
    }
    return doors[request.param]


def _save_at_the_desk(client: Client, site: Site, lists: dict[str, Any]) -> Any:
    form: dict[str, Any] = {name: "\n".join(words) for name, words in lists.items()}
    numbers = {
        "trust_after": 3,
        "max_links": 5,
        "reports_to_hold": 3,
        "slow_seconds": 0,
        "audit_percent": 1,
    }
    form |= {**numbers, "confirm_email": "never", "score_use": "measured", "learning": "shadow"}
    form["site"] = site.pk
    return client.post(reverse("admin:moderation_policy_add"), form)


def told(answer: Any) -> str:
    """Return an answer as text, without JSON's or HTML's escapes."""
    is_json = "json" in answer["Content-Type"]
    return json.dumps(answer.json(), ensure_ascii=False) if is_json else answer.content.decode()


def test_lists_that_cost_too_much_together_are_refused_with_the_costliest_lines(
    save: Door,
) -> None:
    answer = save(BOTH)
    assert "too large together" in told(answer)
    assert COSTLIEST in told(answer)
    assert not Policy.objects.exists()


def test_each_of_them_may_be_as_large(save: Door) -> None:
    answer = save({"held_words": WORDS, "rejected_words": []})
    assert answer.status_code in (200, 302)
