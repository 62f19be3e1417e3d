"""Previewing: what the rules say about a text that is no comment, and may never be one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from comments.models import Author, Comment, Site
from comments.models.comment import text_digest
from comments.privacy import email_addresses
from comments.text.markdown import render
from moderation.models import Finding, Policy
from moderation.rules.verdicts import Judgement, judge
from moderation.screening import classifier
from moderation.screening.checks import find_all
from moderation.screening.contract import ScreeningSubject


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text that somebody asks about."""

    text: str
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    author_address: str = ""
    decoy_filled: bool = False
    # By what the same comment is known when it is asked about again; "" where nobody would.
    source_digest: str = ""


class Preview(NamedTuple):
    """What the rules would say about a draft, and everything that was found in it."""

    judgement: Judgement
    findings: Sequence[Finding]

    @property
    def scores(self) -> Mapping[str, float]:
        """The probability, 0 to 1, of each category that the classifier scores."""
        return {f.category: f.score for f in self.findings if f.score is not None}

    @property
    def classifier_version(self) -> str:
        """The version that scored; "" while there is no classifier."""
        return next((f.classifier_version for f in self.findings if f.score is not None), "")


def preview(drafts: Sequence[Draft], *, site: Site, now: datetime) -> list[Preview]:
    """Return what the site's rules say about each draft, in their order; nothing is stored.

    The same checks look as at a comment. A draft that says again what stands at the site is found
    repeated, and a person whose address is known has the record of that person.
    """
    rules = Policy.objects.current(site).rules(classifier.recommended_thresholds())
    known = _authors(drafts, site)
    batch = [ScreeningSubject(_as_comment(draft, site, known, now), rules, now) for draft in drafts]
    findings = find_all(batch) if batch else {}
    return [
        Preview(judge(found, rules), found)
        for found in (findings.get(subject.comment.pk, []) for subject in batch)
    ]


def _authors(drafts: Sequence[Draft], site: Site) -> Mapping[str, Author]:
    """Return the authors that the drafts' addresses belong to, by digest."""
    digests = {d for draft in drafts if draft.author_email for d in _digests(draft)}
    if not digests:
        return {}
    return {a.email_digest: a for a in Author.objects.filter(site=site, email_digest__in=digests)}


def _digests(draft: Draft) -> list[str]:
    return email_addresses.email_digests(draft.author_email)


def _as_comment(draft: Draft, site: Site, known: Mapping[str, Author], now: datetime) -> Comment:
    """Return the comment that a draft would be, for the checks to look at."""
    author = None
    if draft.author_email:
        digests = _digests(draft)
        found = next((known[digest] for digest in digests if digest in known), None)
        author = found or Author(site=site, email_digest=digests[0])
    return Comment(
        site=site,
        author=author,
        author_name=draft.author_name,
        author_url=draft.author_url,
        body=draft.text,
        body_html=render(draft.text),
        body_digest=text_digest(draft.text),
        created_at=now,
        network_digest=email_addresses.network_digest(draft.author_address),
        intake={"decoy_filled": draft.decoy_filled, "source_digest": draft.source_digest},
    )
