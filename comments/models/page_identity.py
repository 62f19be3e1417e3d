"""Which thread a page's URL, or a site's own key for a page, stands for.

Every door asks here: posts, reads, counts, feeds, the page without JavaScript, imports and the
plugin API. Names with the same identity are one thread.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import SplitResult, unquote_plus, urlsplit, urlunsplit

from url_normalize import url_normalize

from comments.privacy import names

# Query parameters that tell where a visitor came from, not which page this is.
TRACKING = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|hsa|stm|vero|oly|guce|at|wt)_\w+|__?hs\w+|hsctatracking"
    r"|fbclid|fb_(?:action_ids|action_types|source|ref)|gclid|gclsrc|gbraid|wbraid|dclid|msclkid"
    r"|yclid|ysclid|twclid|ttclid|li_fat_id|igshid|igsh|srsltid|mc_[ce]id|mkt_tok|_openstat"
    r"|wickedid|rb_clickid|s_cid|ml_subscriber(?:_hash)?|_g[al]|_k[ex]|cmpid|epik|guccounter"
    r"|ref_(?:src|url)|sc_?cid|spm|trk(?:campaign|emailid)?|xtor|__twitter_impression"
    r"|gad_\w+|mibextid|sfnsn|rdt_cid|fb_comment_id|ck_subscriber_id|__s|dm_i|bsft_\w+|sscid|zanpid"
    r"|tblci|oborigurl|_bta_\w+|cn-reloaded|replytocom",
    re.IGNORECASE,
)

_NO_HOST = re.compile(r"[\s<>\"'\\^`{|}\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRules:
    """What tells the pages of a site apart.

    `origins` are the site's, as browsers send them; their pages are the same under each of them
    unless `origins_apart`. Of the query `parameters` those named count alone; while none is named,
    all count but those that track visitors.
    """

    origins: tuple[str, ...] = ()
    origins_apart: bool = False
    parameters: tuple[str, ...] = ()
    slash_matters: bool = False


def key_identity(key: str, rules: PageRules) -> str:
    """Return what a site's own key stands for: itself; a URL without a fragment is a page's."""
    key = key.strip()
    return key if "#" in key or not _split(key) else page_identity(key, rules)


def page_identity(url: str, rules: PageRules) -> str:
    """Return what a page's URL stands for; anything that is no http(s) URL stays as it is."""
    normal = normal_form(url)
    parts = _split(normal)
    if parts is None:
        return normal
    path = parts.path if rules.slash_matters else parts.path.rstrip("/") or "/"
    # In whichever order they come, escaped for HTML by mistake, and with a space of either kind.
    written = parts.query.replace("&amp;", "&").replace("+", "%20")
    found = _parameters(written.split("&"), rules.parameters)
    query = "&".join(sorted(found, key=_name))
    is_own = not rules.origins_apart and is_under(normal, rules.origins)
    host = "" if is_own else parts.netloc
    return urlunsplit(("page", host, path, query, parts.fragment))


def identities(name: str, rules: PageRules) -> tuple[str, ...]:
    """Return what a name, of which nobody says whether it is a key or a URL, may stand for.

    The first is a site's own key, which is taken as it is.
    """
    return tuple(dict.fromkeys((key_identity(name, rules), page_identity(name, rules))))


def is_under(url: str, origins: Iterable[str]) -> bool:
    """Return whether a URL is a page on the host of one of the origins, with http or https."""
    parts = _split(normal_form(url))
    return parts is not None and parts.netloc in {
        urlsplit(normal_form(origin)).netloc for origin in origins
    }


def usable_url(url: str, *, longest: int) -> str:
    """Return a page's URL as far as a browser's may be kept; "" for none.

    Pages are in files and apps, too (`file:`, `capacitor:`), and what is no http(s) URL names no
    page. One that is too long, as it is or in normal form, loses its fragment and what tracks
    visitors.
    """
    url = url.strip()
    parts = _split(url)
    if parts is None or _NO_HOST.search(parts.netloc):
        return ""
    query = "&".join(_parameters(parts.query.split("&"), ()))
    shorter = urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
    return next((one for one in (url, shorter) if kept_length(one) <= longest), "")


def kept_length(url: str) -> int:
    """Return how many characters a URL may have as it is kept: in normal form, with https."""
    return len(normal_form(url)) + url.strip().startswith("http:")


@lru_cache(maxsize=1024)
def normal_form(url: str) -> str:
    """Return a page's URL in the normal form of RFC 3986, section 6, with IDNA and Unicode's NFC.

    A fragment is dropped, unless scripts route by it (`#/…`, `#!…`), and so is what has an email
    address (`without_addresses`). Anything that is no http(s) URL is returned without the white
    space around it.
    """
    url = url.strip()
    if _split(url) is None:
        return url
    address, _, fragment = without_addresses(url).partition("#")
    try:
        normal = url_normalize(address) or address
    except ValueError:
        return url
    return f"{normal}#{fragment}" if fragment[:1] in ("/", "!") else normal


def without_addresses(url: str) -> str:
    """Return a page's URL without a user, and without parameters that hold an email address.

    Newsletters add the addresses of their readers, and a page's URL is published.
    """
    parts = _split(url)
    if parts is None or not names.url_contains_address(url):
        return url
    query = "&".join(p for p in parts.query.split("&") if not names.url_contains_address(p))
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path, query, parts.fragment))


def _split(url: str) -> SplitResult | None:
    """Return the parts of an http(s) URL; None for anything else."""
    try:
        parts = urlsplit(url)
        is_page = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if is_page else None


def _parameters(pairs: Iterable[str], kept: tuple[str, ...]) -> Iterable[str]:
    for pair in filter(None, pairs):
        name = _name(pair)
        if name in kept if kept else not TRACKING.fullmatch(name):
            yield pair


def _name(pair: str) -> str:
    return unquote_plus(pair.partition("=")[0])
