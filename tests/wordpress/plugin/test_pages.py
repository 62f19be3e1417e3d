"""What the server is told of posts: address, title, and whether they take comments."""

import json
from typing import Any

from tests.moderation.web.dialects.serving import Served
from tests.wordpress.blog import Blog
from tests.wordpress.plugin.pages import SETTINGS, add_post, save


def known(installation: Served, blog: Blog, number: int) -> list[tuple[Any, ...]]:
    """Run what is due, and return title, naming and closing of a post's thread."""
    blog.run_cron()
    query = "SELECT title, named_by_site, closed_at IS NOT NULL FROM comments_thread WHERE url = ?"
    return list(installation.rows(query, f"{blog.url}/?p={number}"))


def change(blog: Blog, number: int, **fields: str) -> None:
    values = json.dumps({"ID": number, **fields})
    blog.wordpress(f"wp_update_post(json_decode('{values}', true));")


def test_a_post_is_named_to_the_server_before_its_first_comment(
    installation: Served, blog: Blog
) -> None:
    number = add_post(blog, post_title="Honey")
    assert known(installation, blog, number) == [("Honey", 1, 0)]
    change(blog, number, post_title="Honey, again")
    assert known(installation, blog, number) == [("Honey, again", 1, 0)]


def test_a_thread_is_closed_and_opened_with_its_post(installation: Served, blog: Blog) -> None:
    number = add_post(blog, post_title="Wax")
    assert known(installation, blog, number) == [("Wax", 1, 0)]
    change(blog, number, comment_status="closed")
    assert known(installation, blog, number) == [("Wax", 1, 1)]
    change(blog, number, comment_status="open")
    assert known(installation, blog, number) == [("Wax", 1, 0)]


def test_a_post_that_grew_too_old_is_closed_when_it_is_shown(
    installation: Served, blog: Blog
) -> None:
    number = add_post(blog, post_title="Pollen", post_date="2020-01-02 03:04:05")
    assert known(installation, blog, number) == [("Pollen", 1, 0)]
    blog.wordpress("update_option('close_comments_for_old_posts', 1);")
    try:
        blog.read(f"/?p={number}")
        assert known(installation, blog, number) == [("Pollen", 1, 1)]
    finally:
        blog.wordpress("update_option('close_comments_for_old_posts', 0);")


def test_nothing_is_told_of_what_not_everybody_may_read(installation: Served, blog: Blog) -> None:
    hidden = [
        add_post(blog, post_title="Secret", post_status="draft"),
        add_post(blog, post_title="Secret", post_status="private"),
        add_post(blog, post_title="Secret", post_password="honey"),
        add_post(blog, post_title="Secret", post_type="nav_menu_item"),
    ]
    assert [known(installation, blog, number) for number in hidden] == [[], [], [], []]


def test_a_server_that_is_away_is_told_later(installation: Served, blog: Blog) -> None:
    url = json.loads(blog.wordpress("echo json_encode(get_option('leave_a_reply'));"))["url"]
    save(blog, SETTINGS, {"url": "http://127.0.0.1:1"})
    number = add_post(blog, post_title="Comb")
    assert known(installation, blog, number) == []
    save(blog, SETTINGS, {"url": url})
    blog.wordpress("delete_transient('leave_a_reply_pages_pause');")
    blog.read(f"/?p={number}")
    assert known(installation, blog, number) == [("Comb", 1, 0)]
