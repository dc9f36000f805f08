"""The embedded servers: a private PostgreSQL and a private Valkey, from wheels, with their data in the data folder.

Nothing starts by import, and nothing here imports Django. ``python -m legalds.embedded start|stop|status`` is the
shell's way in; ``manage.py`` and the tests use `start`, `stop` and `running`; settings only read the folder.
"""

from legalds.embedded.errors import EmbeddedError, say
from legalds.embedded.folder import (
    LocalSecrets,
    Servers,
    data_folder,
    prepare,
    read_secrets,
    read_servers,
)
from legalds.embedded.servers import running, start, status, stop

__all__ = [
    "EmbeddedError",
    "LocalSecrets",
    "Servers",
    "data_folder",
    "prepare",
    "read_secrets",
    "read_servers",
    "running",
    "say",
    "start",
    "status",
    "stop",
]
