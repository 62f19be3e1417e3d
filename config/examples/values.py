"""What a field holds in the examples: `field`, or `Shape.field` where a shape has its own.

It is one story: Ann thanks for an article of the Gazette, which everybody sees; someone advertises
pills below it, which the house rules hold, and Bea, a moderator, refuses it.
"""

from collections.abc import Mapping
from typing import Any

SITE, BEA, PERSON = "gazette", "bea@staff.example", "ann@reader.example"
PAGE = "https://gazette.example/elections"
DESK = "https://comments.gazette.example"
THREAD = "01a21505-7879-72fa-ae05-e3a8f3162aa7"
OTHER_THREAD = "01a21505-9100-7c11-8a5e-0b5f5c1f2d3e"
ANN, SELLER = "01a21505-788d-76a5-b0ba-36ec5de90995", "01a21506-1f3e-7b52-9d0c-4e7a2b6c8d10"
COMMENT = "01a21505-7a24-7630-9f62-668d34444566"
HELD = "01a21506-2044-7a8b-b3c1-5d9e0f1a2b3c"
RULED = "01a21506-20b0-772e-8d1a-7203d4b429a3"
DECIDED = "01a21512-40d4-7e1f-a6b7-8c9d0e1f2a3b"
WEBHOOK_EVENT = "01a21505-7a31-7d4c-8e2f-1a3b5c7d9e0f"
CAME, WAITED = "2026-11-24T09:15:02.432835Z", "2026-11-24T09:16:10.107112Z"
SEEN, LATER = "2026-11-24T09:31:40.334168Z", "2026-11-24T09:41:40.334168Z"
SPAM_TEXT = "Buy now!!! https://pills.example"
SPAM_GROUND = "SPAM 0.82, held from 0.60"
SPAM_HELD = {
    "verdict": "HOLD",
    "check": "classifier",
    "reason": "score",
    "category": "SPAM",
    "line": SPAM_GROUND,
}
SPAM_FOUND = {
    "check": "classifier",
    "reason": "score",
    "category": "SPAM",
    "score": 0.82,
    "classifier_version": "2026-11-20",
    "evidence": {},
}
WORDS = {"held_words": ["lawyer*"], "rejected_words": ["cheap pills"]}

# Shapes that have the values of another one.
KINDS: Mapping[str, str] = {
    "CommentDetail": "ReviewedComment",
    "ClaimedComment": "ReviewedComment",
    "Reviewable": "Waiting",
    "ListedAuthor": "Author",
    "AuthorDetail": "Author",
    "ExplainedDecision": "Decision",
    "OpenAppeal": "FiledAppeal",
    "SiteReport": "FiledReport",
    "BanAnswer": "Ban",
    "NamedModerator": "ExternalModerator",
    "NewWebhook": "Webhook",
}

