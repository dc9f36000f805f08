"""What tests of the factory share."""

import pytest

from providers import factory
from providers.configuration.snapshot import SnapshotKeeper


@pytest.fixture
def keeper(monkeypatch) -> SnapshotKeeper:
    """A keeper that looks every time, and a log in which nothing has been said yet."""
    keeper = SnapshotKeeper(check_every_s=0)
    monkeypatch.setattr(factory, "keeper", keeper)
    monkeypatch.setattr(factory, "_told", set())
    return keeper
