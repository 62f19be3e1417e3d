"""A real WordPress with our plugin, and a served installation that it is connected to."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.moderation.web.dialects.serving import Served
from tests.wordpress.blog import Blog
from tests.wordpress.plugin.pages import SETTINGS, add_post, save


@pytest.fixture(scope="package")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    blog = Blog(tmp_path_factory.mktemp("blog"))
    try:
        blog.install({})
        blog.add_plugin()
        yield blog
    finally:
        blog.stop()


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory, blog: Blog) -> Iterator[Served]:
    installed = Served(tmp_path_factory.mktemp("served"), UNDO_SECONDS="0")
    try:
        installed.start_web()
        installed.start_workers()
        installed.manage("create_site", "blog", "--name", "Gazette", "--origin", blog.url)
        yield installed
    finally:
        installed.kill()


@pytest.fixture(scope="package")
def secrets(installation: Served) -> dict[str, str]:
    issued = installation.manage(
        "create_key", "blog", "--scope", "transfer", "--scope", "threads", "--json"
    )
    key = json.loads(issued)["key"]
    sign_on = json.loads(installation.manage("set_sign_on", "blog", "--json"))["secret"]
    return {"key": key, "sign_on_secret": sign_on}


@pytest.fixture(scope="package")
def settings(installation: Served, secrets: dict[str, str]) -> dict[str, Any]:
    """What an administrator sets."""
    url = f"http://127.0.0.1:{installation.port}"
    shown = {"section": "1", "post_types": ["post", "page"]}
    return {"url": url, "site": "blog", **secrets, **shown}


@pytest.fixture(scope="package", autouse=True)
def configured(blog: Blog, settings: dict[str, Any]) -> None:
    """Fill the settings page in, as an administrator does."""
    save(blog, SETTINGS, settings)


@pytest.fixture(scope="package")
def new(blog: Blog) -> str:
    """A post that is written after the plugin was set up, with what addresses escape."""
    title = 'Bees & "Wasps"'
    return f"/?p={add_post(blog, post_title=title)}"
