"""Answers that are told as a whole, by the name of their shape, or of the operation.

They are figures, settings and files, whose fields say nothing without each other.
"""

from typing import Any

from config.examples.records import RECORDS
from config.examples.values import (
    BEA,
    CAME,
    COMMENT,
    DECIDED,
    HELD,
    RULED,
    SEEN,
    SITE,
    SPAM_GROUND,
    WEBHOOK_EVENT,
    WORDS,
)

POLICY: dict[str, Any] = {
    "revision": 4,
    "thresholds": {"INSULT": {"hold_at": 0.5, "reject_at": 0.95}},
    "hold_first_comment": False,
    "publish_trusted": True,
    "trust_after": 3,
    "confirm_email": "never",
    "tell_authors": False,
    "max_links": 1,
    **WORDS,
    "reports_to_hold": 3,
    "close_after_days": None,
    "created_at": "2026-11-01T08:00:00.120433Z",
}
TRANSFER: dict[str, Any] = {
    "id": "01a21550-b298-74f5-86e7-e2d3c4b50697",
    "kind": "import",
    "format": "disqus",
    "dry_run": False,
    "with_addresses": False,
    "state": "done",
    "percent": 100,
    "created": 1834,
    "skipped": 12,
    "threads": 97,
    "problem_count": 1,
    "problems": ["line 40211: it has no text"],
    "error": "",
    "created_at": CAME,
    "finished_at": "2026-11-24T09:16:44.018276Z",
}
NEW_TRANSFER: dict[str, Any] = {
    **TRANSFER,
    "format": "auto",
    "state": "waiting",
    **dict.fromkeys(("percent", "created", "skipped", "threads", "problem_count"), 0),
    "problems": [],
    "finished_at": None,
}
STALE = {
    "type": "urn:problem-type:leave-a-reply:revision-stale",
    "detail": "",
}
EXPORT = {"kind": "export", "format": "native"}
DELIVERY: dict[str, Any] = {
    "id": 4712,
    "event": WEBHOOK_EVENT,
    "type": "comment.approved",
    "comment": COMMENT,
    "state": "waiting",
    "attempts": 0,
    "next_attempt_at": CAME,
    "delivered_at": None,
    "tries": [],
}

ANSWERS: dict[str, Any] = {
    **RECORDS,
    "webhooks_test_create": {**DELIVERY, "type": "webhook.test", "comment": None},
    "webhooks_deliveries_redeliver_create": DELIVERY,
    "Policy": POLICY,
    "PolicyPage": {"next": None, "previous": None, "results": [POLICY]},
    "Words": WORDS,
    "BulkAnswer": {
        "results": [
            {
                "comment": HELD,
                "status": 201,
                "decision": {
                    "id": DECIDED,
                    "comment": HELD,
                    "revision": 1,
                    "verdict": "SPAM",
                    "source": "MODERATOR",
                    "decided_by": BEA,
                    "decided_at": SEEN,
                    "reasoning": "",
                    "private_notes": "",
                    "grounds": [],
                    "policy_revision": None,
                    "overrides": RULED,
                    "undoes": False,
                },
            },
            {"comment": COMMENT, "status": 409, "problem": STALE},
        ]
    },
    "Transfer": TRANSFER,
    "start_import": NEW_TRANSFER,
    "start_export": {**NEW_TRANSFER, **EXPORT},
    "read_export": {**TRANSFER, **EXPORT, "skipped": 0, "problem_count": 0, "problems": []},
    "Opinion": {"revision": 1, "verdict": "REJECT", "explanation": "It names a private person."},
    "CheckedAnswer": {
        "results": [
            {
                "verdict": "HOLD",
                "scores": {"SPAM": 0.82, "TOXICITY": 0.04},
                "grounds": [SPAM_GROUND],
                "findings": [
                    {
                        "check": "links",
                        "reason": "has_links",
                        "evidence": {"links": 1, "domains": ["pills.example"]},
                    }
                ],
                "classifier_version": "2026-11-20",
            },
            {
                "verdict": "APPROVE",
                "scores": {"SPAM": 0.02, "TOXICITY": 0.01},
                "grounds": [],
                "findings": [],
                "classifier_version": "2026-11-20",
            },
        ]
    },
    "Simulation": {
        "compared": 1000,
        "same": 991,
        "contradictions": 1,
        "before": {"APPROVE": 900, "HOLD": 60, "SPAM": 40},
        "after": {"APPROVE": 891, "HOLD": 69, "SPAM": 40},
        "table": [
            {"source": "AUTOMATION", "decided": "APPROVE", "would_be": "HOLD", "comments": 9}
        ],
        "changes": [
            {
                "comment": COMMENT,
                "excerpt": "I said so before: https://a.example https://b.example",
                "decided": "APPROVE",
                "source": "AUTOMATION",
                "would_be": "HOLD",
                "contradicts": False,
                "grounds": ["too_many_links"],
            }
        ],
        "left_out": {"not_screened": 120, "not_scored": 0},
        "earlier_classifier": 0,
    },
    "Alarm": {
        "queue_size": 50,
        "queue_hours": 12,
        "digest_hour": 7,
        "by_mail": True,
        "url": "",
        "shape": "slack",
        "long_since": None,
        "old_since": None,
        "last_error": "",
    },
    "Form": {
        "form_token": "WyJnYXpldHRlIiwidzVlaWJHdHlDN1lDIl0:1xWMKo:HyaZYycUMZi4kkn-Zafhb",
        "decoy_field": "work_email",
        "min_seconds": 3,
        "max_length": 5000,
        "max_depth": 4,
        "require_name": True,
        "require_email": True,
        "allow_website": True,
        "votes": True,
        "notify": True,
        "edit_minutes": 15,
        "closed": False,
        "consent": "Your email address will not be published.",
    },
    "Preview": {
        "body_html": "<p>You are an idiot.</p>",
        "nudge": {
            "categories": ["INSULT", "TOXICITY"],
            "message": "Readers may take this as an insult.",
            "spans": [{"begin": 11, "end": 16}],
        },
    },
    "QueueCounts": {
        "total": 14,
        "mine": 1,
        "escalated": 0,
        "holders": [{"user": BEA, "name": "Bea", "number": 1, "until": SEEN}],
        "sites": {SITE: 14},
        "why": {"SCREENED": 12, "REPORTED": 2},
        "categories": {"SPAM": 9, "INSULT": 3},
        "languages": {"en": 11, "de": 3},
    },
}
