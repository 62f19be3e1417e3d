"""The settings page, and its test of the connection."""

import json
import re

import pytest

from tests.moderation.web.dialects.serving import Served
from tests.wordpress.blog import Blog
from tests.wordpress.plugin.pages import SETTINGS, press, save


def test_the_connection_test_finds_all_in_order(blog: Blog) -> None:
    page = press(blog, SETTINGS, "leave_a_reply_test")
    assert "notice-error" not in page
    assert page.count("notice-success") == 3
    assert "you are admin there" in page


def test_a_stored_secret_is_never_shown_and_an_empty_field_keeps_it(
    blog: Blog, secrets: dict[str, str]
) -> None:
    assert not any(secret in blog.browse(SETTINGS) for secret in secrets.values())
    save(blog, SETTINGS, {})
    stored = json.loads(blog.wordpress("echo json_encode(get_option('leave_a_reply'));"))
    assert secrets.items() <= stored.items()


@pytest.mark.parametrize("choice", ["copy", "answer", "off"])
def test_what_the_akismet_plugin_is_led_to_is_chosen_from_a_list(blog: Blog, choice: str) -> None:
    save(blog, SETTINGS, {"akismet": choice})
    stored = json.loads(blog.wordpress("echo json_encode(get_option('leave_a_reply'));"))
    assert stored["akismet"] == choice
    (chosen,) = re.findall(r'<option value="(\w+)"\s+selected', blog.browse(SETTINGS))
    assert chosen == choice


def test_a_choice_that_is_not_on_the_list_leaves_akismet_alone(blog: Blog) -> None:
    save(blog, SETTINGS, {"akismet": "nonsense"})
    stored = json.loads(blog.wordpress("echo json_encode(get_option('leave_a_reply'));"))
    assert stored["akismet"] == "off"


def test_the_connection_test_names_what_is_wrong(blog: Blog) -> None:
    save(blog, SETTINGS, {"site": "nowhere"})
    try:
        page = press(blog, SETTINGS, "leave_a_reply_test")
        assert "notice-error" in page
        assert "notice-success" not in page
    finally:
        save(blog, SETTINGS, {"site": "blog"})


def test_the_connection_test_names_an_origin_that_the_site_does_not_list(
    installation: Served, blog: Blog
) -> None:
    installation.manage("create_site", "other", "--name", "O", "--origin", "https://o.example")
    save(blog, SETTINGS, {"site": "other"})
    try:
        page = press(blog, SETTINGS, "leave_a_reply_test")
        assert f"not that its pages are at {blog.url}" in page
    finally:
        save(blog, SETTINGS, {"site": "blog"})
