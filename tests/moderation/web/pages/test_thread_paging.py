"""Long threads on the page that works without JavaScript: pages, orders, branches, permalinks."""

import re
from html import unescape

import pytest
from django.test import Client

from comments.models import Comment, Site, Thread
from tests.factories import CommentFactory, ThreadFactory

ADDRESS = "/sites/gazette/thread?key=article"


@pytest.fixture
def thread(site: Site) -> Thread:
    return ThreadFactory(site=site, key="article", url="")


def shown(html: str) -> list[str]:
    return re.findall(r'<li id="comment-([0-9a-f-]+)"', html)


def links(html: str, words: str) -> list[str]:
    found = re.findall(rf'href="([^"]*)"[^>]*>{words}<', html)
    return [unescape(address) for address in found]


def get(query: str) -> str:
    answer = Client().get(f"/sites/gazette/thread{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_reader_turns_pages_there_and_back(thread: Thread) -> None:
    comments = CommentFactory.create_batch(25, thread=thread)
    first = get("?key=article")
    (older,) = links(first, "More replies")
    second = get(older)
    assert shown(first) + shown(second) == [str(c.pk) for c in reversed(comments)]
    (newer,) = links(second, "Previous replies")
    assert shown(get(newer)) == shown(first)


def test_the_best_come_first_where_that_is_asked_for(thread: Thread) -> None:
    best = CommentFactory(thread=thread, best=0.5)
    CommentFactory(thread=thread)
    (address,) = links(get("?key=article"), "Best first")
    assert shown(get(address))[0] == str(best.pk)


def test_without_votes_there_is_no_best(thread: Thread, site: Site) -> None:
    Site.objects.update(votes=False)
    assert not links(get("?key=article"), "Best first")


def test_a_large_branch_leads_on_until_all_of_it_was_shown(thread: Thread) -> None:
    top = CommentFactory(thread=thread)
    below = CommentFactory.create_batch(130, thread=thread, parent=top)
    seen: set[str] = set()
    query = ["?key=article"]
    while query:
        html = get(query[0])
        seen |= set(shown(html))
        query = links(html, "Show [0-9]+ more repl(?:y|ies)")
    assert seen == {str(comment.pk) for comment in (top, *below)}


def test_a_permalink_opens_the_page_on_which_the_comment_is(thread: Thread) -> None:
    old = CommentFactory(thread=thread)
    CommentFactory.create_batch(25, thread=thread)
    (address,) = re.findall(
        rf'class="when" href="([^"#]*)#comment-{old.pk}"', get(f"?key=article&around={old.pk}")
    )
    assert str(old.pk) in shown(get(unescape(address)))


@pytest.mark.parametrize("query", ["&around=x", f"&branch={'0' * 32}", "&sort=worst", "&limit=0"])
def test_a_part_that_there_is_not_is_not_found(thread: Thread, query: str) -> None:
    assert Client().get(ADDRESS + query).status_code == 404


def test_another_threads_branch_is_not_shown(thread: Thread) -> None:
    foreign: Comment = CommentFactory()
    assert Client().get(f"{ADDRESS}&branch={foreign.pk}").status_code == 404
