"""Requests, by the name of their shape, or of the operation where that is not enough."""

from typing import Any

from config.examples.values import COMMENT, HELD, OTHER_THREAD, PERSON, SITE

POLICY = {"thresholds": {"INSULT": {"hold_at": 0.5, "reject_at": 0.95}}, "max_links": 1}
FILTERS = {"site": SITE, "category": "SPAM"}

REQUESTS: dict[str, Any] = {
    # Readers.
    "Submission": {
        "thread": {"url": "https://gazette.example/elections", "title": "Elections"},
        "author_name": "Ann",
        "author_email": PERSON,
        "body": "Thank you for *this*.",
        "notify": "replies",
        "lang": "en",
    },
    "PatchedEdit": {"body": "Thank you for *all this*."},
    "Appeal": {"text": "It is no advertising: the article is about this pharmacy."},
    "Report": {"reason": "ABUSE", "text": "It insults the author."},
    "Vote": {"value": 1},
    "Draft": {"body": "You are an idiot.", "author_name": "Ann"},
    "SignOn": {"token": "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI3In0.c2lnbmF0dXJl"},
    # Sites' servers.
    "ExportOptions": {"format": "native", "with_addresses": False},
    "Person": {"email": PERSON},
    "Erasure": {"email": PERSON, "remove_text": True},
    "SimulationRequest": {"policy": POLICY, "limit": 1000},
    "NewThread": {"url": "https://gazette.example/elections", "title": "Elections"},
    "PatchedThreadChanges": {"closed": True},
    "Merge": {"into": OTHER_THREAD},
    "PatchedWebhookChanges": {"enabled": False},
    # Moderators' tools.
    "Alarm": {"queue_size": 50, "queue_hours": 12, "digest_hour": 7, "by_mail": True},
    "AppealAnswer": {"reasoning": "The link leads to a shop: it is advertising."},
    "PatchedTrust": {"trust": "trusted"},
    "Banning": {"reason": "Advertising, again and again.", "retroactive": True},
    "NewNote": {"text": "Was asked twice to leave the links out."},
    "NewBan": {
        "site": SITE,
        "target": "DOMAIN",
        "value": "pills.example",
        "reason": "Advertising.",
        "retroactive": False,
    },
    "Ruling": {
        "verdict": "SPAM",
        "revision": 1,
        "status": "held",
        "reasoning": "It is advertising.",
    },
    "Escalation": {"why": "It may be a threat."},
    "Rulings": {
        "decisions": [
            {"comment": HELD, "verdict": "SPAM", "revision": 1},
            {"comment": COMMENT, "verdict": "APPROVE", "revision": 2},
        ]
    },
    "Bulk": {"filters": FILTERS, "verdict": "SPAM", "reasoning": "It is advertising."},
    "Policy": POLICY,
    "Claim": {**FILTERS, "limit": 20, "seconds": 600},
    "Release": {"comments": [HELD]},
    "NewView": {"name": "Advertising", "filters": FILTERS},
    "Words": {"held_words": ["lawyer*"], "rejected_words": ["cheap pills"]},
}
