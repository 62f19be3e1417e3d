"""PyPI `akismet-async`: the key in front of the host name, `content_type` for `comment_type`."""

import asyncio
from typing import Any

import script
import script_dns  # noqa: F401  (leads the host name to the service)
from akismet import client
from akismet.entities import Comment

for name in ("CHECK", "SUBMIT_SPAM", "SUBMIT_HAM", "KEY_VERIFICATION"):
    address = getattr(client, f"AKISMET_{name}_URL")
    here = address.replace("https:", "http:").replace(
        "rest.akismet.com", f"akismet.test:{script.PORT}"
    )
    setattr(client, f"AKISMET_{name}_URL", here)


def comment(text: str, **fields: Any) -> Comment:
    return Comment(
        comment_content=text,
        user_ip=script.ADDRESS,
        user_agent=script.AGENT,
        referrer=script.BLOG,
        content_type="comment",
        **fields,
    )


async def main() -> dict[str, Any]:
    ours = client.Akismet(script.KEY, script.BLOG)
    return {
        "key": await ours.verify_key(),
        "wrong key": await client.Akismet(script.WRONG_KEY, script.BLOG).verify_key(),
        "good": await ours.check(comment(script.GOOD)),
        "spam": await ours.check(comment(script.SPAM)),
        "tester": await ours.check(comment(script.GOOD, comment_author=script.TESTER)),
        "submit spam": await ours.submit_spam(comment(script.GOOD)),
        "submit ham": await ours.submit_ham(comment(script.SPAM)),
    }


script.tell(asyncio.run(main()))
