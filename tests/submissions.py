"""What readers send, with the form that it goes with."""

from typing import Any

from comments.privacy.form_tokens import Visitor
from tests.conftest import Api

EMAIL = "ann.reader@mail.example"
# Who the test client is.
VISITOR = Visitor("127.0.0.1", "")


def submission(reader: Api, **changes: Any) -> dict[str, Any]:
    """Return a comment as the form would send it, with a fresh form token."""
    form = reader.get("form", {"thread": "an-article"}).json()
    return {
        "thread": {"key": "an-article", "title": "An article"},
        "author_name": "Ann",
        "author_email": EMAIL,
        "body": "What a thoughtful article.",
        "form_token": form["form_token"],
        **changes,
    }


def post(reader: Api, **changes: Any) -> Any:
    """Send a comment and return the answer."""
    return reader.post("comments", submission(reader, **changes))
