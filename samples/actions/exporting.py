"""Samples written to a file that is whole or not there."""

import os
import tempfile
from pathlib import Path

from samples.export import FORMATS, Format, Writable, read, write
from samples.models import Sample
from samples.querysets import SampleQuerySet


class NothingToExportError(Exception):
    """No sample is as was asked."""


def export(samples: SampleQuerySet[Sample], file: Writable, file_format: Format = FORMATS["jsonl"]) -> int:
    """Write them and say how many; raises NothingToExportError before anything is written."""
    if not samples.exists():
        raise NothingToExportError
    return write(read(samples), file, file_format)


def export_to(samples: SampleQuerySet[Sample], path: Path, file_format: Format = FORMATS["jsonl"]) -> int:
    """As ``export``, whole or not at all: ``path`` appears, or is replaced, only once every line is on the disk.

    What is there but no regular file (a pipe, /dev/stdout) is written to directly and never replaced.
    """
    path = path.resolve()
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            return export(samples, stream, file_format)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            count = export(samples, file, file_format)
            file.flush()
            os.fsync(file.fileno())
        _open_to_others(name)
        os.replace(name, path)
    except BaseException:  # also at Ctrl-C: no half-written file stays
        os.unlink(name)
        raise
    return count


def _open_to_others(name: str) -> None:
    """Temporary files are made private; give the mode that the user's umask would have given."""
    umask = os.umask(0)
    os.umask(umask)
    os.chmod(name, 0o666 & ~umask)
