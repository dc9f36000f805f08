"""What CI goes by: which rows hold, and which of those that do not make it fail."""

import os
import subprocess
import sys

import pytest

from benchmarks.rig.machine import cpu_s, tree
from benchmarks.rig.report import aim, broken, count, fact, table


@pytest.mark.parametrize(
    ("measured", "terms", "held"),
    [
        (300, {"exactly": 300}, True),
        (299, {"exactly": 300}, False),
        (4, {"at_most": 4}, True),
        (5, {"at_most": 4}, False),
        (1, {"at_least": 1}, True),
        (0, {"at_least": 1}, False),
        (7, {}, None),
    ],
)
def test_a_count_is_held_against_its_target(measured, terms, held):
    assert count("calls", measured, **terms).held is held


def test_only_a_count_that_is_missed_breaks_a_run():
    rows = [count("lost", 3, exactly=0), count("429s", 0, exactly=0), aim("rate", 0.1, at_least=0.75), fact("n", 3)]
    assert [row.what for row in broken(rows)] == ["lost"]


def test_the_table_shows_the_target_beside_what_was_measured():
    lines = table([aim("share", 0.5, at_least=0.75), count("lost", 0, exactly=0)]).splitlines()
    assert lines[1].split() == ["share", "0.50", "at", "least", "0.75", "MISSED"]
    assert lines[2].split() == ["lost", "0", "exactly", "0", "held"]


def test_the_cpu_of_a_process_includes_children_that_have_ended():
    burn = "sum(range(8_000_000))"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{burn}']); print(); input()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        (usage,) = tree(process.pid)
        process.communicate(b"\n")
    assert usage.ended_children_cpu_s > 0.02
    assert cpu_s([usage]) == usage.cpu_s + usage.ended_children_cpu_s
    assert usage.peak_mb > 1


def test_a_tree_holds_all_that_descend_from_a_process():
    with subprocess.Popen(["sleep", "30"]) as child:
        assert {os.getpid(), child.pid} <= {usage.pid for usage in tree(os.getpid())}
        child.kill()
