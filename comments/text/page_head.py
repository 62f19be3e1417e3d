"""What an HTML page says of itself in its head: title, canonical address, section."""

from html.parser import HTMLParser
from typing import NamedTuple

import nh3

LONGEST_SECTION = 100
# html5ever reads any HTML in linear time, and what it writes is well-formed and plain.
_cleaner = nh3.Cleaner(
    tags={"title", "link", "meta"},
    attributes={"link": {"rel", "href"}, "meta": {"property", "content"}},
    clean_content_tags={"script", "style", "template", "noscript", "svg"},
    url_schemes={"http", "https"},
    link_rel=None,
)


class PageHead(NamedTuple):
    """What a page says of itself; "" for what it does not say."""

    title: str = ""
    canonical: str = ""
    section: str = ""


def read_head(html: str) -> PageHead:
    """Return what an HTML page says of itself: the first of each, and Open Graph before `title`."""
    parser = _HeadParser()
    parser.feed(_cleaner.clean(html))
    parser.close()
    meta = parser.meta
    return PageHead(
        (meta.get("og:title") or "".join(parser.title)).strip(),
        parser.canonical.strip(),
        meta.get("article:section", "").strip()[:LONGEST_SECTION],
    )


class _HeadParser(HTMLParser):
    """Collects the title, the canonical link and the properties of cleaned HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.canonical = ""
        self.meta: dict[str, str] = {}
        self._in_title = self._has_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "title" and not self._has_title:
            self._in_title = self._has_title = True
        elif tag == "link" and "canonical" in found.get("rel", "").lower().split():
            self.canonical = self.canonical or found.get("href", "")
        elif tag == "meta":
            self.meta.setdefault(found.get("property", "").lower(), found.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
