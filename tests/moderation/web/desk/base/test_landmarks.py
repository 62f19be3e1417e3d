"""Every page of the desk has one main part, which a screen reader can go to."""

import re
from itertools import product

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from comments.models import Role, Site
from tests.factories import MembershipFactory, UserFactory
from tests.moderation.web.desk.desk import read, signed_in

PAGES = [
    f"admin:{model._meta.app_label}_{model._meta.model_name}_{kind}"
    for model, kind in product(admin.site._registry, ("changelist", "add"))
]
OF_A_SITE = ["set_up", "calibration", "same_pages", "refused_origins", "shared_secrets", "change"]


@pytest.fixture
def operator(site: Site) -> Client:
    """Who may see every page."""
    user = UserFactory(is_superuser=True, is_staff=True)
    MembershipFactory(site=site, user=user, role=Role.OWNER)
    return signed_in(user)


def main_parts(page: str) -> int:
    return len(re.findall(r"<main\b", page))


@pytest.mark.parametrize("name", PAGES)
def test_lists_and_forms_have_one_main_part(operator: Client, name: str) -> None:
    answer = operator.get(reverse(name), follow=True)
    # What can't be added by hand has no form.
    if answer.status_code == 200:
        assert main_parts(answer.content.decode()) == 1


@pytest.mark.parametrize("name", OF_A_SITE)
def test_pages_of_a_site_have_one_main_part(operator: Client, site: Site, name: str) -> None:
    address = reverse("admin:comments_site_change", args=[site.pk])
    page = address if name == "change" else address.replace("change", name.replace("_", "-"))
    answer = operator.get(page, follow=True)
    assert (answer.status_code, main_parts(answer.content.decode())) == (200, 1)


def test_the_page_of_a_persons_password_has_one_main_part(operator: Client) -> None:
    person = UserFactory()
    assert main_parts(read(operator, f"/admin/comments/user/{person.pk}/password/")) == 1
