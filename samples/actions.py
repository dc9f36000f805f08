"""What people do with finished samples."""

import os
import tempfile
from pathlib import Path

from samples.export import Writable, write_jsonl
from samples.models import Sample

CHUNK = 500


class EmptyBatchError(Exception):
    """No sample bears this batch's number."""

    def __init__(self, batch_id: int) -> None:
        super().__init__(batch_id)
        self.batch_id = batch_id


def export_batch(batch_id: int, file: Writable) -> int:
    """Write the batch's samples in the order of its items; raises EmptyBatchError before anything is written."""
    samples = Sample.objects.of_batch(batch_id)
    if not samples.exists():
        raise EmptyBatchError(batch_id)
    return write_jsonl(samples.iterator(chunk_size=CHUNK), file)


def export_batch_to(batch_id: int, path: Path) -> int:
    """As ``export_batch``, whole or not at all: ``path`` appears, or is replaced, only once every line is on the disk.

    What is there but no regular file (a pipe, /dev/stdout) is written to directly and never replaced.
    """
    path = path.resolve()
    if path.exists() and not path.is_file() and not path.is_dir():
        with path.open("w", encoding="utf-8", newline="\n") as stream:
            return export_batch(batch_id, stream)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8", newline="\n") as file:
            count = export_batch(batch_id, file)
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
