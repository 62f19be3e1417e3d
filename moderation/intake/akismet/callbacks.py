"""Send moderators' verdicts to the Akismet plugins that asked about the comments.

The request is that of Akismet's own webhook, which its WordPress plugin listens for.
"""

import json
from datetime import datetime
from typing import Any

from cryptography.fernet import InvalidToken

from comments.models import Status
from comments.privacy import email_addresses
from moderation.models import AkismetCheck
from moderation.notifications.webhooks import http_client, outcomes

# Without the second header the plugin may report the change back to us as feedback.
HEADERS = {"Content-Type": "application/json", "X-Akismet-Webhook": "1"}


def call_back(*, now: datetime) -> bool:
    """Send one verdict that is due, and return whether there was one."""
    checks = AkismetCheck.objects.select_related("comment").claim(now=now)
    for check in checks:
        is_spam = check.comment is not None and check.comment.status != Status.APPROVED
        if check.update_claimed(is_spam=is_spam):
            check.record_outcome(_send(check), now=now)
    return bool(checks)


def _send(check: AkismetCheck) -> str:
    """Send a verdict, and return why the plugin did not take it; "" when it did."""
    try:
        body = json.dumps(_payload(check)).encode()
        response = http_client.send("POST", check.callback, body=body, headers=HEADERS)
        status = json.loads(response.body)["comments"][check.pk.hex]["status"]
    except http_client.Unreachable as error:
        return str(error)
    except InvalidToken:
        return "The plugin's key can't be decrypted any more."
    except (ValueError, KeyError, TypeError):
        return outcomes.failure(response) or "The response does not name the comment."
    taken = response.status == 200 and status == "success"
    return "" if taken else outcomes.failure(response) or "The plugin refused the verdict."


def _payload(check: AkismetCheck) -> dict[str, Any]:
    verdict = {
        "guid": check.pk.hex,
        "result": "true" if check.is_spam else "false",
        "comment_post_ID": int(check.post_id) if check.post_id.isdigit() else check.post_id,
    }
    key = email_addresses.decrypt(check.callback_key)
    return {"key": key, "endpoint": "comment-check", "comments": [verdict]}
