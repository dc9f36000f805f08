"""What tests of the site's pages share."""

import pytest


@pytest.fixture
def own_cache(own_redis, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"{settings.KEY_PREFIX}:cache"}}
