"""Each policy field reaches every place that shows, sets, compares or applies it."""

import dataclasses
import re
from pathlib import Path

import pytest
from django.urls import reverse

from comments.models import Role, Site
from moderation.models import Policy
from moderation.rules.verdicts import STATE, Rules
from moderation.screening.policy.revisions import changed_fields
from moderation.web.shared.policy_serializers import PolicySerializer, SimulationRequestSerializer
from tests.factories import PolicyFactory
from tests.moderation.web.desk.desk import member, read

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[3] / "docs" / "owners.md"

every_field = pytest.mark.parametrize("field", Policy.FIELDS)


def test_what_describes_a_revision_is_no_policy_field() -> None:
    assert not {"id", "site", "revision", "created_at", "created_by"} & set(Policy.FIELDS)


@every_field
def test_the_api_reads_and_sets_each_field(field: str) -> None:
    assert not PolicySerializer().fields[field].read_only


@every_field
def test_the_api_gives_each_field_a_default(field: str) -> None:
    assert not PolicySerializer().fields[field].required


@every_field
def test_a_simulation_takes_each_field(field: str) -> None:
    assert field in SimulationRequestSerializer().fields["policy"].fields


@every_field
def test_the_form_of_owners_has_each_field(site: Site, field: str) -> None:
    page = read(member(Role.OWNER, site), reverse("admin:moderation_policy_add"))
    assert re.search(rf'name="{field}["-]', page)


@every_field
def test_moderators_read_each_field(site: Site, field: str) -> None:
    policy = PolicyFactory(site=site)
    where = reverse("admin:moderation_policy_change", args=[policy.pk])
    page = read(member(Role.MODERATOR, site), where)
    label = str(Policy._meta.get_field(field).verbose_name).capitalize()
    assert label in page


@every_field
def test_the_log_names_each_field_that_changed(field: str) -> None:
    former, later = Policy(), Policy(**{field: "something else"})
    assert changed_fields(former, later) == [field]


@every_field
def test_the_owners_manual_explains_each_field(field: str) -> None:
    assert f"| `{field}` |" in DOCS.read_text(encoding="utf-8")


def test_a_section_of_the_form_has_policy_fields_only() -> None:
    sections = [name for names in Policy.SECTIONS.values() for name in names]
    assert sorted(sections) == sorted(Policy.FIELDS)


@pytest.mark.parametrize("field", dataclasses.fields(Rules), ids=lambda field: field.name)
def test_a_verdict_depends_on_policy_fields_of_the_same_name_and_on_the_sites_state(
    field: "dataclasses.Field[object]",
) -> None:
    assert (field.name in Policy.FIELDS) != (field.name in STATE)


def test_rules_are_copied_from_the_policy() -> None:
    rules = Policy(max_links=7, held_words=["casino"], confirm_email="first").rules({})
    assert (rules.max_links, rules.held_words) == (7, ("casino",))
    assert rules.confirm_email == "first"


def test_a_policy_without_changes_decides_as_the_rules_do_by_default() -> None:
    assert Policy().rules({}) == Rules()
