"""Answers that look back: what is held on a person, figures of a period, the report of a year."""

from typing import Any

from config.examples.values import BEA, CAME, COMMENT, PAGE, PERSON, SITE, THREAD

REFUSALS = {"total": 41, "automated": 30, "by_people": 10, "by_the_site": 1}

RECORDS: dict[str, Any] = {
    "people_export_create": {
        "site": SITE,
        "email": PERSON,
        "names": ["Ann"],
        "first_seen_at": CAME,
        "comments": [
            {
                "id": COMMENT,
                "thread": PAGE,
                "status": "approved",
                "name": "Ann",
                "website": "",
                "text": "Thank you for *this*.",
                "browser": "Mozilla/5.0",
                "written_at": CAME,
                "edited_at": None,
                "earlier_texts": [],
                "decisions": [{"verdict": "APPROVE", "decided_at": CAME, "reasoning": ""}],
                "appeals": [],
            }
        ],
        **{name: [] for name in ("votes", "notes", "bans", "subscriptions", "mails")},
    },
    "FiguresAnswer": {
        "from": "2026-11-24",
        "to": "2026-11-24",
        "received": 212,
        "decisions": {"AUTOMATION": {"APPROVE": 180, "HOLD": 20, "SPAM": 12}},
        "days": [{"day": "2026-11-24", "APPROVE": 191, "HOLD": 20, "SPAM": 17}],
        "moderators": {BEA: 16},
        "agreement": {"confirmed": 3, "changed": 1},
        "reports": 4,
        "appeals": 1,
        "waiting": 14,
        "seconds_waited": 1840.5,
        "received_by_day": [{"day": "2026-11-24", "approved": 191, "held": 4, "spam": 17}],
        "automated": {"by_rules": 192, "by_people": 16, "waiting": 4},
        "seconds_to_decision": 0.9,
        "load": [{"moderator": BEA, "decisions": 16, "approved": 11, "refused": 5, "undone": 0}],
        "precision": [{"ground": "SPAM", "refused": 5, "approved": 2, "precision": 0.7143}],
        "threads": [
            {"thread": THREAD, "title": "Elections", "site": SITE, "comments": 88, "refused": 9}
        ],
        "ages": {"1h": 6, "6h": 5, "1d": 3, "3d": 0, "7d": 0, "older": 0},
    },
    "read_transparency_report": {
        "site": SITE,
        "year": 2026,
        "comments_received": 1904,
        "restrictions": {
            **REFUSALS,
            "by_ground": [{"ground": "SPAM", **REFUSALS}],
            "seconds_to_decision": 1.2,
        },
        "reports": {
            "total": 7,
            "answered": 6,
            "led_to_a_restriction": 2,
            "seconds_to_answer": 5400.0,
            "by_reason": [
                {"reason": "ABUSE", "total": 7, "answered": 6, "led_to_a_restriction": 2}
            ],
        },
        "appeals": {
            "total": 2,
            "upheld": 1,
            "overturned": 1,
            "waiting": 0,
            "seconds_to_answer": 9120.0,
        },
        "automation": {"refused": 30, "overturned_by_people": 1, "share_overturned": 0.0333},
        "moderators": 3,
    },
}
