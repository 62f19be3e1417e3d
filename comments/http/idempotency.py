"""`Idempotency-Key`: a POST that is sent twice creates once.

Follows draft-ietf-httpapi-idempotency-key-header: the same key with another body is refused with
422, and a finished request's answer is given again, for a day, with `Idempotent-Replay: true`.

The draft lets a server answer 409 while the first request is still at work. Here nobody gets that:
the key is stored in the transaction of the effect, so that the second request waits at the unique
index until the first one is through, and then has its answer, or its turn if the first one failed.
A client that retries need not tell "wait" from "done", and a server that dies leaves no key behind
that would be refused for good.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from rest_framework.response import Response

from comments import privacy
from comments.http.problems import Problem
from comments.models import IdempotencyKey

# The one member of an answer that is stored encrypted.
SEALED = "sealed"


class Call(NamedTuple):
    """A request as far as it tells whether it came before: its key, who calls what, its content.

    Keys of different scopes never meet.
    """

    header: str
    scope: str
    content: Any


def once(
    call: Call, create: Callable[[], Response], *, form_nonce: str = "", secret: bool = False
) -> Response:
    """Return what `create` answers, or what it answered when this key first came.

    A form that is sent twice with the same content counts as the same request: its nonce stands in
    for a missing header. The key and the effect are stored in one transaction. An error is not
    stored. An answer that is `secret` is stored encrypted. Raises Problem: 400 for a key that is
    none, 422 for one that came with other content.
    """
    key = _key(call.header) or (f"form {form_nonce}" if form_nonce else "")
    if not key:
        return create()
    record = IdempotencyKey(scope=call.scope, key=key, fingerprint=_fingerprint(call.content))
    if earlier := _earlier(record):
        is_other_comment = earlier.fingerprint != record.fingerprint and not call.header
        return create() if is_other_comment else _repeat(earlier, record)
    try:
        return _remember(create, record, secret=secret)
    except IntegrityError:
        # The same request came twice at once, and the other one was first.
        if earlier := _earlier(record):
            return _repeat(earlier, record)
        raise


def was_used(scope: str, form_nonce: str) -> bool:
    """Tell whether a form with this nonce came before."""
    return IdempotencyKey.objects.filter(scope=scope, key=f"form {form_nonce}").exists()


def _key(header: str) -> str:
    key = header.strip().strip('"')
    if len(key) > 200 or not key.isprintable() or key.startswith("form "):
        raise Problem(400, "idempotency-key-invalid", "Use up to 200 printable characters.")
    return key


def _earlier(record: IdempotencyKey) -> IdempotencyKey | None:
    return IdempotencyKey.objects.filter(scope=record.scope, key=record.key).first()


@transaction.atomic
def _remember(create: Callable[[], Response], record: IdempotencyKey, *, secret: bool) -> Response:
    record.status_code, record.answer = 0, {}
    record.save(force_insert=True)
    response = create()
    record.status_code = response.status_code
    record.answer = _sealed(response.data) if secret else response.data
    record.save(update_fields=["status_code", "answer"])
    return response


def _repeat(earlier: IdempotencyKey, record: IdempotencyKey) -> Response:
    if earlier.fingerprint != record.fingerprint:
        raise Problem(
            422, "idempotency-key-reused", "This Idempotency-Key came with another request before."
        )
    answer = earlier.answer
    if isinstance(answer, dict) and SEALED in answer:
        answer = json.loads(privacy.decrypt(answer[SEALED]))
    return Response(answer, status=earlier.status_code, headers={"Idempotent-Replay": "true"})


def _sealed(answer: Any) -> dict[str, str]:
    return {SEALED: privacy.encrypt(json.dumps(answer, cls=DjangoJSONEncoder))}


def _fingerprint(content: Any) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
