"""Free ports of this machine."""

import random
import socket

from legalds.embedded.errors import EmbeddedError

# Below the range that Linux takes outgoing connections from, so that a stopped server finds its port again.
_RANGE = range(20_000, 32_000)


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def pick() -> int:
    for _ in range(200):
        port = random.choice(_RANGE)  # noqa: S311  a port is no secret
        if is_free(port):
            return port
    raise EmbeddedError("found no free port on 127.0.0.1 between 20000 and 32000.")
