"""The author is told where a comment stands: at once, after a decision, and after an edit."""

from typing import Any

import pytest

from comments.models import Comment, Site, Status
from comments.privacy import tokens
from moderation.models import DecisionSource
from moderation.rules.verdicts import Reason, Verdict
from tests.conftest import Api
from tests.factories import CommentFactory, DecisionFactory, ThreadFactory
from tests.submissions import submission

TOLD = ("state", "settled", "reason", "can_appeal")


def own(reader: Api, comment: Comment) -> dict[str, Any]:
    token = tokens.issue_edit_token(comment)
    answer = reader.get(f"comments/{comment.pk}", headers={"X-Edit-Token": token})
    told: dict[str, Any] = answer.json()
    return told


def decided(site: Site, status: Status, verdict: Verdict, **decision: Any) -> Comment:
    comment = CommentFactory(thread=ThreadFactory(site=site), status=status)
    DecisionFactory(comment=comment, verdict=verdict, **decision)
    return comment


def test_a_new_comment_waits_and_can_be_changed(reader: Api) -> None:
    told = reader.post("comments", submission(reader)).json()
    assert [told[name] for name in TOLD] == ["waiting", False, "", False]
    assert told["editable_until"] > told["created_at"]


@pytest.mark.parametrize(
    ("status", "verdict", "state", "settled"),
    [
        (Status.HELD, Verdict.HOLD, "held", False),
        (Status.APPROVED, Verdict.APPROVE, "published", True),
        (Status.DELETED, Verdict.DELETE, "deleted", True),
    ],
)
def test_it_says_what_was_decided(
    reader: Api, site: Site, status: Status, verdict: Verdict, state: str, settled: bool
) -> None:
    told = own(reader, decided(site, status, verdict))
    assert [told[name] for name in TOLD] == [state, settled, "", False]


def test_who_has_to_confirm_an_address_is_told_so(reader: Api, site: Site) -> None:
    grounds = [{"reason": Reason.ADDRESS_UNCONFIRMED.value}]
    comment = decided(site, Status.HELD, Verdict.HOLD, grounds=grounds)
    assert own(reader, comment)["state"] == "confirm"


def test_a_rejected_comment_says_why_and_how_to_appeal(reader: Api, site: Site) -> None:
    comment = decided(
        site,
        Status.REJECTED,
        Verdict.REJECT,
        source=DecisionSource.MODERATOR,
        reasoning="Please stay polite.",
    )
    told = own(reader, comment)
    assert [told[name] for name in TOLD] == ["not_published", True, "Please stay polite.", True]
    assert told["editable_until"] is None


def test_spam_is_silent_here(reader: Api, site: Site) -> None:
    told = own(reader, decided(site, Status.SPAM, Verdict.SPAM))
    assert [told[name] for name in TOLD] == ["waiting", True, "", False]
    assert told["status_url"]


def test_after_an_edit_it_waits_again(reader: Api, site: Site) -> None:
    token_of = tokens.issue_edit_token
    answer = reader.post("comments", submission(reader)).json()
    Comment.objects.update(status=Status.APPROVED)
    comment = Comment.objects.get(pk=answer["id"])
    headers = {"X-Edit-Token": token_of(comment)}
    told = reader.patch(f"comments/{comment.pk}", {"body": "Better."}, headers=headers).json()
    assert (told["state"], told["settled"]) == ("waiting", False)
