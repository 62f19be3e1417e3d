"""Each arrow of a comment's life, walked from the front door."""

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from comments.accounts import single_sign_on
from comments.models import Comment, Site, Status
from moderation.models import Appeal, Decision, DecisionSource, QueueReason, Reviewable, Screening
from moderation.rules.verdicts import Reason, Verdict
from moderation.screening import screen, tasks
from tests.conftest import Api
from tests.factories import PolicyFactory
from tests.submissions import EMAIL, post

THREAD = {"thread": "an-article"}


def screened(answer) -> Comment:
    """Let the worker look at what was posted, and return the comment as it is then."""
    screen.screen(now=timezone.now())
    return Comment.objects.get(pk=answer.json()["id"])


def public(reader: Api) -> list[str]:
    return [comment["id"] for comment in reader.get("comments", THREAD).json()["results"]]


def decide(review: Api, comment: Comment, verdict: str, **more):
    ruling = {"verdict": verdict, "revision": comment.revision, **more}
    return review.post(f"comments/{comment.pk}/decision", ruling)


def reasons(comment: Comment) -> set[str]:
    decision = comment.decisions.effective().get()
    return set(decision.findings.values_list("reason", flat=True))


# (nothing) → pending → …


def test_a_harmless_comment_is_published(reader: Api) -> None:
    answer = post(reader)
    assert public(reader) == []
    assert screened(answer).status == Status.APPROVED
    assert public(reader) == [answer.json()["id"]]


def test_a_doubtful_comment_is_held_and_waits_for_a_person(reader: Api) -> None:
    comment = screened(post(reader, body="What an idiot."))
    assert comment.status == Status.HELD
    assert Reviewable.objects.open().get().comment == comment
    assert public(reader) == []


def test_a_vile_comment_is_rejected_with_a_statement_of_reasons(reader: Api) -> None:
    comment = screened(post(reader, body="This is vile."))
    assert comment.status == Status.REJECTED
    assert "toxicity" in comment.decisions.get().reasoning


def test_spam_is_kept_and_bothers_nobody(reader: Api) -> None:
    comment = screened(post(reader, body="viagra"))
    assert comment.status == Status.SPAM
    assert not Reviewable.objects.exists()


def test_a_calm_comment_with_a_filled_decoy_is_held_for_a_person(reader: Api) -> None:
    comment = screened(post(reader, side_remark="filled in by a browser"))
    assert comment.status == Status.HELD
    assert Reason.DECOY_FILLED in reasons(comment)
    assert Reviewable.objects.open().filter(comment=comment).exists()


def test_a_bot_that_fills_the_decoy_and_advertises_ends_as_spam(reader: Api) -> None:
    comment = screened(post(reader, body="viagra", side_remark="bot@mail.example"))
    assert comment.status == Status.SPAM
    assert Reason.DECOY_FILLED in reasons(comment)


def test_a_bot_that_answers_at_once_ends_as_spam(reader: Api, site: Site) -> None:
    Site.objects.filter(pk=site.pk).update(min_seconds=3)
    comment = screened(post(reader))
    assert comment.status == Status.SPAM
    assert Reason.FORM_TOO_FAST in reasons(comment)


def test_without_a_classifier_nothing_is_published_unseen(reader: Api, no_classifier: None) -> None:
    comment = screened(post(reader))
    assert comment.status == Status.HELD
    assert Reason.CLASSIFIER_AWAY in reasons(comment)


def test_every_finding_is_kept_even_when_one_would_do(reader: Api) -> None:
    PolicyFactory(site=Site.objects.get(), held_words=["casino*"])
    comment = screened(
        post(reader, body="viagra at casinos https://a.example", closing_remark="bot@mail.example")
    )
    expected = {Reason.DECOY_FILLED, Reason.HELD_WORD, Reason.HAS_LINKS, Reason.SCORE}
    assert expected <= reasons(comment)


# … a moderator: any status → any other, always a new decision …


VERDICTS = {
    "APPROVE": Status.APPROVED,
    "HOLD": Status.HELD,
    "REJECT": Status.REJECTED,
    "SPAM": Status.SPAM,
    "DELETE": Status.DELETED,
}


