"""A plugin that speaks Akismet's protocol, as the tests play it."""

from typing import Any
from urllib.parse import urlencode

from django.test import Client

BLOG = "https://gazette.example"
URLENCODED = "application/x-www-form-urlencoded"


def call(name: str, body: Any = "", *, host: str = "testserver", **options: Any) -> Any:
    data = urlencode(body) if isinstance(body, dict) else body
    options = {"content_type": URLENCODED, **options}
    return Client(headers={"Host": host}).post(f"/1.1/{name}", data, **options)


def told(answer: Any) -> str:
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    return answer.content.decode()


def comment(key: str, **changes: str) -> dict[str, str]:
    return {
        "api_key": key,
        "blog": BLOG,
        "user_ip": "198.51.100.7",
        "comment_author": "Ann",
        "comment_author_email": "ann@mail.example",
        "comment_content": "What a thoughtful article.",
        "permalink": f"{BLOG}/article",
        **changes,
    }
