"""A word list tried before it counts: wrong lines by their numbers, and what the others find."""

import pytest

from comments.models import Site
from moderation.rules import wordlists
from moderation.screening.policy import words_tried
from moderation.screening.policy.words_tried import try_words
from tests.factories import CommentFactory, SiteFactory, ThreadFactory

pytestmark = pytest.mark.django_db


def write(site: Site, *texts: str) -> None:
    thread = ThreadFactory(site=site)
    for text in texts:
        CommentFactory(thread=thread, body=text)


def test_wrong_lines_are_named_by_number_and_the_others_go_on() -> None:
    tried = try_words(["casino", "", "/(/", "the*", "poker"], sample="A Casino!", site=None)
    assert [one.number for one in tried.wrong] == [3, 4]
    assert tried.in_sample == ["casino"]


def test_a_line_that_catches_everything_is_wrong_and_shows_what_it_would_catch() -> None:
    (wrong,) = try_words(["/e/"], sample="", site=None).wrong
    assert wrong.number == 1
    assert "ordinary comments" in wrong.why


def test_disguises_are_seen_through_in_the_sample_as_they_are_in_comments() -> None:
    assert try_words(["viagra"], sample="cheap v1agra", site=None).in_sample == ["viagra"]
    assert try_words(["viagra"], sample="   ", site=None).in_sample == []


def test_it_says_in_how_many_comments_a_line_is_found_the_most_frequent_first(site: Site) -> None:
    write(site, "A boat", "Two boats and a ferry", "The ferry", "Nothing")
    write(SiteFactory(), "A ferry elsewhere")
    tried = try_words(["boat*", "ferry", "plane"], sample="", site=site)
    assert tried.compared == 4
    assert sorted((one.line, one.times) for one in tried.found) == [("boat*", 2), ("ferry", 2)]
    assert {one.example for one in tried.found} <= {"Two boats and a ferry", "The ferry"}


def test_a_name_is_looked_at_as_it_is_in_screening(site: Site) -> None:
    CommentFactory(thread=ThreadFactory(site=site), body="Hello", author_name="Casino Royal")
    assert [one.line for one in try_words(["casino"], sample="", site=site).found] == ["casino"]


def test_of_the_latest_comments_only_so_many_are_looked_at(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words_tried, "LATEST", 2)
    write(site, "ferry", "boat", "boat")
    tried = try_words(["ferry", "boat"], sample="", site=site)
    assert (tried.compared, [one.line for one in tried.found]) == (2, ["boat"])


def test_a_list_that_is_too_long_is_wrong_as_a_whole() -> None:
    lines = [f"word{n}" for n in range(wordlists.MOST_WORDS + 1)]
    tried = try_words(lines, sample="word1", site=None)
    assert [one.number for one in tried.wrong] == [0]
    assert tried.in_sample == []


def test_no_more_than_some_wrong_lines_are_told_of() -> None:
    tried = try_words(["/(/"] * 20, sample="", site=None)
    assert len(tried.wrong) == words_tried.MOST_WRONG
