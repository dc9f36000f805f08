"""The servers that a data folder's owner has started."""

from pathlib import Path

from legalds import embedded


def servers_of(data: Path) -> embedded.Servers:
    servers = embedded.read_servers(data)
    assert servers is not None
    return servers
