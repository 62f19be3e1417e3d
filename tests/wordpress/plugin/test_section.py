"""The section in place of the theme's comments, and who is signed on there."""

import re
import urllib.error
import urllib.parse
import urllib.request

import pytest

from tests.moderation.web.dialects.serving import Served
from tests.wordpress.blog import Blog
from tests.wordpress.plugin.pages import add_post, attribute, elements, post

THEMES = ("twentytwentyone", "twentytwentythree")
# WordPress comes with a post that has a comment: the old one.
OLD = "/?p=1"
THEIRS = re.compile(
    r'id="commentform"|wp-comments-post\.php|class="comment-list|wp-block-comment-template'
)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("which", ["old", "new"])
def test_there_is_one_section_and_no_other_form(
    blog: Blog, new: str, theme: str, which: str
) -> None:
    blog.wordpress(f"switch_theme('{theme}');")
    path = OLD if which == "old" else new
    page = blog.read(path)
    (element,) = elements(page)
    assert not THEIRS.search(page)
    assert attribute(element, "url") == blog.url + path
    assert page.count('<script type="module"') == page.count("/embed.js") == 1


def test_the_link_leads_to_the_posts_own_page_without_javascript(blog: Blog, new: str) -> None:
    (element,) = elements(blog.read(new))
    assert attribute(element, "page-title") == "Bees & “Wasps”"
    link = attribute(element, "href")
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(link).query)
    assert asked == {"url": [blog.url + new]}
    with urllib.request.urlopen(link, timeout=60) as answer:
        assert "<form" in answer.read().decode()


@pytest.mark.parametrize(
    "fields",
    [
        {"comment_status": "closed"},
        {"post_password": "honey"},
        {"post_type": "attachment", "post_mime_type": "image/png"},
    ],
)
@pytest.mark.parametrize("theme", THEMES)
def test_a_post_that_takes_none_of_our_comments_has_no_section(
    blog: Blog, theme: str, fields: dict[str, str]
) -> None:
    blog.wordpress(f"switch_theme('{theme}');")
    number = add_post(blog, post_title="Closed", **fields)
    assert not elements(blog.read(f"/?p={number}"))


def test_comments_that_go_around_the_section_are_refused(blog: Blog, new: str) -> None:
    before = blog.sql("SELECT COUNT(*) FROM wp_comments")
    assert blog.comment("By the old form.") == 403
    rest = {"post": 1, "author_name": "A", "author_email": "a@mail.example", "content": "By REST."}
    with pytest.raises(urllib.error.HTTPError):
        post(f"{blog.url}/?rest_route=/wp/v2/comments", rest)
    assert blog.sql("SELECT COUNT(*) FROM wp_comments") == before


def test_who_is_logged_in_is_signed_on_and_nobody_else(
    installation: Served, blog: Blog, new: str
) -> None:
    (element,) = elements(blog.read(new))
    assert "sign-on=" not in element
    (element,) = elements(blog.browse(new))
    api = f"http://127.0.0.1:{installation.port}/api/v1/sites/blog/sign-on"
    reader = post(api, {"token": attribute(element, "sign-on")}, Origin=blog.url)
    assert reader["name"] == "admin"
