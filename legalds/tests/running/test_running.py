import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from legalds.management.commands import servers
from legalds.running import only_one

URL = "http://127.0.0.1:8000/admin/"


def test_a_second_run_on_the_same_data_is_told_where_the_first_one_serves(tmp_path):
    with (
        only_one.alone(tmp_path, URL),
        pytest.raises(only_one.AlreadyRunning) as met,
        only_one.alone(tmp_path, "other"),
    ):
        pass
    assert met.value.url == URL


def test_a_run_that_ended_leaves_the_data_free(tmp_path):
    with only_one.alone(tmp_path, URL):
        pass
    only_one.look(tmp_path)


def test_a_run_that_was_killed_leaves_the_data_free(tmp_path):
    code = "import os, sys, pathlib; from legalds.running import only_one; folder = pathlib.Path(sys.argv[1])"
    code += "; only_one.alone(folder, 'x').__enter__(); os._exit(9)"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    assert (tmp_path / only_one.FILE).exists()
    only_one.look(tmp_path)


def test_the_servers_of_a_run_are_not_stopped_under_it(tmp_path, monkeypatch):
    monkeypatch.setattr(servers, "data_folder", lambda: tmp_path)
    with only_one.alone(tmp_path, URL), pytest.raises(CommandError, match="Ctrl-C"):
        call_command("servers", "stop")
