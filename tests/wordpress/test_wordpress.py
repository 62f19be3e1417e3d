"""Real WordPress and its Akismet plugin, led to a served installation by our plugin.

`make test-wordpress` runs it: it needs Debian's packages of WordPress, PHP and MariaDB.
"""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from tests.moderation.web.dialects.serving import Served
from tests.services.processes import wait_for
from tests.wordpress.blog import Blog

GOOD = "Thank you, this helped me to repair the roof."
SPAM = (
    "Buy cheap viagra and cialis online, no prescription, best price,"
    " click http://cheap-pills.example/buy now!!!"
)
# The house rules hold it for this word.
ASKED = "Which ladder did you use for that?"


@pytest.fixture(scope="module")
def blog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Blog]:
    blog = Blog(tmp_path_factory.mktemp("blog"))
    try:
        yield blog
    finally:
        blog.stop()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, blog: Blog) -> Iterator[Served]:
    installed = Served(
        tmp_path_factory.mktemp("served"),
        OUTGOING_ALLOW=blog.host,
        UNDO_SECONDS="0",
        ALLOWED_HOSTS="127.0.0.1,rest.akismet.com",
    )
    try:
        installed.start_web()
        installed.start_workers()
        key = installed.key("--scope", "akismet", "--mode", "queue")
        blog.install(settings(installed, akismet="answer", akismet_key=key))
        blog.add_plugin()
        hold_the_word(installed, "ladder")
        yield installed
    finally:
        installed.kill()


def settings(installation: Served, **values: str) -> dict[str, str]:
    """Return settings of our plugin as they stand in wp-config.php."""
    url = f"http://127.0.0.1:{installation.port}"
    return {f"LEAVE_A_REPLY_{k.upper()}": v for k, v in {"url": url, **values}.items()}


def labels(installation: Served) -> dict[str, bool]:
    query = "SELECT text, value FROM moderation_label WHERE category = 'SPAM'"
    return {text: bool(value) for text, value in installation.rows(query)}


def test_a_good_comment_is_published(installation: Served, blog: Blog) -> None:
    assert blog.comment(GOOD) == 302
    assert blog.status(GOOD) == "1"


def test_spam_lands_in_spam(installation: Served, blog: Blog) -> None:
    assert blog.comment(SPAM) == 302
    assert blog.status(SPAM) == "spam"


def test_what_a_moderator_clicks_arrives_as_a_label(installation: Served, blog: Blog) -> None:
    good, spam = f"{GOOD} Really.", f"{SPAM} Now."
    blog.comment(good)
    blog.comment(spam)
    blog.click(good, "spamcomment")
    blog.click(spam, "unspamcomment")
    assert (blog.status(good), blog.status(spam)) == ("spam", "0")
    told = labels(installation)
    assert (told[good], told[spam]) == (True, False)


@pytest.mark.parametrize(
    ("text", "verdict", "status"),
    [(ASKED, "APPROVE", "1"), (f"{ASKED} And where?", "SPAM", "spam")],
)
def test_what_a_person_says_in_our_queue_comes_back(
    installation: Served, blog: Blog, text: str, verdict: str, status: str
) -> None:
    blog.comment(text)
    assert blog.status(text) == "0"
    rule(installation, text, verdict)
    wait_for(lambda: blog.status(text) == status, seconds=60, what="the verdict")


def test_what_somebody_decides_on_the_site_is_decided_here(
    installation: Served, blog: Blog
) -> None:
    text = f"{ASKED} Tell me."
    blog.comment(text)
    in_our_queue(installation, text)
    blog.click(text, "spamcomment")
    status = "SELECT status FROM comments_comment WHERE body = ?"
    assert installation.rows(status, text) == [("spam",)]
    assert blog.status(text) == "spam"


def test_the_key_is_accepted_on_the_plugins_own_page(installation: Served, blog: Blog) -> None:
    page = blog.browse("/wp-admin/options-general.php?page=akismet-key-config")
    assert "Active" in page
    assert "not active" not in page


