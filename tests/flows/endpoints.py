"""Every endpoint that the URL conf has, and how the tests call it about one site's things."""

import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any, NamedTuple
from uuid import uuid4

from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from comments.http import rate_limits
from comments.privacy.encrypted_field import EncryptedJSONField, EncryptedTextField

METHODS = ("get", "post", "put", "patch", "delete")
# What is written by looking alone: when a key was used, who tried to sign in, sessions.
NOT_ROWS = {"CacheEntry", "Session", "LogEntry"}
NOT_FIELDS = {"last_used_at", "last_login"}
# Of pages and dialects, which take forms; the other endpoints take JSON.
TAKES_FORMS = re.compile(r"admin/|sign-in/|status/|email/|desk/|sites/|\^?1\\?\.")
# What a part of an address is filled with where it names nothing of a site's.
PARTS = {
    "kind": "json",
    "table": "daily",
    "year": "2026",
    "language": "de",
    "seed": "a",
    "provider_id": "company",
    "digest": "0123456789abcdef",
    "url": "nothing",
    "number": "1",
    "app_label": "moderation",
    "uidb36": "1",
    "key": "x-y",
    "token": "a:b:c",
    "secret": "nothing",
    "invitation": "00000000-0000-0000-0000-000000000000",
    "content_type_id": "1",
}


class Endpoint(NamedTuple):
    """A route of the URL conf, with one method."""

    route: str
    method: str


class Outcome(NamedTuple):
    """What came of a call: the response, and the rows that it changed, by model and key."""

    status: int
    where_to: str
    content: bytes
    changed: Mapping[tuple[str, Any], Any]

    @property
    def is_answered(self) -> bool:
        """Tell whether it was more than a refusal of who calls, or of what is named."""
        leads_away = re.match(r"/admin/login/|/sign-in/|/admin/$", self.where_to)
        return self.status not in (401, 403, 404, 405, 429) and not leads_away


def endpoints() -> Iterator[Endpoint]:
    """Yield the whole URL conf; views that name no methods have GET and POST."""
    for route, pattern in _walk(get_resolver().url_patterns):
        view = getattr(pattern.callback, "view_class", getattr(pattern.callback, "cls", None))
        methods = [name for name in METHODS if view and hasattr(view, name)] or ["get", "post"]
        yield from (Endpoint(route, method) for method in methods)


def _walk(patterns: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route, pattern


def path_of(route: str, things: Mapping[str, Any]) -> str:
    """Return the address of a route about one site's things."""
    model = re.match(r"admin/(?:comments|moderation)/(\w+)/(views)?", route)
    own = things["of"].get(model[2] or model[1]) if model else None
    named = {**PARTS, **things["ids"], "slug": things["site"].slug, "name": "daily"}
    user = things["of"]["user"]
    named |= {"object_id": own, "pk": user if own is None else own, "id": user}
    plain = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
    filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(named[found[1]]), plain)
    return "/" + filled.replace(r"\.[12]", ".1").replace("/?", "").translate(
        str.maketrans("", "", "^$\\" if route.startswith(("^", "admin/^", "sign-in/^")) else "")
    ).replace("discovery/rest", "$discovery/rest")


def names_a_thing(route: str) -> bool:
    """Tell whether the address names something that is a site's, or somebody's."""
    parts = set(re.findall(r"<(?:\w+:)?(\w+)>", route))
    return bool(parts - set(PARTS) - {"slug", "name"})


def call(client: Client, endpoint: Endpoint, things: Mapping[str, Any], body: Any) -> Outcome:
    """Call an endpoint, and take back what it did."""
    path, before = path_of(endpoint.route, things), things["rows"]
    # A call may sign out; and what one does too often must not end the others.
    cookies = deepcopy(client.cookies)
    rate_limits._counters.cache_clear()
    as_form = bool(TAKES_FORMS.match(endpoint.route))
    # Pages repeat what they were asked, so no address is asked for there.
    query = {name: value for name, value in body.items() if "email" not in name}
    sent: dict[str, Any] = {"data": query} if endpoint.method == "get" else _body(body, as_form)
    wrote: list[str] = []

    def watch(execute: Any, sql: str, *others: Any) -> Any:
        if not sql.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")):
            wrote.append(sql)
        return execute(sql, *others)

    with transaction.atomic():
        with connection.execute_wrapper(watch):
            client.raise_request_exception = False
            response = getattr(client, endpoint.method)(
                path, **sent, headers={"Idempotency-Key": uuid4().hex}
            )
            content = b"".join(response) if response.streaming else response.content
        after = rows() if wrote else before
        keys = before.keys() | after.keys()
        changed = {key: before.get(key) for key in keys if before.get(key) != after.get(key)}
        transaction.set_rollback(True)
    client.cookies = cookies
    return Outcome(response.status_code, response.get("Location", ""), content, changed)


def _body(body: Mapping[str, Any], as_form: bool) -> dict[str, Any]:
    if not as_form:
        return {"data": json.dumps(body), "content_type": "application/json"}
    plain = {
        name: value if isinstance(value, str | list) else json.dumps(value)
        for name, value in body.items()
        if not isinstance(value, list) or all(isinstance(one, str) for one in value)
    }
    return {"data": plain}


def rows() -> dict[tuple[str, Any], Any]:
    """Return everything that is stored, by model and key.

    By plain SQL, since it is asked for hundreds of times; encrypted columns are decrypted, which
    differ each time that the same is saved.
    """
    found = {}
    with connection.cursor() as cursor:
        for name, select, encrypted in _selects():
            cursor.execute(select)
            for row in cursor.fetchall():
                plain = {place: decrypt(row[place]) for place, decrypt in encrypted.items()}
                found[name, row[0]] = [plain.get(place, value) for place, value in enumerate(row)]
    return found


@cache
def _selects() -> list[tuple[str, str, dict[int, Any]]]:
    """Return for each model its name, what selects its rows, and what decrypts its columns."""
    selects = []
    for model in apps.get_models():
        if model.__name__ in NOT_ROWS:
            continue
        kept = [field for field in model._meta.concrete_fields if field.name not in NOT_FIELDS]
        fields = [model._meta.pk, *kept]
        columns = ", ".join(f'"{field.column}"' for field in fields)
        encrypted = {
            place: field.from_db_value
            for place, field in enumerate(fields)
            if isinstance(field, EncryptedTextField | EncryptedJSONField)
        }
        select = f'SELECT {columns} FROM "{model._meta.db_table}"'
        selects.append((model.__name__, select, encrypted))
    return selects
