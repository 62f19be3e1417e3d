"""Where a page of the desk stands: the section and the entry of the sidebar that lead there."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.urls import reverse

# Pages of which no entry's path is the beginning, and the entries that lead there.
BENEATH = {
    "desk_invite": "admin:comments_membership_changelist",
    "desk_set_up": "admin:comments_site_changelist",
}


class Entry(NamedTuple):
    """An entry of the sidebar, or of the menu of one's own account."""

    section: str
    title: str
    link: str


def entry_of(path: str) -> Entry | None:
    """Return the entry below whose address this path is; None where it is below none."""
    for page, entry in BENEATH.items():
        if path.startswith(reverse(page)):
            path = reverse(entry)
    leading = [entry for entry in _entries() if path.startswith(entry.link)]
    return max(leading, key=lambda entry: len(entry.link), default=None)


def _entries() -> list[Entry]:
    unfold: Mapping[str, Any] = settings.UNFOLD
    sections = unfold["SIDEBAR"]["navigation"]
    account = {"title": "", "items": unfold["ACCOUNT"]["navigation"]}
    return [
        Entry(str(section["title"]), str(item["title"]), str(item["link"]))
        for section in [*sections, account]
        for item in section["items"]
    ]
