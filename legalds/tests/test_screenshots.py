"""The command that makes pictures. What it makes is looked at by people."""

import shutil

import pytest
from django.core.management import CommandError, call_command

from legalds.screenshots.camera import find_browser


def test_it_empties_no_database_but_its_own():
    with pytest.raises(CommandError, match="make screenshots"):
        call_command("screenshots")


def test_it_says_which_browsers_would_do(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(CommandError, match="chromium"):
        find_browser()
