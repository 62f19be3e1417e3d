"""All that match: asked once more, watched while it runs, taken back as a whole."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.models import Comment, Role, Site, Status, User
from moderation.models import BulkJob, JobState, RefusalReason
from moderation.review.queue import bulk_worker
from tests.factories import MembershipFactory
from tests.moderation.web.desk.desk import QUEUE, member, read, signed_in, status, wait_in

NEW = reverse("admin:moderation_bulkjob_add")


def begin(client: Client, **data: str) -> str:
    """Confirm, and return where that leads."""
    form = {"verdict": "REJECT", "sure": "1", **data}
    return str(client.post(NEW, form).headers["Location"])


def offered(page: str) -> list[str]:
    """Return the keys of the reasons to choose from."""
    select = page.partition('<select name="refusal">')[2].partition("</select>")[0]
    return re.findall(r'value="([^"]*)"', select)


def run() -> None:
    for job in BulkJob.objects.filter(state=JobState.RUNNING):
        while bulk_worker.run(job.pk, now=timezone.now()):
            pass


def press(client: Client, name: str, job: BulkJob) -> int:
    return client.post(reverse(f"admin:moderation_job_{name}", args=[job.pk])).status_code


@pytest.fixture
def waiting(site: Site) -> list[Comment]:
    return [wait_in(site, body=f"The ferry, number {n}") for n in range(3)]


def test_the_queue_leads_there_with_its_filters(desk: Client, waiting: list[Comment]) -> None:
    page = read(desk, f"{QUEUE}?q=ferry")
    assert f'href="{NEW}?q=ferry"' in page


def test_it_is_told_how_many_are_meant(desk: Client, site: Site, waiting: list[Comment]) -> None:
    wait_in(site, body="Something else")
    page = read(desk, f"{NEW}?q=ferry")
    assert "Comments that match: 3" in page
    assert "“ferry”" in page
    assert "The ferry, number 0" in page
    assert "Something else" not in page


def test_all_that_match_are_decided_and_each_has_its_result(
    desk: Client, site: Site, waiting: list[Comment]
) -> None:
    other = wait_in(site, body="Something else")
    where = begin(desk, q="ferry", reasoning="Off topic")
    run()
    page = read(desk, where)
    assert {status(comment) for comment in waiting} == {Status.REJECTED}
    assert status(other) == Status.HELD
    assert "Done: 3 of 3" in page
    assert page.count("<strong>Reject</strong>") == 3
    assert "Off topic" in page


def test_the_reason_that_is_chosen_for_all_is_told_to_each_author(
    desk: Client, site: Site, waiting: list[Comment]
) -> None:
    RefusalReason.objects.create(site=site, key="ads", label="Advertising", text="No ads.")
    where = begin(desk, q="ferry", refusal="ads", reasoning="Not even small ones.")
    run()
    for comment in waiting:
        decision = comment.decisions.effective().get()
        assert decision.refusal_reason == "ads"
        assert decision.reasoning == "No ads.\n\nNot even small ones."
    assert "Advertising" in read(desk, where)


def test_the_reasons_are_those_that_every_site_meant_has(
    site: Site, moderator: User, waiting: list[Comment]
) -> None:
    desk = signed_in(moderator)
    RefusalReason.objects.create(site=site, key="ads", label="Advertising", text="No ads.")
    RefusalReason.objects.create(site=site, key="spam", label="Junk")
    assert offered(read(desk, NEW)) == ["", "ads", "spam"]
    wait_in(MembershipFactory(user=moderator, role=Role.MODERATOR).site)
    assert offered(read(desk, NEW)) == ["", "spam"]


def test_what_was_found_narrows_the_job_while_the_reason_refuses(
    desk: Client, waiting: list[Comment]
) -> None:
    begin(desk, reason="HAS_LINKS", refusal="off_topic")
    run()
    assert {status(comment) for comment in waiting} == {Status.HELD}


def test_an_unknown_reason_decides_about_nothing(desk: Client, waiting: list[Comment]) -> None:
    begin(desk, refusal="no-such", here=QUEUE)
    assert not BulkJob.objects.exists()
    assert "no reason “no-such”" in read(desk, QUEUE)


def test_the_whole_is_taken_back_at_once(desk: Client, waiting: list[Comment]) -> None:
    begin(desk)
    run()
    press(desk, "undo", BulkJob.objects.get())
    run()
    assert {status(comment) for comment in waiting} == {Status.HELD}


def test_it_can_be_stopped(desk: Client, waiting: list[Comment]) -> None:
    begin(desk)
    press(desk, "cancel", BulkJob.objects.get())
    run()
    assert {status(comment) for comment in waiting} == {Status.HELD}


def test_a_script_may_follow_how_far_it_is(desk: Client, waiting: list[Comment]) -> None:
    begin(desk)
    where = reverse("admin:moderation_job_progress", args=[BulkJob.objects.get().pk])
    assert desk.get(where).json()["message"] == "Running: 0 of 3"
    run()
    assert desk.get(where).json()["state"] == "done"


@pytest.mark.parametrize("missing", [{"sure": ""}, {"verdict": ""}, {"verdict": "BURN"}])
def test_nothing_begins_unless_it_is_confirmed(
    desk: Client, waiting: list[Comment], missing: dict[str, str]
) -> None:
    begin(desk, **missing)
    assert not BulkJob.objects.exists()


def test_a_viewer_can_not_begin(site: Site, waiting: list[Comment]) -> None:
    viewer = member(Role.VIEWER, site)
    assert viewer.get(NEW).status_code in (403, 404)
    assert NEW not in read(viewer, QUEUE)
    viewer.post(NEW, {"verdict": "REJECT", "sure": "1"})
    run()
    assert {status(comment) for comment in waiting} == {Status.HELD}


def test_a_job_is_its_moderators_own(desk: Client, site: Site, waiting: list[Comment]) -> None:
    where = begin(desk)
    colleague = signed_in(MembershipFactory(site=site, role=Role.MODERATOR).user)
    job = BulkJob.objects.get()
    assert colleague.get(where).status_code == 404
    assert press(colleague, "cancel", job) == 404
    assert not re.search(str(job.pk), read(colleague, "/admin/moderation/bulkjob/"))
