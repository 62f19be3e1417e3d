"""What is left of the plugin when it is gone: nothing."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.wordpress.blog import PLUGIN_FILE, Blog
from tests.wordpress.plugin.pages import SETTINGS, save

OLD_POST = "/?p=1"


@pytest.fixture
def connected_afterwards(blog: Blog, settings: dict[str, Any]) -> Iterator[None]:
    yield
    blog.add_plugin()
    save(blog, SETTINGS, settings)


@pytest.mark.usefixtures("connected_afterwards")
def test_without_the_plugin_wordpress_is_what_it_was(blog: Blog) -> None:
    blog.wordpress("switch_theme('twentytwentyone');")
    require = "require_once ABSPATH . 'wp-admin/includes/plugin.php';"
    blog.wordpress(f"{require} deactivate_plugins('{PLUGIN_FILE}');")
    assert 'id="commentform"' in blog.read(OLD_POST)
    assert blog.sql("SELECT comment_count FROM wp_posts WHERE ID = 1") == ["1"]
    blog.wordpress(f"{require} uninstall_plugin('{PLUGIN_FILE}');")
    options = "SELECT option_name FROM wp_options WHERE option_name LIKE '%leave_a_reply%'"
    assert blog.sql(options) == []
    assert blog.sql("SELECT meta_id FROM wp_postmeta WHERE meta_key LIKE '%leave_a_reply%'") == []
