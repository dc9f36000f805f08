"""Keys that protect nothing are told from good ones."""

import base64
import hashlib
import os
import secrets

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

from legalds import env
from legalds.security import weak_keys

SOME = hashlib.sha256(b"some").digest()[:16]
WEAK_SECRETS = [
    ("changeme", "placeholder"),
    ("Change-Me-" * 8, "placeholder"),
    ("CHANGE_THIS_TO_A_LONG_RANDOM_STRING_BEFORE_GOING_LIVE_1234", "placeholder"),
    ("your-secret-key-here-keep-it-long-0123456789", "placeholder"),
    ("dev_secret_key_for_local_use_only_1234567890", "placeholder"),
    ("<replace with 50 random characters ................>", "placeholder"),
    ("django-insecure-q8x2v7m4k9w3e1r5t0z6u4i8o2p7a9s1d3f5g7h9j2k4l6", "startproject"),
    ("q8x2v7m4k9", "too short"),
    ("x" * 60, "too few different"),
    ("abababab" * 8, "too few different"),
    ("0123456789abcdef" * 4, "repeats the same 16"),
    ("q8x2v7m4k9w3" * 5, "repeats the same 12"),
]


@pytest.mark.parametrize(("key", "words"), WEAK_SECRETS)
def test_a_weak_secret_key_is_refused_with_why_and_the_remedy(monkeypatch, key, words):
    monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(ImproperlyConfigured, match=rf"^SECRET_KEY .*{words}.*make env") as error:
        env.secret_key("SECRET_KEY", None, is_strict=True)
    assert key not in str(error.value)


@pytest.mark.parametrize("key", [key for key, _ in WEAK_SECRETS])
def test_in_development_any_secret_key_will_do(monkeypatch, key):
    monkeypatch.setenv("SECRET_KEY", key)
    assert env.secret_key("SECRET_KEY", None, is_strict=False) == key


@pytest.mark.parametrize(
    "make",
    [
        lambda: secrets.token_urlsafe(50),
        lambda: secrets.token_hex(32),
        get_random_secret_key,
        lambda: base64.b64encode(os.urandom(32)).decode(),
    ],
)
def test_what_people_make_secret_keys_with_is_strong(make):
    assert {weak_keys.fault_of_secret_key(make()) for _ in range(200)} == {""}


def key_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


@pytest.mark.parametrize(
    "content",
    [
        bytes(32),
        b"\xff" * 32,
        bytes(range(32)),
        bytes(range(64, 0, -2)),
        SOME * 2,
        SOME[:8] + bytes(24),
        b"a passphrase of exactly 32 chars",
        b"0123456789abcdefghijklmnopqrstuv",
    ],
)
def test_a_weak_fernet_key_is_refused_in_production_and_taken_in_development(monkeypatch, content):
    key = key_of(content)
    monkeypatch.setenv("FERNET_KEYS", f"{Fernet.generate_key().decode()},{key}")
    with pytest.raises(ImproperlyConfigured, match=r"^FERNET_KEYS: key 2 is not random.*reencrypt_secrets") as error:
        env.fernet_keys("FERNET_KEYS", None, is_strict=True)
    assert key not in str(error.value)
    assert env.fernet_keys("FERNET_KEYS", None, is_strict=False)[1] == key


@pytest.mark.parametrize(
    "key", ["A" * 42, "A" * 44, f"{'A' * 20} {'A' * 22}=", "é" * 43 + "=", "*" * 43 + "=", "=" * 44]
)
@pytest.mark.parametrize("is_strict", [True, False])
def test_a_malformed_fernet_key_is_refused(monkeypatch, key, is_strict):
    monkeypatch.setenv("FERNET_KEYS", key)
    with pytest.raises(ImproperlyConfigured, match="key 1 is not a Fernet key"):
        env.fernet_keys("FERNET_KEYS", None, is_strict=is_strict)


@pytest.mark.parametrize("is_strict", [True, False])
@pytest.mark.parametrize("spelt", [base64.urlsafe_b64encode, base64.b64encode])
def test_a_published_key_is_refused_always_wherever_it_stands_and_however_it_is_spelt(monkeypatch, is_strict, spelt):
    content = os.urandom(32)
    monkeypatch.setattr(weak_keys, "PUBLISHED", {hashlib.sha256(content).hexdigest()})
    monkeypatch.setenv("FERNET_KEYS", f"{Fernet.generate_key().decode()},{spelt(content).decode()}")
    with pytest.raises(ImproperlyConfigured, match=r"^FERNET_KEYS: key 2 stands in a public document.*replaced"):
        env.fernet_keys("FERNET_KEYS", None, is_strict=is_strict)


def test_fingerprints_are_whole_and_none_is_of_nothing():
    assert all(len(bytes.fromhex(known)) == 32 for known in weak_keys.PUBLISHED)
    assert hashlib.sha256(b"").hexdigest() not in weak_keys.PUBLISHED


def test_fresh_fernet_keys_are_strong():
    keys = [Fernet.generate_key().decode() for _ in range(500)]
    assert {weak_keys.fault_of_fernet_key(key) for key in keys} == {""}
    assert not any(weak_keys.is_published(key) for key in keys)
