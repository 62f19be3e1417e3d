"""Every word of the desk is in the language of who looks at it, or is what somebody wrote.

The whole desk is walked in a language in which every translated string stands between marks: what
stands outside of them was never marked for translation. Of what was asked for on the way, every
language must have a translation, our own or that of the library that asks.
"""

import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import allauth
import django
import pytest
from babel.messages.mofile import read_mo
from django.conf import settings

from comments.models import SiteKey
from moderation.models import (
    Alarm,
    Attempt,
    Delivery,
    ExternalModerator,
    Mail,
    Transfer,
    Webhook,
    delivery_errors,
)
from tests.flows.endpoints import call, endpoints
from tests.flows.test_access import client_of, quiet, things
from tests.flows.test_foreign_sites import MARK, foreign, sent
from tests.messages import catalog_path, languages
from tests.moderation.web.desk.marked import marking, unmarked

__all__ = ["foreign", "quiet", "things"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
PAGES = ("admin/", "sign-in/", "desk/", "try/")
START = ""
WORD = re.compile(r"[A-Za-z]{2,}")
# What the fixtures wrote or typed, addresses, and a key as the log keeps who acted.
DATA = re.compile(
    rf"\bkey {MARK}|{MARK}|\S+@\S+|https?:\S+|\S*\.example\S*|theirs|A view|\brude\b|\bSPAM\b"
)
# Names that are the same in every language: of products, formats, protocols and languages.
NAMES = re.compile(
    r"Leave a Reply|JSON|CSV|HTML|Markdown|UTC|BEGIN PUBLIC KEY|Remark42|Commento|Isso|Comentario|"
    r"GitHub Discussions|Coral|Cusdis|Waline|Artalk|FastComments|Hyvor|Disqus|WordPress|"
    r"English|Deutsch|français|español|Português|italiano|Nederlands|polski|Türkçe|日本語|العربية"
)
# Asked for although it is somebody's word, such as the label of a reason, or a name of a language
# in itself.
NOT_OURS = {"theirs", "url", "SPAM", "rude", *(name for _, name in settings.LANGUAGES)}
LIBRARIES = [Path(django.__file__).parent, Path(allauth.__file__).parent]


def walk(things: dict[str, Any], method: str) -> tuple[dict[str, set[str]], set[str]]:
    """Return what stands untranslated on which pages, and what was asked for in another language.

    The desk is walked by a superuser, who sees all of it.
    """
    client = client_of("superuser", things["site"])
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "de"
    told, body = {**things, "rows": {}}, sent(things)
    let_everything_fail()
    data = re.compile("|".join(["$^", *SiteKey.objects.values_list("public_id", flat=True)]))
    found: dict[str, set[str]] = defaultdict(set)
    with marking() as asked:
        for endpoint in endpoints():
            is_desk = endpoint.route == START or endpoint.route.startswith(PAGES)
            if not is_desk or endpoint.method != method:
                continue
            content = call(client, endpoint, told, body).content.decode(errors="replace")
            for text in unmarked(content) if content.lstrip().startswith("<") else ():
                left = NAMES.sub("", data.sub("", DATA.sub("", text)))
                if WORD.search(left):
                    found[left].add(f"{method} {endpoint.route}")
    return found, asked


def let_everything_fail() -> None:
    """Store what workers say of what failed, in English as they do."""
    error = delivery_errors.NOT_LISTENING
    for model in (Delivery, Mail, Alarm, ExternalModerator):
        model.objects.update(last_error=error)
    Attempt.objects.update(status=None, error=error)
    Webhook.objects.update(disabled_because=delivery_errors.SWITCHED_OFF)
    Transfer.objects.update(
        error="The file is empty.",
        problems=["comment 7: it can't be read: it has no text"],
        statuses={"held": 2, "approved": 1},
        skipped_because={"already here": 3},
    )


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_word_of_the_desk_is_left_in_english(things: dict[str, Any], method: str) -> None:
    found, asked = walk(things, method)
    told = "\n".join(f"{text!r} on {min(where)}" for text, where in sorted(found.items()))
    assert not found, f"mark these for translation:\n{told}"
    ours = {text for text in asked if text.strip()} - NOT_OURS - _ids(asked)
    missing = {code: ours - _translated(code) for code in languages()}
    assert not any(missing.values()), "add these to moderation/web/desk/base/theme_words.py"


def _ids(asked: set[str]) -> set[str]:
    return {text for text in asked if re.fullmatch(r"[0-9a-f-]{36}", text)}


def _translated(language: str) -> set[str]:
    """Return what Django finds a translation of, in our catalog or in those of libraries."""
    own = catalog_path("django", language).with_suffix(".mo")
    paths = [own]
    for library in LIBRARIES:
        paths += library.glob(f"**/locale/{language}/LC_MESSAGES/django.mo")
    known = set()
    for path in paths:
        with path.open("rb") as file:
            for message in read_mo(file):
                first = message.id if isinstance(message.id, str) else message.id[0]
                known.add(f"{message.context}\x04{first}" if message.context else first)
    return known
