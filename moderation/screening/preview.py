"""Preview the rules' judgement on texts without storing anything."""

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
    """A text to judge, with what is known of its author."""

    text: str
    # For doors that bring HTML, from `readable.cleaned`; otherwise the text is Markdown.
    html: str = ""
    author_name: str = ""
    author_email: str = ""
    author_url: str = ""
    author_address: str = ""
    decoy_filled: bool = False
    # Identifies the same comment in repeated requests, so that it is no duplicate of itself; or "".
    fingerprint: str = ""


class Preview(NamedTuple):
    """The rules' judgement on a draft, and all findings."""

    judgement: Judgement
    findings: Sequence[Finding]

    @property
    def scores(self) -> Mapping[str, float]:
        """The probability, 0 to 1, of each category that the classifier scores."""
        return {f.category: f.score for f in self.findings if f.score is not None}

    @property
    def classifier_version(self) -> str:
        """The version of the classifier that scored; "" while there is none."""
        return next((f.classifier_version for f in self.findings if f.score is not None), "")


def preview_drafts(drafts: Sequence[Draft], *, site: Site, now: datetime) -> list[Preview]:
    """Return the judgement of the site's rules on each draft, in their order; nothing is stored.

    The same checks run as on a comment: a draft that repeats one of the site's comments is found
    REPEATED, and an author whose email address is known has that author's record.
    """
    rules = Policy.objects.current(site).rules(classifier.recommended_thresholds())
    known = _authors(drafts, site)
    batch = [ScreeningSubject(_as_comment(draft, site, known, now), rules, now) for draft in drafts]
    findings = find_all(batch) if batch else {}
    return [
        Preview(judge(of_draft, rules), of_draft)
        for of_draft in (findings.get(subject.comment.pk, []) for subject in batch)
    ]


def _authors(drafts: Sequence[Draft], site: Site) -> Mapping[str, Author]:
    """Return the known authors with the drafts' email addresses, by digest."""
    digests = {d for draft in drafts if draft.author_email for d in _digests(draft)}
    if not digests:
        return {}
    return {a.email_digest: a for a in Author.objects.filter(site=site, email_digest__in=digests)}


def _digests(draft: Draft) -> list[str]:
    return email_addresses.email_digests(draft.author_email)


def _as_comment(draft: Draft, site: Site, known: Mapping[str, Author], now: datetime) -> Comment:
    """Return the unsaved comment of a draft, for the checks."""
    author = None
    if draft.author_email:
        digests = _digests(draft)
        existing = next((known[digest] for digest in digests if digest in known), None)
        author = existing or Author(site=site, email_digest=digests[0])
    return Comment(
        site=site,
        author=author,
        author_name=draft.author_name,
        author_url=draft.author_url,
        body=draft.text,
        body_html=draft.html or render(draft.text),
        body_digest=text_digest(draft.text),
        created_at=now,
        network_digest=email_addresses.network_digest(draft.author_address),
        intake={"decoy_filled": draft.decoy_filled, "fingerprint": draft.fingerprint},
    )
