"""The whole published description, with every kind of caller: no fault, nothing undescribed.

Requests are drawn from the description, the same ones each time; most of them name things that are
there. Each is sent by every caller, and what it did is taken back. Many more are drawn against a
running installation, in `tests/services/test_contract.py`.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
import requests
import schemathesis
from django.db import transaction
from django.test import Client
from django.utils import timezone
from drf_spectacular.generators import SchemaGenerator
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from knox.models import AuthToken
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from comments.accounts import api_keys, single_sign_on
from comments.http import rate_limits
from comments.models import Role, Scope
from comments.privacy import tokens
from tests.factories import MembershipFactory
from tests.flows.test_foreign_sites import NOT_IDS, foreign

__all__ = ["foreign"]
pytestmark = pytest.mark.django_db
ORIGIN = "http://testserver"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES = 4


def described() -> list[Any]:
    document = SchemaGenerator().get_schema(request=None, public=True)
    schema = schemathesis.openapi.from_dict(document)
    return [result.ok() for result in schema.get_all_operations()]


OPERATIONS = described()


@pytest.fixture
def callers(foreign: dict[str, Any]) -> Mapping[str, Client]:
    """Somebody of each kind at the site whose things are asked for."""
    site, now = foreign["site"], timezone.now()
    scopes = [scope for scope in Scope if scope != Scope.AKISMET]
    secret = api_keys.issue(site, scopes=scopes, name="blog", now=now).secret
    token = AuthToken.objects.create(foreign["owner"], expiry=timedelta(days=1))[1]
    edit_token = tokens.issue_edit_token(foreign["comment"])
    session = Client()
    session.force_login(MembershipFactory(site=site, role=Role.MODERATOR).user)
    return {
        "nobody": Client(),
        "key": Client(headers={"Authorization": f"Bearer {secret}"}),
        "review token": Client(headers={"Authorization": f"Token {token}"}),
        "session": session,
        "author": Client(headers={"X-Edit-Token": edit_token}),
        "signed-on reader": Client(),
    }


def signed_on(body: Any, foreign: Mapping[str, Any]) -> Any:
    """Return a body with the token of a signed-on reader, which is nothing but a field there."""
    if not isinstance(body, dict):
        return body
    reader = single_sign_on.SignedOnReader("Ann", "ann@mail.example")
    token = single_sign_on.issue_reader_token(reader, site=foreign["site"], now=timezone.now())
    return {**body, "reader_token": token}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.label)
def test_every_answer_is_described_whoever_calls(
    operation: Any, callers: Mapping[str, Client], foreign: dict[str, Any]
) -> None:
    there = {**NOT_IDS, **foreign["ids"], "slug": foreign["site"].slug}

    @settings(max_examples=EXAMPLES, phases=[Phase.generate], database=None)
    @given(case=operation.as_strategy(), named=st.sampled_from([True, True, False]))
    def send(case: Any, named: bool) -> None:
        if named:
            case.path_parameters = {name: str(there[name]) for name in case.path_parameters}
            case.query = {**case.query, **({"site": there["slug"]} if "site" in case.query else {})}
        for name, client in callers.items():
            body = case.body
            if name == "signed-on reader":
                case.body = signed_on(body, foreign)
            case.validate_response(answer(client, case), checks=CHECKS)
            case.body = body

    send()


def answer(client: Client, case: Any) -> schemathesis.Response:
    """Return what a caller is answered, and take back what the call did."""
    sent = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN)).prepare()
    headers = {n: str(v) for n, v in sent.headers.items() if n not in UNSENT}
    rate_limits._counters.cache_clear()
    with transaction.atomic():
        client.raise_request_exception = False
        response = client.generic(
            str(sent.method),
            sent.path_url,
            sent.body or b"",
            sent.headers.get("Content-Type", "application/octet-stream"),
            headers=headers,
        )
        content = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    told = {name.lower(): [value] for name, value in response.items()}
    return schemathesis.Response(response.status_code, told, content, sent, 0.0, verify=False)


# What the test client sets by itself.
UNSENT = {"Content-Type", "Content-Length", "Cookie"}
