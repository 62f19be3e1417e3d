from collections import Counter

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from comments.accounts import single_sign_on
from comments.models import Comment, Site, Status, Vote
from comments.privacy import email_addresses, tokens
from comments.threads import voting
from comments.threads.voting import wilson_lower_bound
from tests import messages
from tests.conftest import Api
from tests.factories import NOW, CommentFactory, ThreadFactory


@pytest.fixture
def comment(site: Site) -> Comment:
    return CommentFactory(thread=ThreadFactory(site=site), address_digest="somebody's")


def vote(reader: Api, comment: Comment, value: object, address: str = "192.0.2.1", **more):
    data = {"value": value, **more}
    return reader.post(f"comments/{comment.pk}/vote", data, REMOTE_ADDR=address)


def votes(reader: Api, comment: Comment) -> dict[str, int]:
    return reader.get(f"comments/{comment.pk}").json()["votes"]


def signed_on(site: Site, email: str) -> str:
    reader = single_sign_on.SignedOnReader("Ann", email)
    return single_sign_on.issue_reader_token(reader, site=site, now=timezone.now())


def test_a_vote_is_counted_and_told(reader: Api, comment: Comment) -> None:
    answer = vote(reader, comment, 1)
    assert answer.status_code == 200
    assert answer.json() == {"votes": {"up": 1, "down": 0}, "yours": 1}
    assert votes(reader, comment) == {"up": 1, "down": 0}


def test_a_vote_that_comes_twice_counts_once(reader: Api, comment: Comment) -> None:
    vote(reader, comment, 1)
    assert vote(reader, comment, 1).json()["votes"] == {"up": 1, "down": 0}


def test_a_vote_can_be_changed(reader: Api, comment: Comment) -> None:
    vote(reader, comment, 1)
    assert vote(reader, comment, -1).json()["votes"] == {"up": 0, "down": 1}


def test_a_vote_can_be_taken_back(reader: Api, comment: Comment) -> None:
    vote(reader, comment, -1)
    assert vote(reader, comment, 0).json() == {"votes": {"up": 0, "down": 0}, "yours": 0}
    assert not Vote.objects.exists()


def test_of_one_ipv6_network_five_votes_count_each_way(reader: Api, comment: Comment) -> None:
    for n in range(20):
        vote(reader, comment, 1, f"2001:db8:0:{n:x}::1")
    for n in range(20, 30):
        vote(reader, comment, -1, f"2001:db8:0:{n:x}::1")
    assert votes(reader, comment) == {"up": 5, "down": 5}
    assert Vote.objects.count() == 30
    assert vote(reader, comment, 1, "2001:db8:1::1").json()["votes"] == {"up": 6, "down": 5}


def test_behind_one_ipv4_network_more_votes_count(reader: Api, comment: Comment) -> None:
    for n in range(40):
        vote(reader, comment, 1, f"198.51.100.{n}")
    assert votes(reader, comment) == {"up": 25, "down": 0}


def test_readers_whom_the_site_vouches_for_count_wherever_they_are(
    reader: Api, comment: Comment, site: Site
) -> None:
    for n in range(7):
        token = signed_on(site, f"voter{n}@mail.example")
        vote(reader, comment, 1, f"2001:db8:0:{n:x}::1", reader_token=token)
    assert votes(reader, comment) == {"up": 7, "down": 0}


@given(
    acts=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 9), st.sampled_from([1, 0, -1])), max_size=40
    )
)
def test_whatever_is_voted_and_taken_back_a_network_has_its_share(
    db: None, acts: list[tuple[int, int, int]]
) -> None:
    comment = CommentFactory()
    for network, host, value in acts:
        voter = voting.Voter.at(f"2001:db8:{network}:{host}::1")
        comment = voting.vote(comment, voter=voter, value=value, now=NOW)
    for value, counted in ((1, comment.up_votes), (-1, comment.down_votes)):
        networks = Counter(Vote.objects.filter(comment=comment, value=value).values_list("network"))
        assert counted == sum(min(n, 5) for n in networks.values())


def test_each_address_has_a_vote(reader: Api, comment: Comment) -> None:
    vote(reader, comment, 1, "192.0.2.1")
    assert vote(reader, comment, 1, "192.0.2.2").json()["votes"] == {"up": 2, "down": 0}


