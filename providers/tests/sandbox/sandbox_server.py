"""A sandbox over HTTP for tests: importing ``sandbox`` from here makes the fixture known."""

from collections.abc import Iterator

import pytest

from providers.sandbox.thread import RunningSandbox, running_sandbox

__all__ = ["RunningSandbox", "running_sandbox", "sandbox"]


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running_sandbox() as running:
        yield running
