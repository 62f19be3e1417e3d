"""PyPI `python-akismet`: the key in front of the host name, answers parsed as JSON."""

from typing import Any

import script
import script_dns  # noqa: F401  (leads the host name to the service)
from akismet import Akismet, AkismetServerError


class Ours(Akismet):
    protocol = "http"
    domain = f"akismet.test:{script.PORT}"


def check(key: str = script.KEY, **fields: Any) -> str:
    try:
        told = Ours(key, blog=script.BLOG).check(script.ADDRESS, script.AGENT, **fields)
    except AkismetServerError as error:
        return str(error)
    return {0: "ham", 1: "unknown", 2: "spam", 3: "discard"}[told]


ours = Ours(script.KEY, blog=script.BLOG)
ours.submit_spam(script.ADDRESS, script.AGENT, comment_content=script.GOOD)
ours.submit_ham(script.ADDRESS, script.AGENT, comment_content=script.SPAM)
seen = {
    "wrong key": check(script.WRONG_KEY, comment_content=script.GOOD),
    "good": check(comment_content=script.GOOD),
    "spam": check(comment_content=script.SPAM),
    "tester": check(comment_content=script.GOOD, comment_author=script.TESTER),
}
script.tell(seen)
