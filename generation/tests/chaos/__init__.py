"""Tests that kill processes and servers: run by ``make chaos`` alone."""

import pytest

# These assert for the scenarios, and should say as much as a test does.
pytest.register_assert_rewrite(*(f"{__name__}.{name}" for name in ("invariants", "servers", "site")))
