"""One site never sees or touches another's: every endpoint, by every caller, asked for what is
another site's. The endpoints are those of the published description: a new one is walked, too.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import Model
from drf_spectacular.generators import SchemaGenerator
from knox.models import AuthToken

from comments.accounts import api_keys
from comments.models import Role, Scope, Site, User
from moderation.models import (
    Appeal,
    AuditAction,
    AuditEntry,
    Ban,
    BulkJob,
    ExternalModerator,
    Label,
    Note,
    Report,
    SavedView,
    Transfer,
)
from moderation.notifications.webhooks import endpoints
from moderation.rules.verdicts import Verdict
from tests.conftest import Api
from tests.factories import (
    NOW,
    AuthorFactory,
    CommentFactory,
    DecisionFactory,
    MembershipFactory,
    PolicyFactory,
    ReviewableFactory,
    SiteClassifierFactory,
    SiteFactory,
    ThreadFactory,
    layer,
)

pytestmark = pytest.mark.django_db
# Stands in everything that is the other site's, and is never sent but as an address.
MARK = "zq-ours-alone"
URL = "https://theirs.example/page"
EMAIL = f"{MARK}@mail.example"
METHODS = ("get", "post", "put", "patch", "delete")
# No site's: which file or table of one's own is meant.
NOT_IDS = {"slug": "gazette", "kind": "json", "table": "daily", "year": "2026", "number": "1"}


class Operation(NamedTuple):
    """One endpoint with one method, and the fields that it takes."""

    method: str
    path: str
    query: tuple[str, ...]
    body: Mapping[str, Any] | None


@pytest.fixture
def foreign() -> dict[str, Any]:
    """A site with everything that a site may have; return what the API would call it by."""
    site = SiteFactory(slug="theirs", name=MARK)
    thread = ThreadFactory(site=site, title=MARK, url=URL)
    author = AuthorFactory(site=site, email=EMAIL, name=MARK)
    owner = MembershipFactory(site=site, role=Role.OWNER).user
    comment = CommentFactory(thread=thread, author=author, body=MARK, status="held")
    ReviewableFactory(comment=comment)
    decision = DecisionFactory(
        comment=comment, verdict=Verdict.HOLD, source="MODERATOR", decided_by=owner, reasoning=MARK
    )
    refused = CommentFactory(thread=thread, author=author, body=MARK, status="rejected")
    rejection = DecisionFactory(comment=refused, verdict=Verdict.REJECT, reasoning=MARK)
    appeal = Appeal.objects.create(decision=rejection, text=MARK, submitted_at=NOW)
    Report.objects.create(
        comment=comment, revision=1, reason="ABUSE", text=MARK, reporter=MARK, created_at=NOW
    )
    ban = Ban.objects.create(
        site=site, target="DOMAIN", value=f"{MARK}.example", reason=MARK, created_at=NOW
    )
    job = BulkJob.objects.create(verdict="APPROVE", moderator=owner, started_at=NOW, reasoning=MARK)
    view = SavedView.objects.create(user=owner, name=MARK, filters={"q": MARK})
    Note.objects.create(author=author, text=MARK, written_by=owner, written_at=NOW)
    PolicyFactory(site=site, held_words=[MARK])
    AuditEntry.objects.create(
        site=site, act=AuditAction.NOTED, who=EMAIL, at=NOW, detail={"x": MARK}
    )
    Label.objects.create(
        site=site, text=MARK, category="SPAM", value=True, source="FEEDBACK", created_at=NOW
    )
    hook = endpoints.Webhook.objects.create(
        site=site, url=f"https://{MARK}.example/", events=["*"], secret="", created_at=NOW
    )
    delivery = endpoints.outbox.test(hook, now=NOW)
    ExternalModerator.objects.create(
        site=site, url=f"https://{MARK}.example/", secret="", created_at=NOW
    )
    transfer = Transfer.objects.create(
        site=site, kind="export", format="native", error=MARK, created_at=NOW
    )
    SiteClassifierFactory(site=site, layer=layer(**{MARK: 2.0}))
    ids = {
        "comment_id": comment.pk,
        "thread_id": thread.pk,
        "author_id": author.pk,
        "decision_id": decision.pk,
        "appeal_id": appeal.pk,
        "ban_id": ban.pk,
        "job_id": job.pk,
        "view_id": view.pk,
        "webhook_id": hook.pk,
        "delivery_id": delivery.pk,
        "transfer_id": transfer.pk,
    }
    told = {"thread": thread, "comment": comment, "author": author}
    return {"site": site, "owner": owner, "ids": ids, **told}


def operations() -> Iterator[Operation]:
    """Yield what the published description has."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    for path, methods in schema["paths"].items():
        for method in METHODS:
            if told := methods.get(method):
                query = [p["name"] for p in told.get("parameters", []) if p["in"] == "query"]
                yield Operation(method, path, tuple(query), _body(told, schema))


