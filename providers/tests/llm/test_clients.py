"""The adapter registry, and what it costs a process that calls nobody."""

import os
import subprocess
import sys

import pytest

from providers.llm.clients import open_client
from providers.tests.llm.adapters import endpoint

SITE = "import django; django.setup(); import legalds.urls"
SDKS = "sorted({'openai', 'mistralai', 'aiohttp'} & set(sys.modules))"


def imported(code: str) -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "legalds.settings"}
    command = [sys.executable, "-c", f"import sys; {code}; print({SDKS})"]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.strip()


def test_the_site_starts_without_the_sdks():
    assert imported(SITE) == "[]"


def test_a_process_may_load_them_for_its_children():
    loading = "from providers.llm.clients import load_adapters; load_adapters()"
    assert imported(loading) == "['aiohttp', 'mistralai', 'openai']"


def test_an_unknown_adapter_is_named_with_those_that_are_known():
    with pytest.raises(ValueError, match=r"No adapter is called 'telepathy'\. Known: mistral, openai\."):
        open_client(endpoint("telepathy", "http://127.0.0.1/v1"))
