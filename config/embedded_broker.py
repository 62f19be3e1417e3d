"""The message broker of an installation without Redis: files in one folder.

It serves a single machine. Comments do not depend on it: the database holds all state, and a
message only wakes a worker.
"""

import os
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu's file-system channel, with atomic writes."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        # Kombu writes in place and its readers take no lock, so a worker could read half a
        # message. A rename within one folder is atomic.
        name = f"{payload['properties']['delivery_tag']}.{queue}.msg"
        temporary = os.path.join(self.data_folder_out, f".{name}.part")
        with open(temporary, "wb") as file:
            file.write(str_to_bytes(dumps(payload)))
        os.rename(temporary, os.path.join(self.data_folder_out, name))


class Transport(filesystem.Transport):
    """Kombu's file-system transport with that channel."""

    Channel = Channel
