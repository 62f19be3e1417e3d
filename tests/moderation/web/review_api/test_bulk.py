"""One verdict for all that matches, and one undo for the whole."""

import pytest

from comments.models import Comment, IdempotencyKey, Role, Site, Status, User
from moderation.models import BulkItem, BulkJob, JobState, SavedView
from moderation.review.queue import bulk_worker
from tests.conftest import Api, signed_in
from tests.factories import NOW, MembershipFactory, ReviewableFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def hold(site: Site, number: int, **more: object) -> list[Comment]:
    thread = ThreadFactory(site=site)
    return [
        ReviewableFactory(comment__thread=thread, comment__status=Status.HELD, **more).comment
        for _ in range(number)
    ]


def start(review: Api, verdict: str = "REJECT", **filters: object) -> dict:
    answer = review.post("jobs", {"filters": filters, "verdict": verdict})
    assert answer.status_code == 202, answer.content
    return answer.json()


def run(job: dict) -> None:
    while bulk_worker.run(job["id"], now=NOW):
        pass


def statuses(comments: list[Comment]) -> set[str]:
    ids = [comment.pk for comment in comments]
    return set(Comment.objects.filter(pk__in=ids).values_list("status", flat=True))


def test_it_answers_at_once_with_how_much_matches(review: Api, site: Site) -> None:
    hold(site, 3)
    job = start(review)
    assert (job["state"], job["total"], job["done"]) == ("running", 3, 0)


def test_it_decides_about_all_that_matches(
    review: Api, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_worker, "CHUNK", 2)
    insults = hold(site, 5, category="INSULT")
    others = hold(site, 2, category="SPAM")
    job = start(review, category="INSULT")
    run(job)
    assert statuses(insults) == {Status.REJECTED}
    assert statuses(others) == {Status.HELD}
    told = review.get(f"jobs/{job['id']}").json()
    assert (told["state"], told["done"], told["refused"]) == ("done", 5, 0)


def test_every_comment_has_its_result(review: Api, site: Site) -> None:
    (comment,) = hold(site, 1)
    job = start(review)
    run(job)
    (item,) = review.get(f"jobs/{job['id']}/items").json()["results"]
    assert item["comment"] == str(comment.pk)
    assert item["decision"] == str(comment.decisions.get().pk)


def test_a_reason_is_chosen_once_for_all(review: Api, site: Site) -> None:
    comments = hold(site, 2)
    asked = {"filters": {}, "verdict": "REJECT", "reason": "off_topic"}
    job = review.post("jobs", asked).json()
    run(job)
    assert job["reason"] == "off_topic"
    assert {c.decisions.get().refusal_reason for c in comments} == {"off_topic"}


def test_a_reason_that_no_site_has_is_refused_at_once(review: Api, site: Site) -> None:
    hold(site, 1)
    asked = {"filters": {}, "verdict": "REJECT", "reason": "no-such"}
    answer = review.post("jobs", asked)
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == (400, "reason-unknown")
    assert not BulkJob.objects.exists()


def test_what_comes_later_is_not_touched(review: Api, site: Site) -> None:
    hold(site, 1)
    job = start(review)
    late = hold(site, 1, opened_at=BulkJob.objects.get().started_at.replace(year=2099))
    run(job)
    assert statuses(late) == {Status.HELD}


def test_a_worker_that_dies_loses_nothing(
    review: Api, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_worker, "CHUNK", 2)
    comments = hold(site, 5)
    job = start(review)
    bulk_worker.run(job["id"], now=NOW)

    def die(*_: object) -> None:
        raise MemoryError

    with monkeypatch.context() as dying:
        dying.setattr(bulk_worker, "_record_items", die)
        with pytest.raises(MemoryError):
            bulk_worker.run(job["id"], now=NOW)
    run(job)
    assert statuses(comments) == {Status.REJECTED}
    assert BulkItem.objects.count() == 5


