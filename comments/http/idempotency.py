"""`Idempotency-Key`: a POST that is sent twice creates once.

Follows draft-ietf-httpapi-idempotency-key-header: the same key with another body is refused with
422, and a finished request's answer is given again, for a day, with `Idempotent-Replay: true`.

The draft lets a server answer 409 while the first request is still at work. Here nobody gets that:
the key is stored at the end of the transaction of the effect, so that the second request waits at
the unique index until the first one is through, and then has its answer, its own effect undone; or
it has its turn if the first one failed.
A client that retries need not tell "wait" from "done", and a server that dies leaves no key behind
that would be refused for good.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from cryptography.fernet import InvalidToken
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from rest_framework.response import Response

from comments.http.problems import Problem
from comments.models import IdempotencyKey
from comments.models.insertion import Insertion, insert_all
from comments.privacy import email_addresses

# Makes the effect of a request, but for the rows that it returns with the response. The first try,
# without `careful`, may return rows that are most likely new; where one turns out to be there, its
# effect is undone, and a careful try follows, which stores itself what may be there.
Create = Callable[[bool], tuple[Response, Sequence[Insertion]]]


class IdempotentRequest(NamedTuple):
    """What identifies a repeated request: its key, the scope of the key, its content.

    `scope` is caller, method and path; equal keys of different scopes are independent.
    """

    header: str
    scope: str
    content: Any


def once(
    call: IdempotentRequest, create: Callable[[], Response], *, form_nonce: str = ""
) -> Response:
    """Return the response of `create`, or the stored one of the first request with this key.

    See `once_with_rows`.
    """
    return once_with_rows(call, lambda _careful: (create(), ()), form_nonce=form_nonce)


def once_with_rows(call: IdempotentRequest, create: Create, *, form_nonce: str = "") -> Response:
    """Return the response of `create`, or the stored one of the first request with this key.

    `create` returns the response, and rows that are stored here, together with the key. A form that
    is sent twice with the same content counts as the same request: its nonce stands in for a
    missing header. With other content it is another request. The key and the effect are stored in
    one transaction, the response encrypted. Errors are not stored. Raises Problem: 400 for an
    invalid key, 422 for one that came with other content.
    """
    key = _key(call.header) or (f"form {form_nonce}" if form_nonce else "")
    if not key:
        return _store(create)
    record = IdempotencyKey(scope=call.scope, key=key, fingerprint=_fingerprint(call.content))
    # A form is new as a rule, and what is not shows at the end: it need not be looked for first.
    if call.header and (earlier := _earlier(record)):
        return _answer_again(earlier, record, create)
    return _store_once(create, record)


def _key(header: str) -> str:
    key = header.strip().strip('"')
    if len(key) > 200 or not key.isprintable() or key.startswith("form "):
        raise Problem(400, "idempotency-key-invalid", "Use up to 200 printable characters.")
    return key


def _earlier(record: IdempotencyKey) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(scope=record.scope, key=record.key).first()


def _store_once(create: Create, record: IdempotencyKey, *, careful: bool = False) -> Response:
    """Store the effect and the key, or return the response that is stored under it meanwhile."""
    try:
        return _try(create, record, careful=careful)
    except Exception as error:
        # The same request came twice at once, and the other one was first: this one's effect is
        # undone by the key that is taken, or it was refused for what the other one has done.
        if earlier := _earlier(record):
            return _answer_again(earlier, record, create)
        if careful or not isinstance(error, IntegrityError):
            raise
    return _store_once(create, record, careful=True)


def _store(create: Create) -> Response:
    """Store the effect without a key, at the second try where some of it turned out to be there."""
    try:
        return _try(create, None, careful=False)
    except IntegrityError:
        return _try(create, None, careful=True)


@transaction.atomic
def _try(create: Create, record: IdempotencyKey | None, *, careful: bool) -> Response:
    """Store the effect, and the key with the response; a key that is taken rolls both back."""
    response, rows = create(careful)
    if record:
        record.status_code = response.status_code
        record.answer = email_addresses.encrypt(json.dumps(response.data, cls=DjangoJSONEncoder))
        record.created_id = _created_id(response.data)
        rows = [*rows, Insertion(record)]
    if rows:
        insert_all(rows, last=True)
    return response


def _answer_again(earlier: IdempotencyKey, record: IdempotencyKey, create: Create) -> Response:
    """Return the stored response, unless a form came back with another comment."""
    is_same = earlier.fingerprint == record.fingerprint
    if not is_same and record.key.startswith("form "):
        return _store(create)
    if not is_same:
        raise Problem(
            422, "idempotency-key-reused", "This Idempotency-Key came with another request before."
        )
    try:
        answer = json.loads(email_addresses.decrypt(earlier.answer))
    except InvalidToken:
        detail = "This was done before; the key of its stored answer is gone."
        raise Problem(409, "idempotency-key-used", detail) from None
    return Response(answer, status=earlier.status_code, headers={"Idempotent-Replay": "true"})


def _created_id(answer: Any) -> str:
    return str(answer.get("id", "")) if isinstance(answer, dict) else ""


def _fingerprint(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
