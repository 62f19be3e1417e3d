"""Look up what a comment is judged by before it is stored, all with one statement."""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet, Subquery

from comments.models import Author, Comment, Site, Thread, site_lookup
from comments.models.compiled import CompiledQuery, Parameter, columns, instance
from comments.privacy import email_addresses
from comments.threads.threads import page_digest
from moderation.intake import quotas
from moderation.intake.submission import Submission
from moderation.models import Policy, SectionRules
from moderation.models.webhook import Webhook


class Known(NamedTuple):
    """What is stored of a page, of a writer and of an IP address, and which rules there are.

    `posted` is when the address posted here lately, the newest first, as far as quotas count it.
    """

    thread: Thread | None
    author: Author | None
    posted: Sequence[datetime]
    revision: int
    has_sections: bool
    has_webhooks: bool


def look_up(submission: Submission, *, site: Site, now: datetime) -> Known:
    """Return what is known of the page and the writer of a submission.

    Raises SiteChanged for a site that was recalled and has changed since, or is gone.
    """
    digests = _email_digests(submission.author_email)
    rows = _query(len(digests)).rows(
        site=site.pk,
        page=page_digest(site, submission.page),
        address=email_addresses.address_digest(submission.address),
        since=now - quotas.LIMITS[-1][1],
        **{f"email{n}": digest for n, digest in enumerate(digests)},
    )
    wide = len(columns(Site))
    if not rows or site_lookup.has_changed(site, rows[0][:wide]):
        raise site_lookup.SiteChanged(site.slug)
    *values, posted, revision, has_sections, has_webhooks = rows[0][wide:]
    wide = len(columns(Thread))
    thread = instance(Thread, values[:wide])
    if thread is not None:
        thread.site = site  # which is at hand, and need not be looked up
    return Known(
        thread,
        instance(Author, values[wide:]),
        sorted(map(_time, posted or []), reverse=True),
        revision or 0,
        has_sections,
        has_webhooks,
    )


class _Gathered(Subquery):
    """The values of a query of one column, `created_at`, as a list in JSON."""

    template = "(SELECT jsonb_agg(gathered.created_at) FROM (%(subquery)s) AS gathered)"
    output_field = models.JSONField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Name the function as SQLite does."""
        template = self.template.replace("jsonb_agg", "json_group_array")
        return self.as_sql(compiler, connection, template=template, **extra)


@cache
def _query(digests: int) -> CompiledQuery:
    return CompiledQuery(lambda: _rows(digests))


def _rows(digests: int) -> "QuerySet[Any, Any]":
    text = models.CharField()
    here, of_site = OuterRef("pk"), Site.objects.filter(pk=Parameter("site", models.UUIDField()))
    emails = [Parameter(f"email{n}", text) for n in range(digests)]
    joined = of_site.alias(
        page=FilteredRelation("threads", condition=Q(threads__key_digest=Parameter("page", text))),
        writer=FilteredRelation("authors", condition=Q(authors__email_digest__in=emails)),
    )
    recent = Comment.objects.filter(
        site=here,
        address_digest=Parameter("address", text),
        created_at__gt=Parameter("since", models.DateTimeField()),
    ).order_by("-created_at")
    newest = Policy.objects.filter(site=here).order_by("-revision").values("revision")
    return joined.order_by("writer__pk").values_list(
        *columns(Site),
        *columns(Thread, of="page"),
        *columns(Author, of="writer"),
        _Gathered(recent.values("created_at")[: quotas.LIMITS[-1][0]]),
        Subquery(newest[:1]),
        Exists(SectionRules.objects.filter(site=here)),
        Exists(Webhook.objects.active().filter(site=here)),
    )


def _email_digests(email: str) -> Sequence[str]:
    # No author has the digest "".
    return email_addresses.email_digests(email) if email else [""]


def _time(text: str) -> datetime:
    """Return a time as the database writes it in JSON; SQLite's are in UTC without saying so."""
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)