@pytest.mark.parametrize("language", messages.languages())
def test_a_refusal_is_in_the_readers_language(reader: Api, comment: Comment, language: str) -> None:
    said = {message.id: message.string for message in messages.read("django", language)}

    def refused() -> str:
        answer = reader.post(
            f"comments/{comment.pk}/vote", {"value": 1}, headers={"Accept-Language": language}
        )
        return str(answer.json()["detail"])

    Comment.objects.update(address_digest=email_addresses.address_digest("127.0.0.1"))
    assert refused() == said["You can’t vote on your own reply."]
    Site.objects.update(votes=False)
    assert refused() == said["Replies take no votes here."]
    Comment.objects.update(status=Status.HELD)
    assert refused() == said["There is no such reply."]


def test_no_address_is_kept(reader: Api, comment: Comment) -> None:
    vote(reader, comment, 1, "192.0.2.1")
    assert "192.0.2.1" not in str(Vote.objects.values().get())


def test_a_reader_who_is_signed_on_has_one_vote_wherever(
    reader: Api, comment: Comment, site: Site
) -> None:
    token = signed_on(site, "ann@mail.example")
    vote(reader, comment, 1, "192.0.2.1", reader_token=token)
    answer = vote(reader, comment, 1, "192.0.2.2", reader_token=token)
    assert answer.json()["votes"] == {"up": 1, "down": 0}


def test_a_forged_reader_token_is_refused(reader: Api, comment: Comment) -> None:
    assert vote(reader, comment, 1, reader_token="forged").status_code == 401


def test_nobody_votes_on_an_own_comment(reader: Api, comment: Comment, site: Site) -> None:
    Comment.objects.update(address_digest=email_addresses.address_digest("192.0.2.9"))
    comment.author.email_digest = email_addresses.email_digest("ann@mail.example")
    comment.author.save()
    proof = {"X-Edit-Token": tokens.issue_edit_token(comment)}
    by_token = reader.post(f"comments/{comment.pk}/vote", {"value": 1}, headers=proof)
    by_address = vote(reader, comment, 1, "192.0.2.9")
    by_sign_on = vote(reader, comment, 1, reader_token=signed_on(site, "Ann@mail.example"))
    for answer in (by_token, by_address, by_sign_on):
        assert answer.status_code == 403
        assert answer.json()["type"].endswith(":own-comment")


@pytest.mark.parametrize("status", set(Status) - {Status.APPROVED})
def test_only_public_comments_are_voted_on(reader: Api, site: Site, status: Status) -> None:
    hidden = CommentFactory(thread=ThreadFactory(site=site), status=status)
    assert vote(reader, hidden, 1).status_code == 404


def test_another_sites_comment_is_not_there(reader: Api, site: Site) -> None:
    assert vote(reader, CommentFactory(), 1).status_code == 404


def test_a_site_may_have_no_votes(reader: Api, comment: Comment, site: Site) -> None:
    Site.objects.update(votes=False)
    answer = vote(reader, comment, 1)
    assert (answer.status_code, answer.json()["type"][-9:]) == (403, "votes-off")
    assert reader.get("form").json()["votes"] is False


@pytest.mark.parametrize("value", [2, -2, "x", None, [], 10**30, 0.5])
def test_what_is_no_vote_is_refused(reader: Api, comment: Comment, value: object) -> None:
    assert vote(reader, comment, value).status_code == 400


@pytest.mark.usefixtures("still_clock")
def test_an_address_may_not_vote_without_end(reader: Api, comment: Comment) -> None:
    answers = [vote(reader, comment, n % 2) for n in range(61)]
    assert [answer.status_code for answer in answers[-2:]] == [200, 429]


# The rank.


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_a_rank_lies_between_minus_one_and_one(up: int, down: int) -> None:
    assert -1 < wilson_lower_bound(up, down) < 1


@given(st.integers(0, 10**4), st.integers(0, 10**4))
def test_a_vote_for_lifts_and_a_vote_against_lowers(up: int, down: int) -> None:
    here = wilson_lower_bound(up, down)
    assert wilson_lower_bound(up + 1, down) > here
    assert wilson_lower_bound(up, down + 1) < here


def test_many_good_votes_rank_above_few_perfect_ones() -> None:
    assert (
        wilson_lower_bound(90, 10)
        > wilson_lower_bound(3, 0)
        > wilson_lower_bound(1, 0)
        > wilson_lower_bound(0, 0)
    )


def test_it_is_wilsons_bound() -> None:
    # Five of ten: the score interval is 0.2366 to 0.7634.
    assert wilson_lower_bound(5, 5) == pytest.approx(0.2366, abs=1e-4)
