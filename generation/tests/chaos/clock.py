"""A wall clock that jumps, for one process and its children, by libfaketime. Its monotonic clock stays true."""

import os
from pathlib import Path

import pytest

PLACES = ("/usr/lib/*/faketime", "/usr/lib/faketime", "/usr/lib64/faketime", "/usr/local/lib/faketime")
LIBRARY = "libfaketimeMT.so.1"
# The library answers EINVAL to the absolute sleeps by which Python sleeps.
SLEEP_BY_SELECT = """\
import select
import time

time.sleep = lambda seconds: select.select((), (), (), seconds) and None
"""


class JumpingClock:
    def __init__(self, folder: Path) -> None:
        self._library = _find()
        self._python = folder / "python"
        self._python.mkdir()
        (self._python / "sitecustomize.py").write_text(SLEEP_BY_SELECT)
        self._offset = folder / "offset"
        self.jump(0)

    def jump(self, seconds: int) -> None:
        """From now on the clock is off by so many seconds."""
        aside = self._offset.with_suffix(".new")
        aside.write_text(f"{seconds:+d}\n")
        aside.replace(self._offset)

    @property
    def variables(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(self._library),
            "FAKETIME_TIMESTAMP_FILE": str(self._offset),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Its remedy for waits on the monotonic clock starves Python's threads of the interpreter's lock.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            "PYTHONPATH": str(self._python),
        }


def _find() -> Path:
    """Skips the test where the library is missing; fails it where LEGALDS_REQUIRE_FAKETIME is set."""
    found = next((path for place in PLACES for path in Path("/").glob(f"{place}/{LIBRARY}".lstrip("/"))), None)
    if found is None:
        reason = f"{LIBRARY} is not installed (Debian: apt-get install faketime)"
        if os.environ.get("LEGALDS_REQUIRE_FAKETIME") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return found
