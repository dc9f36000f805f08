"""What the machine is, and what processes took of it, from Linux's /proc."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True, slots=True)
class Usage:
    """What one process took so far: itself, and apart from that its children that have ended."""

    pid: int
    cpu_s: float
    ended_children_cpu_s: float
    peak_mb: float


def tree(pid: int) -> list[Usage]:
    """The process and all that descend from it, those that live."""
    parents = dict(_parents())
    found = [pid]
    for known in found:
        found.extend(child for child, parent in parents.items() if parent == known)
    return [usage for usage in map(_usage, found) if usage]


def cpu_s(usages: list[Usage]) -> float:
    return sum(usage.cpu_s + usage.ended_children_cpu_s for usage in usages)


def cores() -> int:
    return len(os.sched_getaffinity(0))


def describe() -> str:
    words = (_first(PROC / "cpuinfo", "model name").strip(" :\t") or platform.processor() or "an unknown processor",)
    memory_gb = int(_first(PROC / "meminfo", "MemTotal:").split()[0] or 0) / 1024**2
    load = ", ".join(f"{number:.1f}" for number in os.getloadavg())
    return (
        f"{words[0]}, {cores()} cores, {memory_gb:.0f} GB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}; load before: {load}"
    )


def _parents() -> Iterator[tuple[int, int]]:
    for folder in PROC.iterdir():
        if folder.name.isdigit() and (fields := _stat(int(folder.name))):
            yield int(folder.name), int(fields[1])


def _usage(pid: int) -> Usage | None:
    fields = _stat(pid)
    if not fields:
        return None
    own, ended = (sum(map(int, fields[first : first + 2])) / TICKS for first in (11, 13))
    peak_kb = _first(PROC / str(pid) / "status", "VmHWM:").split()
    return Usage(pid, own, ended, int(peak_kb[0]) / 1024 if peak_kb else 0.0)


def _stat(pid: int) -> list[str]:
    """The fields after the name, state first; none where the process has gone."""
    try:
        return (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _first(path: Path, word: str) -> str:
    """What follows the word in the first line that begins with it."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        lines = []
    return next((line.removeprefix(word) for line in lines if line.startswith(word)), "")
