"""An HTTP server on this machine, in a thread of this process."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Listener(ThreadingHTTPServer):
    """Answers requests on a free port until it is stopped; attributes are the handler's to use."""

    # Of more connections at a time than wait here, the system drops some, and each loses a second.
    request_queue_size = 128
    daemon_threads = True
    seen: Any
    pages: Any

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        # The seconds until a thread sees that it is to stop, which each test would wait for.
        options = {"poll_interval": 0.02}
        threading.Thread(target=self.serve_forever, kwargs=options, daemon=True).start()

    def stop(self) -> None:
        """Listen no more."""
        self.shutdown()
        self.server_close()