def test_cancelling_stops_it_where_it_is(
    review: Api, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_worker, "CHUNK", 2)
    comments = hold(site, 5)
    job = start(review)
    bulk_worker.run(job["id"], now=NOW)
    assert review.post(f"jobs/{job['id']}/cancel").json()["state"] == "cancelled"
    run(job)
    assert statuses(comments) == {Status.REJECTED, Status.HELD}
    assert BulkJob.objects.get().done == 2


def test_what_has_ended_can_not_be_cancelled(review: Api, site: Site) -> None:
    job = start(review)
    run(job)
    assert review.post(f"jobs/{job['id']}/cancel").status_code == 409


def test_one_undo_takes_back_the_whole(
    review: Api, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk_worker, "CHUNK", 2)
    comments = hold(site, 5)
    job = start(review)
    run(job)
    undoing = review.post(f"jobs/{job['id']}/undo")
    assert undoing.status_code == 202
    run(undoing.json())
    assert statuses(comments) == {Status.HELD}
    assert review.get("queue").json()["results"]


def test_undoing_leaves_what_somebody_decided_since(
    review: Api, site: Site, moderator: object
) -> None:
    first, second = hold(site, 2)
    job = start(review)
    run(job)
    review.post(f"comments/{first.pk}/decision", {"verdict": "APPROVE", "revision": 1})
    run(review.post(f"jobs/{job['id']}/undo").json())
    assert statuses([first]) == {Status.APPROVED}
    assert statuses([second]) == {Status.HELD}
    undone = BulkJob.objects.order_by("id").last()
    assert undone is not None
    assert (undone.done, undone.refused, undone.state) == (1, 1, JobState.DONE)


def test_a_job_is_undone_once(review: Api, site: Site) -> None:
    hold(site, 1)
    job = start(review)
    run(job)
    assert review.post(f"jobs/{job['id']}/undo").status_code == 202
    assert review.post(f"jobs/{job['id']}/undo").status_code == 409


def test_a_job_stays_at_the_sites_of_its_moderator(review: Api, site: Site) -> None:
    foreign = [ReviewableFactory().comment]
    hold(site, 1)
    run(start(review))
    assert statuses(foreign) == {Status.HELD}


def test_a_viewer_starts_no_job_and_leaves_no_row(site: Site) -> None:
    comments = hold(site, 2)
    viewer = signed_in(MembershipFactory(site=site, role=Role.VIEWER).user)
    body = {"filters": {}, "verdict": "REJECT"}
    answer = viewer.post("jobs", body, headers={"Idempotency-Key": "a key"})
    assert answer.status_code == 403
    assert not BulkJob.objects.exists()
    assert not IdempotencyKey.objects.exists()
    assert statuses(comments) == {Status.HELD}


def test_a_job_is_its_moderators_own(review: Api, site: Site) -> None:
    job = start(review)
    colleague = signed_in(MembershipFactory(site=site).user)
    assert colleague.get(f"jobs/{job['id']}").status_code == 404
    assert colleague.get("jobs").json()["results"] == []


def test_a_saved_view_is_kept_by_name(review: Api) -> None:
    filters = {"category": "INSULT", "q": "idiot"}
    saved = review.post("views", {"name": "Insults", "filters": filters})
    assert saved.status_code == 201
    review.post("views", {"name": "Insults", "filters": {"links": True}})
    (view,) = review.get("views").json()
    assert (view["name"], view["filters"]) == ("Insults", {"links": True})
    assert review.delete(f"views/{view['id']}").status_code == 204
    assert not SavedView.objects.exists()


def test_a_moderator_has_a_hundred_views_at_most(review: Api, moderator: User) -> None:
    SavedView.objects.bulk_create(SavedView(user=moderator, name=str(n)) for n in range(100))
    answer = review.post("views", {"name": "One more", "filters": {"links": True}})
    assert answer.status_code == 409
    assert "There are 100 saved views of yours" in answer.json()["detail"]
    assert review.post("views", {"name": "7", "filters": {"links": True}}).status_code == 201
