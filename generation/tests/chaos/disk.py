"""A small filesystem under this process's own servers, which can be filled to its last byte."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connections

from legalds import embedded

ROOM_MB = 100  # beside what the servers have there already


class SmallDisk:
    def __init__(self, folder: Path) -> None:
        self._filling = folder / "filling"

    def fill(self) -> None:
        with self._filling.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
            except OSError:
                assert shutil.disk_usage(self._filling).free < 1 << 16

    def free(self) -> None:
        self._filling.unlink(missing_ok=True)


@contextmanager
def small_disk() -> Iterator[SmallDisk]:
    """The servers' data is on it until the end; then all is as before. Skips the test where nothing can be mounted."""
    folder = embedded.data_folder()
    aside = folder.with_name(f"{folder.name}-aside")
    connections.close_all()
    embedded.stop(folder)
    folder.rename(aside)
    folder.mkdir(mode=0o700)
    try:
        _mount(folder, aside)
        try:
            subprocess.run(["cp", "-a", f"{aside}/.", folder], check=True)
            embedded.start(folder)
            yield SmallDisk(folder)
            connections.close_all()
            embedded.stop(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)
    finally:
        folder.rmdir()
        aside.rename(folder)
        embedded.start(folder)


def _mount(folder: Path, like: Path) -> None:
    used_mb = sum(path.lstat().st_blocks for path in like.rglob("*")) * 512 >> 20
    options = f"size={used_mb + ROOM_MB}m,mode=0700"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"a small filesystem cannot be mounted here (it takes root): {done.stderr.strip()}")
