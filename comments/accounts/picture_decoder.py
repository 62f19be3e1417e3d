"""The process that decodes one picture: `python -m comments.accounts.picture_decoder`.

Decoders of pictures are where parsers of files are attacked most. So this process has neither
settings nor database nor secrets, and limits of time and memory. It reads a picture from standard
input and writes it to standard output as a square WebP, without metadata such as the place where it
was taken; nothing, and exit code 1, for what is no picture.
"""

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

from comments.formats.sandbox import limits

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
# Pixels per side: of what is served, and the most of what is decoded.
SIDE, LONGEST_SIDE = 96, 4096
CPU_SECONDS, SECONDS = 5, 20
ROOT = Path(__file__).resolve().parents[2]


def decode(content: bytes) -> bytes:
    """Return a picture as a small WebP, decoded in a process of its own; b"" for no picture."""
    try:
        done = subprocess.run(  # noqa: S603 # Ours.
            [sys.executable, "-E", "-s", "-B", "-m", __name__, str(os.getpid())],
            cwd=ROOT,
            env={"LC_ALL": "C.UTF-8", "PATH": os.defpath},
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        return b""
    return done.stdout if done.returncode == 0 else b""


def squared(content: bytes) -> bytes:
    """Return the middle square of a picture as WebP. Raises OSError or ValueError for none."""
    with Image.open(BytesIO(content), formats=FORMATS) as picture:
        if max(picture.size) > LONGEST_SIDE:
            raise ValueError("The picture is too large.")
        # What JPEG's scaled decoding leaves out need not be computed.
        picture.draft("RGB", (SIDE * 2, SIDE * 2))
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    out = BytesIO()
    ImageOps.fit(upright, (SIDE, SIDE)).save(out, "WEBP", quality=80)
    return out.getvalue()


def main(parent: int) -> int:
    """Decode standard input within the limits; return the exit code."""
    Image.init()
    limits.confine(cpu_seconds=CPU_SECONDS, parent=parent)
    try:
        sys.stdout.buffer.write(squared(sys.stdin.buffer.read()))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError):
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