@pytest.mark.parametrize("first", VERDICTS)
@pytest.mark.parametrize("then", VERDICTS)
def test_a_moderator_may_change_any_verdict_into_any_other(
    reader: Api, review: Api, first: str, then: str
) -> None:
    comment = screened(post(reader))
    decide(review, comment, first)
    assert decide(review, comment, then).status_code == 201
    comment.refresh_from_db()
    assert comment.status == VERDICTS[then]
    assert comment.decisions.count() == 3
    assert comment.decisions.effective().get().verdict == then


def test_the_machine_never_overrides_a_moderator(reader: Api, review: Api) -> None:
    comment = screened(post(reader, body="What an idiot."))
    decide(review, comment, "APPROVE")
    screen.rescreen([comment.pk])
    screen.screen(now=timezone.now())
    comment.refresh_from_db()
    assert comment.status == Status.APPROVED
    assert not Screening.objects.exists()


def test_undo_brings_back_what_counted_before(reader: Api, review: Api) -> None:
    comment = screened(post(reader, body="What an idiot."))
    decision = decide(review, comment, "APPROVE").json()
    answer = review.post(f"decisions/{decision['id']}/undo")
    assert answer.json()["verdict"] == Verdict.HOLD
    comment.refresh_from_db()
    assert comment.status == Status.HELD
    assert Reviewable.objects.open().get(comment=comment).why == QueueReason.SCREENED


def test_a_decision_about_an_older_text_is_refused(reader: Api, review: Api) -> None:
    mine = post(reader)
    comment = screened(mine)
    token = {"X-Edit-Token": mine.json()["edit_token"]}
    reader.patch(f"comments/{comment.pk}", {"body": "Something else."}, headers=token)
    answer = decide(review, comment, "APPROVE")
    assert answer.status_code == 409
    assert answer.json()["type"].endswith(":revision-stale")


# … the author edits, deletes, appeals …


def test_an_edited_comment_is_screened_again(reader: Api) -> None:
    mine = post(reader)
    comment = screened(mine)
    token = {"X-Edit-Token": mine.json()["edit_token"]}
    answer = reader.patch(f"comments/{comment.pk}", {"body": "Now viagra."}, headers=token)
    assert answer.json()["status"] == Status.PENDING
    assert public(reader) == []
    assert screened(mine).status == Status.SPAM


def test_each_text_has_exactly_one_effective_decision(reader: Api, review: Api) -> None:
    mine = post(reader)
    comment = screened(mine)
    token = {"X-Edit-Token": mine.json()["edit_token"]}
    reader.patch(f"comments/{comment.pk}", {"body": "Another text."}, headers=token)
    comment = screened(mine)
    decide(review, comment, "REJECT")
    effective = comment.decisions.effective().order_by("revision")
    assert list(effective.values_list("revision", "source")) == [
        (1, DecisionSource.AUTOMATION),
        (2, DecisionSource.MODERATOR),
    ]


def test_an_author_can_take_a_comment_back(reader: Api) -> None:
    mine = post(reader)
    comment = screened(mine)
    token = {"X-Edit-Token": mine.json()["edit_token"]}
    assert reader.delete(f"comments/{comment.pk}", headers=token).status_code == 204
    comment.refresh_from_db()
    assert comment.status == Status.DELETED
    assert public(reader) == []


def test_a_refused_author_can_appeal_and_be_heard(reader: Api, review: Api) -> None:
    mine = post(reader, body="This is vile.")
    comment = screened(mine)
    token = {"X-Edit-Token": mine.json()["edit_token"]}
    answer = reader.post(
        f"comments/{comment.pk}/appeal", {"text": "It was a quotation."}, headers=token
    )
    assert answer.status_code == 201
    assert review.get("queue").json()["results"][0]["why"] == "APPEALED"
    decide(review, comment, "APPROVE")
    assert Appeal.objects.get().outcome == "OVERTURNED"
    assert public(reader) == [str(comment.pk)]


def test_a_comment_that_was_not_refused_can_not_be_appealed_for(reader: Api) -> None:
    mine = post(reader)
    comment = screened(mine)
    token = {"X-Edit-Token": mine.json()["edit_token"]}
    answer = reader.post(f"comments/{comment.pk}/appeal", {"text": "But."}, headers=token)
    assert answer.status_code == 409


# … readers report.


def report(reader: Api, comment: Comment, *, by: str):
    return reader.post(f"comments/{comment.pk}/report", {"reason": "ABUSE"}, REMOTE_ADDR=by)


def test_enough_reports_hold_a_comment_again(reader: Api, review: Api) -> None:
    comment = screened(post(reader))
    for n in range(3):
        assert report(reader, comment, by=f"198.51.100.{n}").status_code == 201
    assert public(reader) == []
    assert review.get("queue").json()["results"][0]["why"] == "REPORTED"


