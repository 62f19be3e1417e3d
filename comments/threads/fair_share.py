"""Share a budget fairly among branches of different sizes."""

from collections.abc import Iterable


def fair_share(sizes: Iterable[int], budget: int) -> int:
    """Return the largest limit per branch under which all fit into the budget (max-min fairness).

    Small branches stay whole. The limit is at least 1, even where the budget has no room for that.
    """
    ascending = sorted(sizes)
    for position, size in enumerate(ascending):
        limit = budget // (len(ascending) - position)
        if size > limit:
            return max(limit, 1)
        budget -= size
    return ascending[-1] if ascending else 0
