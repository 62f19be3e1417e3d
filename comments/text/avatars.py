"""Draw avatars (identicons) that reveal nothing about the author.

No other service is asked for pictures, and no hash of an address is published, which could be
guessed (as those of Gravatar can). The seed is derived from the author and the network address
together: whoever types somebody else's email address gets another picture, and so learns nothing.
"""

import hmac
import re
from functools import lru_cache

from django.conf import settings

from comments.models import Comment

SEED = re.compile(r"[0-9a-f]{12}")
# Squares per side; the right half mirrors the left one.
GRID_SIZE = 5
CELL_SIZE = 10


def seed(comment: Comment) -> str:
    """Return the seed of the avatar beside a comment: 12 hexadecimal digits.

    A person's comments from one network share it; a comment without an author has its own. It stays
    when the digest of the address is cleared.
    """
    if comment.avatar_seed:
        return comment.avatar_seed
    author = f"{comment.author_id} {comment.address_digest}" if comment.author_id else ""
    identity = author or str(comment.pk)
    return hmac.digest(_key(settings.SECRET_KEY), identity.encode(), "sha256").hex()[:12]


@lru_cache(maxsize=1000)
def svg(seed: str) -> str:
    """Return the SVG for a seed: a mirrored pattern of soft squares in one of 24 hues.

    Raises ValueError for an invalid seed.
    """
    if not SEED.fullmatch(seed):
        raise ValueError("A seed has 12 hexadecimal characters.")
    number = int(seed, 16)
    hue, pattern = number % 24 * 15, number >> 8
    size = GRID_SIZE * CELL_SIZE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 {size + 16} {size + 16}">'
        f'<rect x="-8" y="-8" width="{size + 16}" height="{size + 16}" fill="hsl({hue} 45% 90%)"/>'
        f'<path fill="hsl({hue} 50% 42%)" d="{_squares(pattern)}"/></svg>'
    )


def _squares(pattern: int) -> str:
    """Return the SVG path of the squares whose bit is set in the pattern, mirrored."""
    columns = GRID_SIZE // 2 + 1
    cells = [(i % columns, i // columns) for i in range(columns * GRID_SIZE) if pattern >> i & 1]
    # Never blank: the middle square stands in.
    mirrored = {(GRID_SIZE - 1 - x, y) for x, y in cells} | set(
        cells or [(columns - 1, GRID_SIZE // 2)]
    )
    return "".join(
        f"M{x * CELL_SIZE} {y * CELL_SIZE}h{CELL_SIZE}v{CELL_SIZE}h-{CELL_SIZE}z"
        for x, y in sorted(mirrored)
    )


@lru_cache(maxsize=1)
def _key(secret: str) -> bytes:
    # One key must not serve two purposes: this one is derived from the key of the signatures.
    return hmac.digest(secret.encode(), b"leave-a-reply.avatars", "sha256")
