import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.core.management import call_command
from django.db import connection
from django.db.models import F

from providers import actions
from providers.choices import KeyState
from providers.fields import UNREADABLE, EncryptedTextField, Unreadable
from providers.models import ProviderConfig
from providers.tests.factories import make_provider

pytestmark = pytest.mark.django_db
KEY = "sk-planted-0123456789"


@pytest.fixture
def secrets() -> ProviderConfig:
    make_provider("groq")
    return actions.set_secrets("groq", api_key=KEY, config={"headers": {"X-Org": "planted-org"}})


def stored(column: str) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM provider_configs")
        return bytes(cursor.fetchone()[0])


def make_unreadable(column: str) -> bytes:
    token = Fernet(Fernet.generate_key()).encrypt(b"under another key")
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE provider_configs SET {column} = %s", [token])
    return token


def test_secrets_are_encrypted_at_rest_and_read_back(secrets):
    assert b"planted" not in stored("api_key") + stored("config")
    fresh = ProviderConfig.objects.get()
    assert (fresh.api_key, fresh.config) == (KEY, {"headers": {"X-Org": "planted-org"}})


def test_an_expression_is_refused_instead_of_stored(secrets):
    with pytest.raises(FieldError, match="encrypted"):
        ProviderConfig.objects.update(api_key=F("api_key_last4"))
    with pytest.raises(FieldError, match="encrypted"):
        ProviderConfig.objects.bulk_update([secrets], ["api_key"])


def test_a_lookup_by_secret_is_refused(secrets):
    with pytest.raises(FieldError):
        ProviderConfig.objects.filter(api_key=KEY).exists()


@pytest.mark.parametrize("column", ["api_key", "config"])
def test_an_undecryptable_value_loads_as_unreadable(secrets, column):
    make_unreadable(column)
    assert isinstance(getattr(ProviderConfig.objects.get(), column), Unreadable)


def test_an_undecryptable_key_says_that_it_needs_a_new_one(secrets):
    make_unreadable("api_key")
    assert ProviderConfig.objects.get().key_state is KeyState.UNREADABLE


def test_an_undecryptable_key_can_be_replaced(secrets):
    make_unreadable("api_key")
    actions.set_secrets("groq", api_key="sk-new-0123456789")
    assert ProviderConfig.objects.get().key_state is KeyState.STORED


@pytest.mark.parametrize(("bad", "good"), [("api_key", "config"), ("config", "api_key")])
def test_a_full_save_leaves_an_undecryptable_value_as_it_is(secrets, bad, good):
    token = make_unreadable(bad)
    row = ProviderConfig.objects.get()
    setattr(row, good, {"a": 1} if good == "config" else "sk-other-0123456789")
    row.save()
    assert stored(bad) == token
    assert getattr(ProviderConfig.objects.get(), good) == getattr(row, good)


def test_an_undecryptable_value_is_not_saved_by_name(secrets):
    make_unreadable("api_key")
    with pytest.raises(FieldError, match="cannot be decrypted"):
        ProviderConfig.objects.get().save(update_fields=["api_key"])


def test_unreadable_is_empty():
    assert not UNREADABLE


def test_no_key_to_encrypt_with_is_said_so(settings):
    settings.FERNET_KEYS = []
    with pytest.raises(ImproperlyConfigured, match="FERNET_KEYS"):
        _ = EncryptedTextField().fernet


def test_a_dump_holds_no_secret(secrets, capsys):
    call_command("dumpdata", "providers")
    dump = capsys.readouterr().out
    assert '"providers.providerconfig"' in dump
    for trace in (KEY, KEY[-4:], secrets.api_key_fingerprint, "planted"):
        assert trace not in dump
