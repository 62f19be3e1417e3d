"""Policies in the memory of each process: a revision never changes once it is stored."""

from threading import Lock
from uuid import UUID

from cachetools import TTLCache

from comments.models import Site
from moderation.models.policy import Policy

# Only a backup that is restored under running processes makes a revision another one: seconds
# after which that shows.
KEPT = 60
_policies: TTLCache[tuple[UUID, int], Policy] = TTLCache(maxsize=1000, ttl=KEPT)
_lock = Lock()


def without_words(site: Site, revision: int) -> Policy:
    """Return a revision of a site's policy, not to be changed; the defaults for revision 0.

    Its word lists, which may be long, are left in the database.
    """
    if not revision:
        return Policy(site=site, revision=0)
    with _lock:
        policy = _policies.get((site.pk, revision))
    if policy is None:
        policies = Policy.objects.defer(*Policy.WORD_LISTS)
        policy = policies.get(site=site, revision=revision)
        with _lock:
            _policies[site.pk, revision] = policy
    return policy
