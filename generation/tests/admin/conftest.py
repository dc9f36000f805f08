"""A model that orders may name."""

import pytest

from providers.tests.factories import make_model, make_provider


@pytest.fixture
def local():
    make_provider("local", requires_key=False)
    return make_model("local", "good")
