"""Reasons for refusals: what a site offers, what a decision takes of one, and who changes them."""

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from comments.models import Comment, Role, Site, User
from moderation.insight import transparency
from moderation.models import AuditEntry, Decision, Label, RefusalReason
from moderation.notifications.mail import reasons
from moderation.review.queue import actions, refusal_reasons
from moderation.review.queue.actions import DecisionRequest
from moderation.review.queue.refusal_reasons import ReasonUnknown, adopt_standard
from moderation.rules.causes import Cause
from moderation.rules.verdicts import Verdict
from tests.factories import NOW
from tests.moderation.web.desk.desk import decide as press
from tests.moderation.web.desk.desk import member, read, wait_in

pytestmark = pytest.mark.django_db
CHANGELIST = reverse("admin:moderation_refusalreason_changelist")


@pytest.fixture
def waiting(site: Site) -> Comment:
    return wait_in(site)


@pytest.fixture
def rude(site: Site) -> RefusalReason:
    """A reason of the site's own."""
    return RefusalReason.objects.create(
        site=site, key="rude", label="Rude", text="We argue about ferries.", cause=Cause.INSULT
    )


def refuse(comment: Comment, by: User, reason: str, verdict=Verdict.REJECT, **more: object):
    request = DecisionRequest(
        comment_id=comment.pk, revision=1, verdict=verdict, reason=reason, **more
    )
    (result,) = actions.decide_all([request], moderator=by, now=timezone.now())
    return result


def keys(site: Site) -> list[str]:
    return [reason.key for reason in refusal_reasons.offered([site.pk])[site.pk]]


# What is offered.


def test_a_site_without_a_list_offers_the_standard_one_with_illegal_content(site: Site) -> None:
    offered = refusal_reasons.offered([site.pk])[site.pk]
    assert [reason.key for reason in offered if reason.is_illegal] == ["illegal"]
    assert [reason.key for reason in offered][:2] == ["spam", "insult"]


def test_a_list_of_its_own_takes_the_place_of_the_standard_one(rude: RefusalReason) -> None:
    RefusalReason.objects.create(site=rude.site, key="first", label="First", position=1)
    assert keys(rude.site) == ["first", "rude"]


def test_the_standard_list_is_adopted_once(site: Site, moderator: User, rude: RefusalReason):
    adopt_standard(site, by=moderator, now=NOW)
    assert keys(site) == ["rude"]
    rude.delete()
    adopt_standard(site, by=moderator, now=NOW)
    assert RefusalReason.objects.filter(site=site).count() == len(refusal_reasons.STANDARD)


# What a decision takes of one.


def test_the_text_is_told_before_the_moderators_own_words(
    waiting: Comment, moderator: User, rude: RefusalReason
) -> None:
    decision = refuse(waiting, moderator, "rude", reasoning="Try again.")
    assert reasons.for_author(decision) == "We argue about ferries.\n\nTry again."
    assert decision.refusal_reason == "rude"


def test_the_kind_is_what_the_refusal_teaches(
    waiting: Comment, moderator: User, rude: RefusalReason
) -> None:
    assert refuse(waiting, moderator, "rude").cause == Cause.INSULT
    assert Label.objects.filter(category="INSULT", value=True).exists()


def test_a_cause_that_is_given_counts_above_that_of_the_reason(
    waiting: Comment, moderator: User, rude: RefusalReason
) -> None:
    assert refuse(waiting, moderator, "rude", cause=Cause.HATE).cause == Cause.HATE


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("illegal", "Sie scheint gegen das Gesetz zu verstoßen."),
        ("off_topic", "Sie hat mit der Seite wenig zu tun."),
        ("spam", "Sie wurde für Werbung gehalten."),
    ],
)
def test_a_reason_without_a_text_is_told_in_the_readers_language(
    waiting: Comment, moderator: User, key: str, told: str
) -> None:
    decision = refuse(waiting, moderator, key)
    with translation.override("de"):
        assert reasons.for_author(decision) == told


def test_a_reason_with_a_harm_is_told_as_that_harm(waiting: Comment, moderator: User) -> None:
    told = reasons.for_author(refuse(waiting, moderator, "threat"))
    assert told == "Readers may take this as a threat."


def test_an_approval_takes_nothing_of_a_reason(
    waiting: Comment, moderator: User, rude: RefusalReason
) -> None:
    decision = refuse(waiting, moderator, "rude", verdict=Verdict.APPROVE)
    assert (decision.refusal_reason, decision.reasoning, decision.cause) == ("", "", "")


def test_a_reason_that_is_not_offered_decides_nothing(
    waiting: Comment, moderator: User, rude: RefusalReason
) -> None:
    assert isinstance(refuse(waiting, moderator, "insult"), ReasonUnknown)
    assert not Decision.objects.filter(comment=waiting).exists()


def test_an_undo_restores_the_reason_of_the_earlier_decision(
    waiting: Comment, moderator: User
) -> None:
    refuse(waiting, moderator, "illegal")
    approved = refuse(waiting, moderator, "", verdict=Verdict.APPROVE)
    restored = actions.undo(approved, moderator=moderator, now=timezone.now())
    assert (restored.refusal_reason, restored.is_illegal) == ("illegal", True)


def test_the_transparency_report_counts_reasons_and_illegal_content(
    site: Site, moderator: User
) -> None:
    for key in ("illegal", "illegal", "insult", ""):
        refuse(wait_in(site), moderator, key)
    told = transparency.report(site, timezone.now().year)["restrictions"]
    assert (told["total"], told["illegal_content"]) == (4, 2)
    assert told["by_reason"] == [
        {"reason": "illegal", "total": 2},
        {"reason": "insult", "total": 1},
    ]


# On the desk.


def test_the_card_offers_the_reasons_of_its_own_site(
    waiting: Comment, rude: RefusalReason, moderator: User
) -> None:
    page = read(
        member(Role.MODERATOR, waiting.site), reverse("admin:moderation_reviewable_changelist")
    )
    assert '<option value="rude">Rude</option>' in page
    assert '<option value="insult">' not in page


def test_the_form_refuses_for_a_reason(waiting: Comment, rude: RefusalReason) -> None:
    press(member(Role.MODERATOR, waiting.site), waiting, "REJECT", reason="rude")
    assert waiting.decisions.get().refusal_reason == "rude"


def test_an_owner_adopts_the_standard_list_and_changes_it(site: Site) -> None:
    owner = member(Role.OWNER, site)
    assert "Start from the standard list" in read(owner, CHANGELIST)
    owner.post(reverse("admin:moderation_adopt_reasons"), {"site": site.slug})
    page = read(owner, CHANGELIST)
    assert "Illegal content" in page
    assert "Start from the standard list" not in page
    own = RefusalReason.objects.get(site=site, key="insult")
    change = {"label": "Mean", "text": "Be kind.", "cause": "insult", "position": 1, "key": "mean"}
    owner.post(reverse("admin:moderation_refusalreason_change", args=[own.pk]), change)
    assert keys(site)[0] == "mean"
    assert AuditEntry.objects.filter(site=site, act="REASONS_SET").count() == 2


def test_a_moderator_reads_the_list_and_changes_nothing(site: Site, rude: RefusalReason) -> None:
    moderator = member(Role.MODERATOR, site)
    assert "Rude" in read(moderator, CHANGELIST)
    answer = moderator.post(reverse("admin:moderation_adopt_reasons"), {"site": site.slug})
    assert answer.status_code == 404
    assert moderator.get(reverse("admin:moderation_refusalreason_add")).status_code == 403
