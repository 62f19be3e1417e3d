"""Let email addresses out: the one verb that decrypts them to be read.

It writes the audit entry in the same transaction: an address that was read without an entry does
not exist. Masked addresses need none. Mail to the address itself is sent by `mail`, which shows it
to nobody else.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db import transaction
from django.db.models import QuerySet

from comments.models import Author
from comments.privacy import email_addresses
from moderation.models import Actor, AuditAction, AuditEntry, AuditRecord

# Returns an author's address; "" where there is none, or no key decrypts it any more.
AddressReader = Callable[[Author | None], str]


@transaction.atomic
def disclose(record: AuditRecord, *, by: Actor | None, now: datetime) -> AddressReader:
    """Write down that addresses are read, and return the function that reads them."""
    AuditEntry.objects.record([record], by=by, now=now)
    return _address


def reveal(author: Author, *, by: Actor, now: datetime) -> str:
    """Return one author's address; "" where no present key decrypts it."""
    record = AuditRecord(AuditAction.REVEALED, author.site_id, author.pk)
    return disclose(record, by=by, now=now)(author)


@transaction.atomic
def find_authors(
    rows: QuerySet[Author], email: str, *, sites: Iterable[UUID], by: Actor, now: datetime
) -> QuerySet[Author]:
    """Keep the authors with an address at these sites, in whose trails the search is written."""
    sites = list(sites)
    found = rows.filter(site__in=sites, email_digest__in=email_addresses.email_digests(email))
    authors: Mapping[UUID, UUID] = dict(found.order_by().values_list("site", "pk"))
    records = [
        AuditRecord(
            AuditAction.ADDRESS_SEARCHED, site, authors.get(site, ""), {"found": site in authors}
        )
        for site in sites
    ]
    AuditEntry.objects.record(records, by=by, now=now)
    return found


def note_search(email: str, *, by: Actor, now: datetime) -> None:
    """Write a search of the whole service into the trails of the sites that know the address."""
    known = Author.objects.filter(email_digest__in=email_addresses.email_digests(email))
    act, detail = AuditAction.ADDRESS_SEARCHED, {"found": True}
    records = [AuditRecord(act, author.site_id, author.pk, detail) for author in known]
    AuditEntry.objects.record(records, by=by, now=now)


def masked(author: Author | None) -> str:
    """Return an author's masked address; "" where there is none that can be decrypted."""
    return mask_encrypted(author.email_encrypted) if author else ""


def mask_encrypted(encrypted: str) -> str:
    """Return an encrypted address masked; "" where it can't be decrypted."""
    address = _decrypt(encrypted) if encrypted else ""
    return email_addresses.mask(address) if address else ""


def _address(author: Author | None) -> str:
    return _decrypt(author.email_encrypted) if author else ""


def _decrypt(encrypted: str) -> str:
    try:
        return email_addresses.decrypt(encrypted)
    except InvalidToken:
        return ""