def test_what_wordpress_exports_moves_in_to_the_same_pages(
    installation: Served, blog: Blog
) -> None:
    blog.comment(f"{GOOD} Moving.")
    export = installation.folder / "export.xml"
    export.write_text(blog.browse("/wp-admin/export.php?download=true&content=all"))
    installation.manage("create_site", "moved", "--name", "Moved", "--origin", blog.url)
    installation.manage("import_comments", "moved", str(export))
    query = (
        "SELECT c.status, t.url FROM comments_comment c JOIN comments_thread t"
        " ON t.id = c.thread_id JOIN comments_site s ON s.id = c.site_id"
        " WHERE s.slug = 'moved' AND c.body = ?"
    )
    ((status, page),) = installation.rows(query, f"{GOOD} Moving.")
    assert status == "approved"
    assert page == f"{blog.url}/?p=1"


# Another key of ours stands in for Akismet, at its own name.
CONNECT = """
add_action('http_api_curl', function ($handle) {{
    curl_setopt($handle, CURLOPT_CONNECT_TO, array('rest.akismet.com:80:127.0.0.1:{port}'));
}});
"""


@pytest.fixture
def copying(installation: Served, blog: Blog) -> Iterator[None]:
    """Have the blog ask Akismet, and send us a copy."""
    before = blog.constants
    theirs = installation.key("--scope", "akismet")
    copy = installation.key("--scope", "akismet", "--mode", "shadow")
    copying = settings(installation, akismet="copy", akismet_key=copy)
    blog.configure({**copying, "WPCOM_API_KEY": theirs})
    blog.add_mu_plugin("connect.php", CONNECT.format(port=installation.port))
    yield
    blog.configure(before)


def test_before_a_site_switches_we_get_a_copy_to_compare(
    installation: Served, blog: Blog, copying: None
) -> None:
    texts = [f"{GOOD} Once more.", f"{SPAM} Once more."]
    for text in texts:
        blog.comment(text)
    assert [blog.status(text) for text in texts] == ["1", "spam"]
    blog.click(texts[0], "spamcomment")

    def compared() -> Any:
        told = json.loads(installation.manage("compare", "gazette", "--json"))["categories"]
        return told and told[0]["compared"] == 2 and told[0]

    spam = wait_for(compared, seconds=30, what="the copies")
    assert (spam["both"], spam["neither"], spam["agreement"]) == (1, 1, 1.0)
    assert spam["judged"] == 1
    assert spam["ours"]["recall"] == 0.0


def hold_the_word(installation: Served, word: str) -> None:
    """Set house rules that hold what has this word."""
    key = installation.key("--scope", "policy")
    rules = {"held_words": [word]}
    call(installation, "policy", rules, method="PUT", authorization=f"Bearer {key}")


def in_our_queue(installation: Served, text: str) -> UUID:
    """Wait until a comment is held in our queue, and return its id."""
    query = "SELECT id FROM comments_comment WHERE body = ? AND status = 'held'"
    held = wait_for(lambda: installation.rows(query, text), seconds=30, what="the screening")
    return UUID(held[0][0])


def rule(installation: Served, text: str, verdict: str) -> None:
    """Decide about a comment in our queue, as a moderator does."""
    comment = in_our_queue(installation, text)
    arguments = ("m@staff.example", "--site", "gazette", "--role", "moderator", "--json")
    token = json.loads(installation.manage("create_moderator", *arguments))["token"]
    call(
        installation,
        f"review/comments/{comment}/decision",
        {"verdict": verdict, "revision": 1},
        authorization=f"Token {token}",
    )


def call(
    installation: Served, path: str, data: Any, *, authorization: str, method: str = "POST"
) -> None:
    request = urllib.request.Request(
        f"http://127.0.0.1:{installation.port}/api/v1/{path}",
        data=json.dumps(data).encode(),
        headers={"Authorization": authorization, "Content-Type": "application/json"},
        method=method,
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert answer.status < 300
