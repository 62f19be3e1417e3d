"""Look up a page and who may post there, with one statement: each reader's form begins with it."""

from datetime import datetime
from typing import NamedTuple

from django.db import models
from django.db.models import Exists, FilteredRelation, OuterRef, Q, Subquery

from comments.models import Site, Thread
from comments.models.compiled import CompiledQuery, Parameter, columns, instance
from comments.models.page_identity import key_identity
from comments.models.thread import digest, name_digests
from moderation.intake.posting import PostingRules, policy_on, rules_under
from moderation.models import Policy, SectionRules

# What a name may stand for: a key of the site's, and a URL.
MOST_DIGESTS = 2


class KnownPage(NamedTuple):
    """A page of a site: its thread, None before its first comment, and who may post there."""

    thread: Thread | None
    rules: PostingRules


def look_up_page(site: Site, name: str, *, now: datetime) -> KnownPage:
    """Return what is known of the page that a name stands for, a key of the site's or a URL."""
    digests = name_digests(name, site.page_rules)
    # No thread has the digest "".
    wanted = [*digests, *[""] * MOST_DIGESTS][:MOST_DIGESTS]
    rows = _query.rows(site=site.pk, **{f"page{n}": one for n, one in enumerate(wanted)})
    wide = len(columns(Thread))
    threads = [thread for row in rows if (thread := instance(Thread, row[:wide]))]
    thread = min(threads, key=lambda one: digests.index(one.key_digest), default=None)
    if thread is not None:
        thread.site = site  # which is at hand, and need not be looked up
    revision, has_sections = rows[0][wide:] if rows else (0, False)
    place = thread or _without_comments(site, name, now=now)
    policy = policy_on(place, revision=revision or 0, has_sections=has_sections)
    return KnownPage(thread, rules_under(policy, place, now=now))


def _without_comments(site: Site, name: str, *, now: datetime) -> Thread:
    """Return an unsaved thread for a page that has no comments, named by its URL or key."""
    url = site.page_url(name)
    identity = digest(key_identity(name, site.page_rules))
    return Thread(site=site, key=name, url=url, key_digest=identity, created_at=now)


def _rows() -> "models.QuerySet[Site, list[object]]":
    here, text = OuterRef("pk"), models.CharField()
    digests = [Parameter(f"page{n}", text) for n in range(MOST_DIGESTS)]
    newest = Policy.objects.filter(site=here).order_by("-revision").values("revision")
    page = FilteredRelation("threads", condition=Q(threads__key_digest__in=digests))
    of_site = Site.objects.filter(pk=Parameter("site", models.UUIDField())).alias(page=page)
    return of_site.order_by().values_list(
        *columns(Thread, of="page"),
        Subquery(newest[:1]),
        Exists(SectionRules.objects.filter(site=here)),
    )


_query = CompiledQuery(_rows)
