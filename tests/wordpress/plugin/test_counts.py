"""WordPress's own numbers of comments are the server's."""

import json

from tests.moderation.web.dialects.serving import Served
from tests.services.processes import wait_for
from tests.wordpress.blog import Blog
from tests.wordpress.plugin.pages import SETTINGS, elements, post, save


def test_wordpress_counts_what_is_public_here(installation: Served, blog: Blog, new: str) -> None:
    issued = installation.manage("create_key", "blog", "--scope", "comments", "--json")
    comment = {
        "thread": {"url": blog.url + new},
        "author_name": "Roofer",
        "author_email": "roofer@reader.example",
        "body": "Thank you, this helped me to repair the roof.",
    }
    key = json.loads(issued)["key"]
    api = f"http://127.0.0.1:{installation.port}/api/v1"
    post(f"{api}/comments", comment, Authorization=f"Bearer {key}")
    # Other files of tests have comments here, too, of other people.
    own = "author_name = 'Roofer' AND status = 'approved'"
    public = f"SELECT 1 FROM comments_comment WHERE {own}"
    wait_for(lambda: installation.rows(public), seconds=30, what="the screening")
    run_counts(blog)
    number = new.removeprefix("/?p=")
    count = f"SELECT comment_count FROM wp_posts WHERE ID = {number}"
    assert blog.sql(count) == ["1"]
    # WordPress counts anew after whatever happens to its own comments, and when posts are saved.
    blog.wordpress(f"wp_update_comment_count_now({number});")
    assert blog.sql(count) == ["1"]


def test_a_server_that_is_away_changes_no_count_and_stops_no_page(blog: Blog, new: str) -> None:
    number = new.removeprefix("/?p=")
    count = f"SELECT comment_count FROM wp_posts WHERE ID = {number}"
    before = blog.sql(count)
    url = json.loads(blog.wordpress("echo json_encode(get_option('leave_a_reply'));"))["url"]
    save(blog, SETTINGS, {"url": "http://127.0.0.1:1"})
    try:
        run_counts(blog)
        assert elements(blog.read(new))
        assert blog.sql(count) == before
    finally:
        save(blog, SETTINGS, {"url": url})


def run_counts(blog: Blog) -> None:
    blog.wordpress("wp_schedule_single_event(time() - 1, 'leave_a_reply_counts');")
    blog.wordpress("do_action('leave_a_reply_counts');")
