"""The broker of an installation without Redis: messages are files in one folder.

It serves one machine. Comments do not depend on it (the database is the truth, the broker only
wakes workers), so all it must do is not to trip over itself.
"""

import os
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import str_to_bytes
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    """Kombu's file-system channel, with messages that appear whole or not at all."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        # Kombu writes in place and its readers take no lock, so a worker could read half a
        # message. A rename within one folder is atomic.
        name = f"{payload['properties']['delivery_tag']}.{queue}.msg"
        aside = os.path.join(self.data_folder_out, f".{name}.part")
        with open(aside, "wb") as file:
            file.write(str_to_bytes(dumps(payload)))
        os.rename(aside, os.path.join(self.data_folder_out, name))


class Transport(filesystem.Transport):
    """Kombu's file-system transport over that channel."""

    Channel = Channel
