"""Count the public comments of threads."""

from collections.abc import Sequence

from django.db.models import Count

from comments.databases import replica
from comments.models import Comment, Site, Status, Thread


def count(thread: Thread) -> int:
    """Return the number of public comments of a thread."""
    return Comment.objects.filter(thread=thread, status=Status.APPROVED).count()


def counts(site: Site, names: Sequence[str]) -> dict[str, int]:
    """Return the number of public comments of threads by their key or URL, in two queries.

    The second is answered by a replica, if there is one.
    """
    threads = Thread.objects.find_all(site, names)
    public = Comment.objects.filter(thread__in=threads.values(), status=Status.APPROVED)
    counted = public.values_list("thread").annotate(n=Count("pk")).order_by()
    distinct = {thread.pk: thread for thread in threads.values()}.values()
    by_thread = replica.read_at_versions(distinct, lambda: dict(counted))
    numbers = {name: by_thread.get(thread.pk, 0) for name, thread in threads.items()}
    return {name: numbers.get(name, 0) for name in names}
