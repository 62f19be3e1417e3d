"""A text with the address that its author gave in confidence waits for a person."""

import pytest
from django.utils import timezone

from comments.models import Comment, Site, Status
from moderation.rules.verdicts import Reason
from moderation.screening import screen
from tests.conftest import Api
from tests.submissions import EMAIL, post

pytestmark = pytest.mark.django_db


def screened(reader: Api, body: str) -> Comment:
    pk = post(reader, body=body).json()["id"]
    screen.screen(now=timezone.now())
    return Comment.objects.get(pk=pk)


@pytest.mark.parametrize(
    "body",
    [
        EMAIL,
        f"Write to {EMAIL.upper()}.",
        f"[me](mailto:{EMAIL})",
        f"<{EMAIL}>, please",
        EMAIL.replace("@", "＠"),
        EMAIL.replace("@", "@\u200b"),
    ],
)
def test_it_is_held(reader: Api, body: str) -> None:
    comment = screened(reader, body)
    assert comment.status == Status.HELD
    reasons = {ground["reason"] for ground in comment.decisions.get().grounds}
    assert Reason.OWN_ADDRESS in reasons
    assert EMAIL not in str(list(comment.decisions.get().findings.values()))


@pytest.mark.parametrize("body", ["A calm remark.", "Ask help@gazette.example", f"x{EMAIL}"])
def test_other_texts_are_not(reader: Api, site: Site, body: str) -> None:
    assert screened(reader, body).status == Status.APPROVED
