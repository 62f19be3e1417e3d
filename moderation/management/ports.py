"""Whether an address of this machine is free to listen on."""

import errno
import socket


class PortTaken(SystemExit):
    """Another program listens where ours is to listen.

    A SystemExit, so that a command ends with this one line and a status other than 0.
    """


def ensure_free(bind: str) -> None:
    """Raise PortTaken unless this process could listen on `HOST:PORT` now.

    What listens here already would go on answering, and the new installation would look ready.
    """
    host, _, port = bind.rpartition(":")
    address = host.strip("[]")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does: connections that are being closed are in nobody's way.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, int(port)))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
            raise PortTaken(
                f"Leave a Reply can't start: another program listens on {bind}. "
                f"Stop it, or choose another port, for example: PORT={int(port) + 1}"
            ) from None
