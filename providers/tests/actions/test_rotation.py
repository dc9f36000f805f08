"""Rotating FERNET_KEYS: a new key in front, every secret written anew, the old key away."""

import pytest
from cryptography.fernet import Fernet, MultiFernet
from django.core.management import CommandError, call_command

from providers import actions
from providers.models import ProviderConfig
from providers.tests.factories import make_provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def use_keys(monkeypatch):
    """What a restart with other FERNET_KEYS does: the library keeps its keys on the field."""

    def use(*keys):
        for name in ("api_key", "config"):
            field = ProviderConfig._meta.get_field(name)
            monkeypatch.setitem(field.__dict__, "fernet", MultiFernet([Fernet(key) for key in keys]))

    return use


@pytest.fixture
def key():
    return lambda: Fernet.generate_key().decode()


def test_reencrypted_secrets_do_without_the_old_key(use_keys, key):
    old, new = key(), key()
    use_keys(old)
    make_provider("a")
    actions.set_secrets("a", api_key="key-of-a-1234", config={"headers": {"X-Team": "t"}})
    use_keys(new, old)
    assert actions.reencrypt_secrets() == (["a"], [])
    use_keys(new)
    stored = ProviderConfig.objects.get(pk="a")
    assert (stored.api_key, stored.config) == ("key-of-a-1234", {"headers": {"X-Team": "t"}})


def test_what_no_key_decrypts_is_named_and_left_as_it_is(use_keys, key):
    lost, new = key(), key()
    use_keys(lost)
    make_provider("b")
    actions.set_secrets("b", api_key="key-of-b-1234")
    use_keys(new)
    with pytest.raises(CommandError, match="secrets of: b"):
        call_command("reencrypt_secrets")
    use_keys(lost)
    assert ProviderConfig.objects.get(pk="b").api_key == "key-of-b-1234"
