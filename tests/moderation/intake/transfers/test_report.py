"""What an import says of itself: numbers that add up, in one line."""

from moderation.intake.transfers.report import Outcome, summary


def test_it_says_how_many_come_in_as_what_and_why_others_do_not() -> None:
    outcome = Outcome(
        in_file=1209,
        created=1200,
        statuses={"held": 50, "approved": 50, "spam": 1100},
        threads=2,
        skipped_because={"pingback": 8},
        problem_count=1,
        is_dry_run=True,
    )
    assert summary(outcome) == (
        "Comments in the file: 1,209. Would come in: 1,200 (1,100 spam, 50 approved, 50 held). "
        "Left out: 8 (8 pingback). Can't be read: 1. New pages: 2. Pages that are here: 0."
    )


def test_an_import_says_what_it_did() -> None:
    assert summary(Outcome(0, 0, {}, 0, {}, 0)) == (
        "Comments in the file: 0. Came in: 0. Left out: 0. Can't be read: 0. New pages: 0. "
        "Pages that are here: 0."
    )
