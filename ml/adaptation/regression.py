"""The regression set: texts from templates that every classifier must go on judging rightly."""

from functools import lru_cache

from ml import identities, synthetic
from ml.dataset import Row

PER_KIND, SEED = 20, 17
# The anchors are of the same kind, and other texts.
ANCHORS_PER_KIND, ANCHORS_SEED = 120, 18


@lru_cache(maxsize=1)
def rows() -> tuple[Row, ...]:
    """Return some hundred rows: honest comments, groups of people named, spam, insults, threats."""
    named = identities.rows(per_group=1, seed=SEED, held_out=True)
    return (*synthetic.rows(per_kind=PER_KIND, seed=SEED), *named)


@lru_cache(maxsize=1)
def anchors() -> tuple[Row, ...]:
    """Return the rows that a layer is held by while it is fitted."""
    named = identities.rows(per_group=1, seed=ANCHORS_SEED)
    return (*synthetic.rows(per_kind=ANCHORS_PER_KIND, seed=ANCHORS_SEED), *named)