VALUES: Mapping[str, Any] = {
    # Pages.
    "next": None,
    "previous": None,
    "count": 1,
    # A comment that everybody sees.
    "id": COMMENT,
    "site": SITE,
    "thread": PAGE,
    "thread_url": PAGE,
    "thread_title": "Elections",
    "parent": None,
    "depth": 0,
    "status": "approved",
    "revision": 1,
    "author_id": ANN,
    "author_name": "Ann",
    "author_url": "",
    "body": "Thank you for *this*.",
    "body_html": "<p>Thank you for <em>this</em>.</p>",
    "avatar": "92b0c052e520",
    "up": 3,
    "down": 0,
    "yours": 1,
    "created_at": CAME,
    "edited_at": None,
    "replies": [],
    "replies_left": 0,
    "replies_next": None,
    "left": 0,
    "counts": {PAGE: 1},
    # To its author.
    "OwnComment.status": "pending",
    "OwnComment.votes": {"up": 0, "down": 0},
    "edit_token": "01a215057a2476309f62668d34444566:5DRE9NnK9c5aBxBIY3u_QujcsYOhtDXOBhT82qrVIaI",
    "status_url": f"{DESK}/status/AaIVBXokdjCfYmaNNERFZg:1xWMKo:UEMp9x8pyHw4xnmPT-my0Pnrz4Yz",
    "Appeal.text": "It is no advertising: the article is about this pharmacy.",
    "Report.reason": "ABUSE",
    "Report.text": "It insults the author.",
    "reader_token": "eyJzdWIiOiI3IiwibmFtZSI6IkFubiJ9:1xWMKo:HyaZYycUMZi4kkn-Zafhb2WMcF1AXxu2l",
    "expires_at": "2026-11-24T21:15:02Z",
    "SignedOn.name": "Ann",
    # A thread.
    "Thread.id": THREAD,
    "key": PAGE,
    "url": PAGE,
    "title": "Elections",
    "closed_at": None,
    # A comment that waits for a person.
    "ReviewedComment.id": HELD,
    "ReviewedComment.status": "held",
    "ReviewedComment.author_name": "Best Pills",
    "ReviewedComment.body": SPAM_TEXT,
    "ReviewedComment.body_html": "<p>Buy now!!! "
    '<a href="https://pills.example" rel="nofollow ugc noopener">https://pills.example</a></p>',
    "ReviewedComment.created_at": WAITED,
    "ReviewedComment.replies": [],
    "Waiting.id": "01a21506-2101-7f0a-9b8c-7d6e5f4a3b2c",
    "why": "SCREENED",
    "category": "SPAM",
    "language": "en",
    "priority": 0.82,
    "opened_at": WAITED,
    "claimed_by": BEA,
    "claimed_until": LATER,
    "escalated_at": None,
    "escalated_why": "",
    "released": 1,
    "came_from": {"same_address": 0, "same_network": 2},
    "around": {"earlier": [], "later": [], "replies": []},
    "author_record": {"held": 1, "spam": 2},
    "parent_comment": None,
    "CommentDetail.decisions": [
        {
            "id": RULED,
            "comment": HELD,
            "revision": 1,
            "verdict": "HOLD",
            "source": "AUTOMATION",
            "decided_by": None,
            "decided_at": WAITED,
            "reasoning": "",
            "private_notes": "",
            "grounds": [SPAM_HELD],
            "policy_revision": 4,
            "overrides": None,
            "undoes": False,
            "findings": [SPAM_FOUND],
        }
    ],
    "CommentDetail.reports": [],
    "CommentDetail.appeals": [],
    "explanations": [
        {
            "category": "SPAM",
            "spans": [{"start": 0, "end": 7, "weight": 2.1}],
            "features": {"links": 0.9},
            "bias": -1.5,
        }
    ],
    # Its author.
    "Author.id": SELLER,
    "Author.name": "Best Pills",
    "Author.email": "i•••@p•••.example",
    "first_seen_at": "2026-11-20T14:02:51.201433Z",
    "trust": "by_record",
    "verified_at": None,
    "record": {"held": 1, "spam": 2},
    "standing": {
        "reason": "first_comment",
        "approved": 0,
        "refused": 2,
        "trust_after": 3,
        "is_confirmed": False,
    },
    "neighbours": [
        {"author": "01a21506-3a10-7c9d-8e7f-6a5b4c3d2e1f", "name": "Pharmacy 24", "comments": 2}
    ],
    "AuthorDetail.bans": [],
    "Note.id": "01a21506-5b21-7d8e-9f70-7b6c5d4e3f20",
    "Note.text": "Was asked twice to leave the links out.",
    "written_by": BEA,
    "written_at": SEEN,
    "Ban.id": "01a21512-5c32-7e9f-a081-8c7d6e5f4031",
    "target": "DOMAIN",
    "domain": "pills.example",
    "Ban.reason": "Advertising.",
    "until": None,
    "Ban.created_at": SEEN,
    "created_by": BEA,
    "job": None,
    # What is decided about it.
    "Decision.id": DECIDED,
    "comment": HELD,
    "verdict": "SPAM",
    "source": "MODERATOR",
    "decided_by": BEA,
    "decided_at": SEEN,
    "reasoning": "It is advertising.",
    "private_notes": "",
    "Decision.grounds": [],
    "policy_revision": None,
    "overrides": RULED,
    "undoes": False,
    "FiledReport.id": "01a21508-6d43-7fa0-b192-9d8e7f605142",
    "FiledReport.reason": "SPAM",
    "FiledReport.text": "",
    "FiledReport.created_at": SEEN,
    "FiledAppeal.id": "01a21520-7e54-70b1-82a3-ae9f80716253",
    "decision": DECIDED,
    "FiledAppeal.text": "It is no advertising: the article is about this pharmacy.",
    "submitted_at": "2026-11-24T18:20:11.501244Z",
    "outcome": "",
    "resolved_at": None,
    "OpenAppeal.resolved_by": None,
    "OpenAppeal.reasoning": "",
    # Decisions about many, and parts of the queue.
    "Job.id": "01a21530-8f65-71c2-93b4-bfa091827364",
    "Job.state": "running",
    "View.name": "Advertising",
    "View.id": "01a21531-9076-72d3-a4c5-c0b1a2938475",
    "filters": {"site": SITE, "category": "SPAM"},
    "Job.undoes": None,
    "total": 120,
    "done": 80,
    "refused": 1,
    "started_at": SEEN,
    "finished_at": None,
    "Item.decision": DECIDED,
    "problem": "",
    # The trail.
    "Audit.id": "01a21512-7b09-7125-b8ae-ae44545a8c6c",
    "at": SEEN,
    "by": BEA,
    "act": "DECIDED",
    "subject": HELD,
    "detail": {"verdict": "SPAM", "revision": 1},
    # Webhooks and the external moderator.
    "Webhook.id": "01a21540-a187-73e4-b5d6-d1c2b3a4f586",
    "Webhook.url": "https://gazette.example/hooks/comments",
    "description": "",
    "events": ["*"],
    "with_addresses": False,
    "enabled": True,
    "disabled_because": "",
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "Delivery.id": 4711,
    "event": WEBHOOK_EVENT,
    "type": "comment.approved",
    "Delivery.comment": COMMENT,
    "Delivery.state": "delivered",
    "attempts": 1,
    "next_attempt_at": CAME,
    "delivered_at": "2026-11-24T09:15:03.120981Z",
    "tries": [
        {
            "at": "2026-11-24T09:15:03.120981Z",
            "status": 200,
            "excerpt": "ok",
            "error": "",
            "seconds": 0.21,
        }
    ],
    "ExternalModerator.url": "https://moderator.example/ask",
    "seconds": 300,
    "hold_unanswered": True,
    "last_error": "",
    "last_error_at": None,
    # People.
    "comments": 12,
    "labels": 2,
}
