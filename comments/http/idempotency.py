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
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from rest_framework.response import Response

from comments.http.problems import Problem
from comments.models import IdempotencyKey
from comments.privacy import email_addresses

# The one member of an answer that is stored encrypted.
SEALED = "sealed"


class IdempotentRequest(NamedTuple):
    """What identifies a repeated request: its key, the scope of the key, its content.

    `scope` is caller, method and path; equal keys of different scopes are independent.
    """

    header: str
    scope: str
    content: Any


class UsedForm(NamedTuple):
    """The key that stands for a form, and the earlier request with that form, if there is one."""

    key: str = ""
    earlier: IdempotencyKey | None = None


NO_FORM = UsedForm()


def once(
    call: IdempotentRequest,
    create: Callable[[], Response],
    *,
    form: UsedForm = NO_FORM,
    secret: bool = False,
) -> Response:
    """Return the response of `create`, or the stored one of the first request with this key.

    A form that is sent twice with the same content counts as the same request: it stands in for a
    missing header. The key and the effect are stored in one transaction. Errors are not stored.
    A `secret` response is stored encrypted. Raises Problem: 400 for an invalid key, 422 for one
    that came with other content.
    """
    key = _key(call.header) or form.key
    if not key:
        return create()
    record = IdempotencyKey(scope=call.scope, key=key, fingerprint=_fingerprint(call.content))
    if earlier := form.earlier if key == form.key else _earlier(record):
        is_other_comment = earlier.fingerprint != record.fingerprint and not call.header
        return create() if is_other_comment else _repeat(earlier, record)
    try:
        return _remember(create, record, secret=secret)
    except Exception:
        # The same request came twice at once, and the other one was first: this one's effect is
        # undone by the key that is taken, or it was refused for what the other one has done.
        if earlier := _earlier(record):
            return _repeat(earlier, record)
        raise


def used_form(scope: str, nonce: str) -> UsedForm:
    """Return the form that has this nonce, with the earlier request that used it."""
    if not nonce:
        return NO_FORM
    key = f"form {nonce}"
    return UsedForm(key, _earlier(IdempotencyKey(scope=scope, key=key)))


def _key(header: str) -> str:
    key = header.strip().strip('"')
    if len(key) > 200 or not key.isprintable() or key.startswith("form "):
        raise Problem(400, "idempotency-key-invalid", "Use up to 200 printable characters.")
    return key


def _earlier(record: IdempotencyKey) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(scope=record.scope, key=record.key).first()


@transaction.atomic
def _remember(create: Callable[[], Response], record: IdempotencyKey, *, secret: bool) -> Response:
    """Store the effect, then the key with the response; a key that is taken rolls both back."""
    response = create()
    record.status_code = response.status_code
    record.answer = _sealed(response.data) if secret else response.data
    record.save(force_insert=True)
    return response


def _repeat(earlier: IdempotencyKey, record: IdempotencyKey) -> Response:
    if earlier.fingerprint != record.fingerprint:
        raise Problem(
            422, "idempotency-key-reused", "This Idempotency-Key came with another request before."
        )
    answer = earlier.answer
    if isinstance(answer, dict) and SEALED in answer:
        answer = json.loads(email_addresses.decrypt(answer[SEALED]))
    return Response(answer, status=earlier.status_code, headers={"Idempotent-Replay": "true"})


def _sealed(answer: Any) -> dict[str, str]:
    return {SEALED: email_addresses.encrypt(json.dumps(answer, cls=DjangoJSONEncoder))}


def _fingerprint(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
