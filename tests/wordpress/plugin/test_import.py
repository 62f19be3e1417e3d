"""The import of old comments in the background."""

import json
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import pytest

from tests.moderation.web.dialects.serving import Served
from tests.services.processes import wait_for
from tests.wordpress.blog import Blog
from tests.wordpress.plugin.pages import SETTINGS, add_post, press, save

IMPORT = "/wp-admin/tools.php?page=leave-a-reply-import"
# A piece of the import has two comments here.
SMALL_PIECES = "add_filter('leave_a_reply_import_size', function () { return 2; });"
IMPORTED = """
    SELECT c.author_name, c.status, p.author_name FROM comments_comment c
    JOIN comments_thread t ON t.id = c.thread_id LEFT JOIN comments_comment p ON p.id = c.parent_id
    WHERE t.url = ? ORDER BY c.created_at
"""


def add_comment(blog: Blog, post_id: int, author: str, **fields: Any) -> int:
    values = {
        "comment_post_ID": post_id,
        "comment_author": author,
        "comment_author_email": f"{author.lower()}@reader.example",
        "comment_content": f"<em>{author}</em> writes & says \u201cbees\u201d.",
        "comment_approved": 1,
        **fields,
    }
    encoded = json.dumps(values).replace("\\", "\\\\").replace("'", "\\'")
    return int(blog.wordpress(f"echo wp_insert_comment(json_decode('{encoded}', true));"))


def import_state(blog: Blog) -> dict[str, Any]:
    stored = blog.wordpress(
        "echo json_encode((object) get_option('leave_a_reply_import', array()));"
    )
    return dict(json.loads(stored))


def test_old_comments_come_in_piece_by_piece_in_the_background(
    installation: Served, blog: Blog
) -> None:
    blog.add_mu_plugin("small.php", SMALL_PIECES)
    post_id, hidden = add_post(blog), add_post(blog, post_password="honey")
    ann = add_comment(blog, post_id, "Ann", comment_date_gmt="2020-01-01 10:00:00")
    add_comment(blog, hidden, "Hidden")
    add_comment(blog, post_id, "Pingback", comment_type="pingback")
    bob = {"comment_parent": ann, "comment_date_gmt": "2020-01-02 10:00:00"}
    add_comment(blog, post_id, "Bob", **bob)
    cid = {"comment_approved": 0, "comment_date_gmt": "2020-01-03 10:00:00"}
    add_comment(blog, post_id, "Cid", **cid)
    press(blog, IMPORT, "leave_a_reply_begin_import")
    press(blog, IMPORT, "leave_a_reply_stop_import")
    blog.run_cron()
    assert import_state(blog)["created"] == 0
    page = press(blog, IMPORT, "leave_a_reply_resume_import")
    assert "runs in the background" in page

    def done() -> bool:
        blog.run_cron()
        return import_state(blog)["state"] == "done"

    wait_for(done, seconds=60, what="the import")
    job = import_state(blog)
    assert (job["created"], job["skipped"], job["problems"]) == (job["total"], 0, 0)
    assert "The import is done." in blog.browse(IMPORT)
    assert installation.rows(IMPORTED, f"{blog.url}/?p={post_id}") == [
        ("Ann", "approved", None),
        ("Bob", "approved", "Ann"),
        ("Cid", "held", None),
    ]
    assert installation.rows(IMPORTED, f"{blog.url}/?p={hidden}") == []


def test_an_import_that_the_server_refuses_says_so_and_can_go_on(
    blog: Blog, secrets: dict[str, str]
) -> None:
    save(blog, SETTINGS, {"key": "lar_wrong"})
    press(blog, IMPORT, "leave_a_reply_begin_import")
    blog.run_cron()
    page = blog.browse(IMPORT)
    assert "This key is unknown, revoked or expired." in page
    assert "leave_a_reply_resume_import" in page
    save(blog, SETTINGS, {"key": secrets["key"]})


def test_buttons_do_nothing_for_who_may_not(blog: Blog) -> None:
    before = import_state(blog)
    form = urllib.parse.urlencode({"action": "leave_a_reply_begin_import", "_wpnonce": "x"})
    with pytest.raises(urllib.error.HTTPError, match="403"):
        blog.browse(f"/wp-admin/admin-post.php?{form}", [("action", "leave_a_reply_begin_import")])
    assert import_state(blog) == before
