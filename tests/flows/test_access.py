"""Who may do what: every endpoint of the URL conf, by every caller, looking at rows and answers.

`access.csv` says it: `answers` is who gets more than a refusal, `changes` whose call may change a
row. A role means this one and those above it, at the site itself; nobody means that all are
refused. An endpoint without a line fails: write one, and be sure that it is right.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.apps import apps
from django.test import Client
from knox.models import AuthToken

from comments.accounts import api_keys
from comments.models import Role, Scope, Site, User
from comments.privacy import tokens
from moderation.models import (
    Alarm,
    Mail,
    QueueMail,
    RefusalReason,
    SectionKind,
    SectionRules,
    Suppression,
)
from tests.factories import NOW, MembershipFactory, SiteFactory, UserFactory
from tests.flows.endpoints import Endpoint, Outcome, call, endpoints, names_a_thing, rows
from tests.flows.test_foreign_sites import EMAIL, MARK, foreign, sent

__all__ = ["foreign"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
TABLE = Path(__file__).with_name("access.csv")
LADDER = ["anybody", "viewer", "moderator", "owner", "superuser"]
SCOPES = [f"key {scope}" for scope in Scope]
STRANGERS = ["foreign key", "foreign moderator", "foreign owner"]
CALLERS = ["anonymous", "reader", *LADDER[1:], *SCOPES, "revoked key"]
# The audit log names members by their addresses, and one of the site's has this one.
NAMES_MEMBERS = re.compile(r"audit")


@pytest.fixture
def quiet(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    settings.KEY_LIMIT = settings.SITE_LIMIT = 10**9


@pytest.fixture
def things(foreign: dict[str, Any]) -> dict[str, Any]:
    """The site whose things everybody asks for, with what the desk's addresses name them by."""
    site = foreign["site"]
    Alarm.objects.create(site=site)
    Suppression.objects.create(digest=MARK, reason="bounce", created_at=NOW)
    Mail.objects.create(
        site=site, kind="decision", recipient=MARK, created_at=NOW, next_attempt_at=NOW
    )
    api_keys.issue(site, scopes=[Scope.CHECKS], name=MARK, now=NOW)
    # The last owner can't be removed.
    owner = MembershipFactory(site=site, role=Role.OWNER)
    RefusalReason.objects.create(site=site, key="rude", label=MARK)
    SectionRules.objects.create(site=site, kind=SectionKind.TAG, value=MARK)
    QueueMail.objects.create(site=site, user=owner.user, told_at=NOW)
    # So far there is nothing of any other site.
    models = [*apps.get_app_config("comments").get_models()]
    models += apps.get_app_config("moderation").get_models()
    first = {model.__name__.lower(): model._base_manager.first() for model in models}
    named = {name: row.pk for name, row in first.items() if row}
    return {**foreign, "of": {**named, "views": named["savedview"]}}


def client_of(name: str, site: Site) -> Client:
    """Return a caller of a site; a stranger is one of another site."""
    if name.startswith("foreign"):
        site, name = SiteFactory(), name.removeprefix("foreign ")
    if name == "key":
        return key_client(site, [scope for scope in Scope if scope != Scope.AKISMET])
    if name.startswith("key "):
        return key_client(site, [Scope(name.removeprefix("key "))])
    if name == "revoked key":
        client = key_client(site, [scope for scope in Scope if scope != Scope.AKISMET])
        site.keys.update(revoked_at=NOW)
        return client
    if name in ("anonymous", "reader"):
        return Client()
    return user_client(
        UserFactory(is_superuser=True)
        if name == "superuser"
        else MembershipFactory(site=site, role=Role(name)).user
    )


def key_client(site: Site, scopes: list[Scope]) -> Client:
    secret = api_keys.issue(site, scopes=scopes, name="blog", now=NOW).secret
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    client.secret = secret
    return client


def user_client(user: User) -> Client:
    client = Client(headers={"Authorization": f"Token {AuthToken.objects.create(user)[1]}"})
    client.force_login(user)
    return client


