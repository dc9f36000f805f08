"""The tool that makes pictures. What it makes is looked at by people."""

import shutil

import pytest

from tools.screenshots.__main__ import main
from tools.screenshots.camera import find_browser


def test_it_empties_no_database_but_its_own():
    with pytest.raises(SystemExit, match="make screenshots"):
        main([])


def test_it_says_which_browsers_would_do(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="chromium"):
        find_browser()