def test_one_reader_counts_once(reader: Api) -> None:
    comment = screened(post(reader))
    for _ in range(5):
        report(reader, comment, by="198.51.100.1")
    assert public(reader) == [str(comment.pk)]


def test_reports_do_not_undo_what_a_moderator_decided(reader: Api, review: Api) -> None:
    comment = screened(post(reader))
    decide(review, comment, "APPROVE")
    for n in range(3):
        report(reader, comment, by=f"198.51.100.{n}")
    assert public(reader) == [str(comment.pk)]


# Trust.


def test_the_first_comment_waits_for_a_person_where_the_site_wants_it(
    reader: Api, site: Site
) -> None:
    PolicyFactory(site=site, hold_first_comment=True)
    assert screened(post(reader)).status == Status.HELD


@pytest.fixture
def trusted(reader: Api, site: Site) -> dict[str, str]:
    """A reader whom the site vouches for, with three approved comments."""
    person = single_sign_on.SignedOnReader("Ann", EMAIL)
    known = {
        "reader_token": single_sign_on.issue_reader_token(person, site=site, now=timezone.now())
    }
    for n in range(3):
        screened(post(reader, body=f"Calm comment number {n}.", **known))
    return known


def test_a_trusted_author_is_published_though_the_score_is_doubtful(
    reader: Api, trusted: dict
) -> None:
    assert screened(post(reader, body="What an idiot.", **trusted)).status == Status.APPROVED


def test_whoever_types_the_address_of_a_trusted_author_is_not_trusted(
    reader: Api, trusted: dict
) -> None:
    assert screened(post(reader, body="What an idiot.")).status == Status.HELD


def test_who_types_the_address_of_a_trusted_author_does_not_ruin_the_trust(
    reader: Api, trusted: dict
) -> None:
    screened(post(reader, body="viagra"))
    assert screened(post(reader, body="What an idiot.", **trusted)).status == Status.APPROVED


def test_a_trusted_author_is_rejected_like_anyone(reader: Api, trusted: dict) -> None:
    assert screened(post(reader, body="This is vile.", **trusted)).status == Status.REJECTED


# The queue of the machine.


@pytest.mark.django_db(transaction=True)
def test_posting_wakes_a_worker(reader: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.screen_comment, "delay", tasks.screen_comment.run)
    answer = post(reader)
    assert Comment.objects.get(pk=answer.json()["id"]).status == Status.APPROVED


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_away_is_no_matter_to_the_reader(
    reader: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*args: object) -> None:
        raise OperationalError("the broker is away")

    monkeypatch.setattr(tasks.screen_comment, "delay", away)
    answer = post(reader)
    assert answer.status_code == 201
    assert screen.sweep(now=timezone.now()) == 1
    assert Decision.objects.filter(comment=answer.json()["id"]).count() == 1


def test_reports_of_readers_who_were_right_before_come_first(
    site: Site, reader: Api, review: Api
) -> None:
    rude = screened(post(reader, body="A first comment."))
    report(reader, rude, by="198.51.100.1")
    decide(review, rude, "REJECT")
    fair = screened(post(reader, body="A second comment."))
    report(reader, fair, by="203.0.113.1")
    decide(review, fair, "APPROVE")
    PolicyFactory(site=site, reports_to_hold=1)
    for body, address in (("Third.", "203.0.113.1"), ("Fourth.", "198.51.100.1")):
        report(reader, screened(post(reader, body=body)), by=address)
    waiting = review.get("queue").json()["results"]
    assert [row["comment"]["body"] for row in waiting] == ["Fourth.", "Third."]


def test_a_text_that_a_moderator_let_stand_is_not_held_again(
    site: Site, reader: Api, review: Api
) -> None:
    PolicyFactory(site=site, reports_to_hold=1)
    mine = post(reader)
    comment = screened(mine)
    report(reader, comment, by="198.51.100.1")
    decide(review, comment, "APPROVE")
    report(reader, comment, by="198.51.100.2")
    assert public(reader) == [str(comment.pk)]
    token = {"X-Edit-Token": mine.json()["edit_token"]}
    reader.patch(f"comments/{comment.pk}", {"body": "A new text."}, headers=token)
    report(reader, screened(mine), by="198.51.100.2")
    assert public(reader) == []