def _body(told: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = told.get("requestBody", {}).get("content", {}).get("application/json")
    if content is None:
        return None
    name = content["schema"].get("$ref", "").rpartition("/")[2]
    return schema["components"]["schemas"][name]["properties"] if name else {}


def sent(foreign: dict[str, Any]) -> dict[str, Any]:
    """Return what every field is filled with, wherever it occurs: the other site's, if it can."""
    comment, thread, site = str(foreign["comment"].pk), foreign["thread"], foreign["site"].slug
    return {
        "site": site,
        "comment": comment,
        "comments": [comment],
        "into": str(thread.pk),
        "parent": comment,
        "author": str(foreign["author"].pk),
        "thread": {"url": thread.url},
        "decisions": [{"comment": comment, "verdict": "APPROVE", "revision": 1}],
        "items": [{"comment_id": comment, "labels": {"SPAM": True}}],
        "filters": {"site": site},
        "email": EMAIL,
        "author_email": EMAIL,
        "author_name": "Somebody",
        "verdict": "APPROVE",
        "revision": 1,
        "body": "Another text",
        "text": "A text",
        "reasoning": "A reason",
        "reason": "SPAM",
        "target": "DOMAIN",
        "value": "elsewhere.example",
        "name": "A view",
        "url": thread.url,
        "key": thread.key,
        "title": "A title",
        "closed": True,
        "enabled": False,
        "policy": {},
        "held_words": ["word"],
        "rejected_words": [],
    }


def _named(operation: Operation) -> set[str]:
    """Return the kinds of things that the address names."""
    return set(re.findall(r"\{(\w+)\}", operation.path)) - set(NOT_IDS)


CALLERS = ("viewer", "moderator", "owner", "key", "nobody")


def caller(name: str, site: Site) -> Api:
    if name == "nobody":
        return Api("")
    if name == "key":
        scopes = [scope for scope in Scope if scope != Scope.AKISMET]
        secret = api_keys.issue(site, scopes=scopes, name="all", now=NOW).secret
        return Api("", Authorization=f"Bearer {secret}")
    return person(MembershipFactory(site=site, role=Role(name)).user)


def person(user: User) -> Api:
    return Api("", Authorization=f"Token {AuthToken.objects.create(user)[1]}")


def rows() -> dict[tuple[str, Any], Any]:
    """Return everything that is stored, by model and key."""
    models: list[type[Model]] = [
        model
        for app in ("comments", "moderation")
        for model in apps.get_app_config(app).get_models()
    ]
    return {
        (model.__name__, row["pk"]): row
        for model in models
        for row in model._base_manager.annotate().values(
            "pk", *(field.attname for field in model._meta.concrete_fields)
        )
    }


def call(client: Api, operation: Operation, foreign: dict[str, Any]) -> Any:
    fill = {name: str(pk) for name, pk in foreign["ids"].items()} | NOT_IDS
    path = re.sub(r"\{(\w+)\}", lambda found: fill[found[1]], operation.path)
    values = sent(foreign)
    told = {**values, "thread": foreign["thread"].key}
    query = "&".join(f"{name}={told[name]}" for name in operation.query if name in told)
    body = None
    if operation.body is not None:
        body = json.dumps({name: values[name] for name in operation.body if name in values})
    headers = {"Idempotency-Key": uuid4().hex}
    method = getattr(client, operation.method)
    return method(f"{path}?{query}", *([body] if body else []), headers=headers)


@pytest.mark.parametrize("name", CALLERS)
def test_nobody_sees_or_touches_what_is_another_sites(
    foreign: dict[str, Any], name: str, settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    before = rows()
    client = caller(name, SiteFactory(slug="gazette"))
    for operation in operations():
        answer = call(client, operation, foreign)
        told = f"{operation.method} {operation.path} by {name}: {answer.status_code}"
        content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code < 500, told
        # To delete what is not there may be a success, as long as nothing is gone.
        assert not _named(operation) or answer.status_code >= 400 or answer.status_code == 204, told
        assert MARK.encode() not in content, told
    after = rows()
    changed = {key for key, row in before.items() if after.get(key) != row}
    assert not changed


def test_what_is_walked_is_there_for_the_sites_own_people(
    foreign: dict[str, Any], settings: Any, tmp_path: Any
) -> None:
    settings.DATA_DIR = tmp_path
    own = [person(foreign["owner"]), caller("key", foreign["site"])]
    for operation in operations():
        if operation.method == "get" and _named(operation) and "/sites/" not in operation.path:
            told = [call(client, operation, foreign).status_code for client in own]
            is_of_an_import = "import" in operation.path or "/file" in operation.path
            assert is_of_an_import or 200 in told, f"{operation.path}: {told}"
