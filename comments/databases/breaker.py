"""A circuit breaker: what failed is left alone for a while, so that nobody waits for it again."""

import time
from threading import Lock


class Breaker:
    """Whether to try something that may be away; for all threads of a process."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = Lock()
        self._retry_at = float("-inf")
        self.is_open = False

    def permits(self) -> bool:
        """Return whether to try now; after a failure one thread tries, and others don't wait."""
        with self._lock:
            if not self.is_open:
                return True
            now = time.monotonic()
            if now < self._retry_at:
                return False
            self._retry_at = now + self._seconds
            return True

    def fail(self) -> bool:
        """Note that it failed; return whether it had worked before."""
        with self._lock:
            was_open, self.is_open = self.is_open, True
            self._retry_at = time.monotonic() + self._seconds
            return not was_open

    def succeed(self) -> bool:
        """Note that it works; return whether it had failed before."""
        with self._lock:
            was_open, self.is_open = self.is_open, False
            return was_open