def walk(name: str, things: dict[str, Any]) -> Iterator[tuple[Endpoint, Outcome]]:
    """Yield what comes of every call of every endpoint by one caller."""
    client = client_of(name, things["site"])
    body = sent(things)
    if name == "reader":
        client.defaults["HTTP_X_EDIT_TOKEN"] = tokens.issue_edit_token(things["comment"])
    if hasattr(client, "secret"):
        body |= {"api_key": client.secret, "blog": "https://x.example"}
    told = {**things, "rows": rows()}
    for endpoint in endpoints():
        # Pages of the desk know sessions alone: a key there is a call of anybody.
        if hasattr(client, "secret") and endpoint.route.startswith(("admin/", "sign-in/")):
            continue
        yield endpoint, call(client, endpoint, told, body)


class Access(NamedTuple):
    """A line of the table: who is answered, and whose call may change rows."""

    answers: tuple[str, ...]
    changes: tuple[str, ...]


def table() -> dict[Endpoint, Access]:
    with TABLE.open(newline="") as file:
        return {
            Endpoint(row["route"], row["method"]): Access(
                tuple(row["answers"].split(", ")), tuple(row["changes"].split(", "))
            )
            for row in csv.DictReader(file)
        }


def shows_address(endpoint: Endpoint, outcome: Outcome) -> bool:
    """Tell whether an answer has the reader's address where it must not."""
    return EMAIL.encode() in outcome.content and not NAMES_MEMBERS.search(endpoint.route)


def includes(allowed: tuple[str, ...], caller: str) -> bool:
    """Tell whether a caller is one of those whom a column names."""
    if "anybody" in allowed or caller in allowed:
        return True
    role = LADDER.index(caller) if caller in LADDER else 0
    return any(name in LADDER and 0 < LADDER.index(name) <= role for name in allowed)


def test_every_endpoint_has_a_line_and_every_line_an_endpoint() -> None:
    assert set(endpoints()) == set(table())


@pytest.mark.parametrize("caller", CALLERS)
def test_a_caller_is_answered_and_changes_what_the_table_says(
    things: dict[str, Any], caller: str
) -> None:
    lines, wrong = table(), []
    for endpoint, outcome in walk(caller, things):
        told = f"{endpoint.method} {endpoint.route}: {outcome.status}"
        line = lines.get(endpoint, Access((), ()))
        if outcome.status >= 500:
            wrong.append(f"{told} is a fault")
        if outcome.is_answered != includes(line.answers, caller):
            wrong.append(f"{told}, for {line.answers}")
        if outcome.changed and not includes(line.changes, caller):
            wrong.append(f"{told} changed {sorted({key[0] for key in outcome.changed})}")
        if endpoint.method == "get" and shows_address(endpoint, outcome):
            wrong.append(f"{told} has an address")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("caller", STRANGERS)
def test_a_stranger_sees_and_touches_nothing_of_the_site(
    things: dict[str, Any], caller: str
) -> None:
    lines, wrong = table(), []
    for endpoint, outcome in walk(caller, things):
        told = f"{endpoint.method} {endpoint.route}: {outcome.status}"
        is_public = "anybody" in lines.get(endpoint, Access((), ())).answers
        if is_public:
            continue
        # Forms repeat what was typed into them, which is the address alone.
        typed = b"" if endpoint.method == "get" else EMAIL.encode()
        if MARK.encode() in outcome.content.replace(typed, b""):
            wrong.append(f"{told} shows what is the site's")
        # What is not there may be deleted (204), and a body or an address be wrong in itself.
        if names_a_thing(endpoint.route) and outcome.status in (200, 201, 202):
            wrong.append(f"{told} is answered")
        # New rows are the stranger's own; those that were there stay as they are.
        if touched := {key[0] for key, before in outcome.changed.items() if before}:
            wrong.append(f"{told} changed {sorted(touched)}")
    assert not wrong, "\n".join(wrong)
