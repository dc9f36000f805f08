"""Start, stop and status in words: what the shell and ``manage.py servers`` print."""

from collections.abc import Callable, Iterator, Mapping

from legalds.embedded.folder import data_folder
from legalds.embedded.servers import start, status, stop


def _start() -> Iterator[str]:
    start(data_folder())
    yield from _status()


def _stop() -> Iterator[str]:
    stopped = stop(data_folder())
    yield f"stopped {' and '.join(stopped)}" if stopped else f"no servers run in {data_folder()}"


def _status() -> Iterator[str]:
    for name, port in status(data_folder()).items():
        yield f"{name}: on 127.0.0.1:{port}, data in {data_folder()}" if port else f"{name}: stopped"


ACTIONS: Mapping[str, Callable[[], Iterator[str]]] = {"start": _start, "stop": _stop, "status": _status}
