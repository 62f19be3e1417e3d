"""Avatars: a small picture for each author, drawn here, that tells nothing of the author.

Nobody else is asked for pictures, and no hash of an address is published, which could be guessed
(as those of Gravatar can). The seed of a picture comes from the author and the network address
together: whoever types somebody else's email address gets another picture, and so learns nothing.
"""

import hmac
import re
from functools import lru_cache

from django.conf import settings

from comments.models import Comment

SEED = re.compile(r"[0-9a-f]{12}")
# Squares on a side; the right half mirrors the left one.
SIDE = 5
UNIT = 10


def seed(comment: Comment) -> str:
    """Return of which seed the picture beside a comment is drawn: 12 hexadecimal characters.

    A person's comments from one network have the same; a comment without an author has its own.
    """
    author = f"{comment.author_id} {comment.address_digest}" if comment.author_id else ""
    who = author or str(comment.pk)
    return hmac.digest(_key(settings.SECRET_KEY), who.encode(), "sha256").hex()[:12]


@lru_cache(maxsize=1000)
def svg(seed: str) -> str:
    """Return the picture of a seed: a mirrored pattern of soft squares in one of 24 hues.

    Raises ValueError for what is no seed.
    """
    if not SEED.fullmatch(seed):
        raise ValueError("A seed has 12 hexadecimal characters.")
    number = int(seed, 16)
    hue, pattern = number % 24 * 15, number >> 8
    size = SIDE * UNIT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-8 -8 {size + 16} {size + 16}">'
        f'<rect x="-8" y="-8" width="{size + 16}" height="{size + 16}" fill="hsl({hue} 45% 90%)"/>'
        f'<path fill="hsl({hue} 50% 42%)" d="{_squares(pattern)}"/></svg>'
    )


def _squares(pattern: int) -> str:
    """Return the path of the squares for which the pattern has a bit, mirrored."""
    columns = SIDE // 2 + 1
    cells = [(i % columns, i // columns) for i in range(columns * SIDE) if pattern >> i & 1]
    # Never a blank one: the middle stands in.
    mirrored = {(SIDE - 1 - x, y) for x, y in cells} | set(cells or [(columns - 1, SIDE // 2)])
    return "".join(f"M{x * UNIT} {y * UNIT}h{UNIT}v{UNIT}h-{UNIT}z" for x, y in sorted(mirrored))


@lru_cache(maxsize=1)
def _key(secret: str) -> bytes:
    # One key must not serve two ends: this one is derived from the key of the signatures.
    return hmac.digest(secret.encode(), b"leave-a-reply.avatars", "sha256")
