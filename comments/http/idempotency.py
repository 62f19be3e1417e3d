"""`Idempotency-Key`: a POST that is sent twice creates once.

Follows draft-ietf-httpapi-idempotency-key-header: the same key with another body is refused with
422, and a finished request's answer is given again.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from comments.http.problems import Problem
from comments.models import IdempotencyKey


def once(
    request: Request, create: Callable[[], Response], *, scope: str, form_nonce: str = ""
) -> Response:
    """Return what `create` answers, or what it answered when this key first came.

    `scope` is who calls what; keys of different scopes never meet. A form that is sent twice with
    the same content counts as the same request: its nonce stands in for a missing header. The key
    and the effect are stored in one transaction. An error is not stored.
    """
    key = _key(request) or (f"form {form_nonce}" if form_nonce else "")
    if not key:
        return create()
    fingerprint = _fingerprint(request.data)
    if earlier := IdempotencyKey.objects.filter(scope=scope, key=key).first():
        if earlier.fingerprint != fingerprint and not _key(request):
            return create()
        return _repeat(earlier, fingerprint)
    try:
        return _remember(create, IdempotencyKey(scope=scope, key=key, fingerprint=fingerprint))
    except IntegrityError:
        # The same request came twice at once, and the other one was first.
        if earlier := IdempotencyKey.objects.filter(scope=scope, key=key).first():
            return _repeat(earlier, fingerprint)
        raise


def was_used(scope: str, form_nonce: str) -> bool:
    """Tell whether a form with this nonce came before."""
    return IdempotencyKey.objects.filter(scope=scope, key=f"form {form_nonce}").exists()


def _key(request: Request) -> str:
    key: str = request.headers.get("Idempotency-Key", "").strip().strip('"')
    if len(key) > 200 or not key.isprintable() or key.startswith("form "):
        raise Problem(400, "idempotency-key-invalid", "Use up to 200 printable characters.")
    return key


@transaction.atomic
def _remember(create: Callable[[], Response], record: IdempotencyKey) -> Response:
    record.status_code, record.answer = 0, {}
    record.save(force_insert=True)
    response = create()
    record.status_code, record.answer = response.status_code, response.data
    record.save(update_fields=["status_code", "answer"])
    return response


def _repeat(record: IdempotencyKey, fingerprint: str) -> Response:
    if record.fingerprint != fingerprint:
        raise Problem(
            422, "idempotency-key-reused", "This Idempotency-Key came with another request before."
        )
    return Response(record.answer, status=record.status_code, headers={"Idempotent-Replay": "true"})


def _fingerprint(data: Any) -> str:
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()
