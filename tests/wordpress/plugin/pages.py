"""The pages of our plugin: forms are read, filled in and sent as in a browser."""

import html
import json
import re
import urllib.request
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from tests.wordpress.blog import Blog

OPTION = "leave_a_reply"
SETTINGS = "/wp-admin/options-general.php?page=leave-a-reply"
Fields = list[tuple[str, str]]


class FormReader(HTMLParser):
    """The forms of a page: where each goes, and the fields that a browser would send."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, Fields]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a form, or a field of the last one."""
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((values.get("action", ""), []))
        elif tag == "input" and self.forms and values.get("name"):
            unticked = values.get("type") in ("checkbox", "radio") and "checked" not in values
            if not unticked and "disabled" not in values:
                self.forms[-1][1].append((values["name"], values.get("value", "")))


def save(blog: Blog, page: str, settings: Mapping[str, str | list[str]]) -> str:
    """Change these settings, leave the others as the page shows them, and return the page."""
    fields = next(f for action, f in FormReader(blog.browse(page)).forms if action == "options.php")
    for name, value in settings.items():
        field = f"{OPTION}[{name}]" + ("[]" if isinstance(value, list) else "")
        fields = [(other, v) for other, v in fields if other != field]
        fields += [(field, v) for v in (value if isinstance(value, list) else [value])]
    return blog.browse("/wp-admin/options.php", fields)


def press(blog: Blog, page: str, action: str) -> str:
    """Press the button that does this, and return the page that follows."""
    forms = FormReader(blog.browse(page)).forms
    fields = next(f for _, f in forms if ("action", action) in f)
    return blog.browse("/wp-admin/admin-post.php", fields)


def add_post(blog: Blog, **fields: str) -> int:
    values = {"post_status": "publish", "post_content": "…", "comment_status": "open", **fields}
    encoded = json.dumps(values).replace("'", "\\'")
    return int(blog.wordpress(f"echo wp_insert_post(json_decode('{encoded}', true));"))


def elements(page: str) -> list[str]:
    return re.findall(r"<leave-a-reply .*?</leave-a-reply>", page, re.DOTALL)


def attribute(element: str, name: str) -> str:
    found = re.search(rf' {name}="([^"]*)"', element)
    return html.unescape(found[1]) if found else ""


def post(url: str, body: dict[str, Any], **headers: str) -> dict[str, Any]:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return dict(json.loads(answer.read()))
