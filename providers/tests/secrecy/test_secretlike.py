"""What looks like a secret, and what only resembles one."""

import base64
import hashlib

import pytest

from providers.secrecy.secretlike import NOT_SHOWN, is_secret_name, is_secret_text, secret_parts

SOME = hashlib.sha256(b"some")  # a key's looks without being one
LONG = hashlib.sha512(b"some").digest()

SECRET_NAMES = """
api_key apiKey API-KEY ApiKey apikey x-api-key X-Goog-Api-Key Ocp-Apim-Subscription-Key groqApiKey key keys api_keys
access_token accessToken accesstoken refresh_token auth_token authToken token api_tokens X-Team-Token session_token
OAuth2Token hf_token password Passwd db_password pwd passphrase secret secrets client_secret clientsecret
aws_secret_access_key aws_access_key_id private_key signing_key encryption_key license_key licenseKey master_key
Authorization Proxy-Authorization authentication auth basic_auth bearer jwt X-JWT credential credentials creds
Cookie cookies session session_id sessionid signature X-Hub-Signature hmac api_key_2 apiKeyValue
"""

OTHER_NAMES = """
max_tokens maxTokens max_completion_tokens tokens_per_minute tokenizer keyword keywords key_points keyboard monkey
author authority authors prompt_cache_key promptCacheKey Idempotency-Key eos_token bos_token stop_token pad_token
stop_token_ids secretary secretariat passage bypass compass X-Title HTTP-Referer OpenAI-Organization timeout_s
reasoning_effort top_p stop seed user metadata Helicone-Session-Name session_name token_count cached_tokens sort_keys
sign design public_key response_format model temperature
"""

SECRET_TEXTS = [
    "sk-planted-0123456789",
    f"gsk_{SOME.hexdigest()[:40]}",
    f"AIza{base64.urlsafe_b64encode(SOME.digest()).decode()[:35]}",
    f"note: sk-proj-{SOME.hexdigest()}",
    SOME.hexdigest(),
    SOME.hexdigest()[:32],
    base64.urlsafe_b64encode(SOME.digest()).decode(),
    base64.b64encode(LONG).decode(),
    base64.b32encode(LONG).decode(),
    "Bearer abc",
    "bearer x1",
    "Basic dXNlcjpwYXNz=",
    "Token abc123",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    "-----BEGIN RSA PRIVATE KEY-----",
    "https://ann:planted@vendor.example/v1",
    "AKIA" + "ABCDEFGH12345678",
    f"github_pat_{SOME.hexdigest()[:20]}",
]

OTHER_TEXTS = [
    "legalds",
    "https://legalds.example/a/very-long-path/that-goes-on/and-on-2024",
    "meta-llama/Llama-3.3-70B-Instruct-Turbo",
    "Llama-3-Groq-70B-Tool-Use-Preview-2024",
    "qwen2p5-coder-32b-instruct-v1-q4k",
    "Qwen2.5-Coder-32B-Instruct-AWQ-Int4-GPTQ-w4a16",
    "claude-3-5-sonnet-20241022",
    "us.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "anthropic_claude_3_5_sonnet_20241022_for_legal",
    "gpt4oMini2024Deployment",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu",
    "org-AbCdEf123456GhIjKlMnOpQr",
    "proj_AbCdEf123456GhIjKlMnOpQr",
    "3f2b8c1e-5d47-4a90-9c3e-1f2a7b6d8e90",
    "2024-10-22T10:15:00+00:00",
    "Rechtsschutzversicherungsgesellschaften",
    "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerk",
    "Basic principles of English law, with token examples",
    "Basic law",
    "The token limit is reached",
    "You answer as a barrister. Keep the key points short; cite [2019] UKSC 41 where it helps.",
    "",
]


@pytest.mark.parametrize("name", SECRET_NAMES.split())
def test_a_name_of_a_secret_is_told(name):
    assert is_secret_name(name)


@pytest.mark.parametrize("name", OTHER_NAMES.split())
def test_a_name_that_only_resembles_one_is_not(name):
    assert not is_secret_name(name)


@pytest.mark.parametrize("text", SECRET_TEXTS)
def test_a_text_that_looks_like_a_key_is_told(text):
    assert is_secret_text(text)


@pytest.mark.parametrize("text", OTHER_TEXTS)
def test_a_text_that_only_resembles_one_is_not(text):
    assert not is_secret_text(text)


def test_nearly_every_random_key_is_told():
    """However it is spelt: as hexadecimal, in base 64, in base 32."""
    digests = [hashlib.sha256(str(number).encode()).digest() for number in range(300)]
    for spell in (bytes.hex, lambda raw: base64.urlsafe_b64encode(raw).decode(), lambda raw: raw[:12].hex()):
        assert sum(is_secret_text(spell(digest)) for digest in digests) >= 285


@pytest.mark.parametrize(
    ("value", "paths"),
    [
        ({"headers": {"X-Team-Token": "abc", "X-Title": "legalds"}}, ["headers.X-Team-Token"]),
        ({"extra_body": {"litellm": {"api_key": "x"}}}, ["extra_body.litellm.api_key"]),
        ({"extra_body": {"keys": ["a", {"b": "c"}]}}, ["extra_body.keys.0", "extra_body.keys.1.b"]),
        ({"credentials": {"user": "ann", "region": "eu"}}, ["credentials.user", "credentials.region"]),
        ({"a": [[{"note": "sk-planted-0123456789"}]]}, ["a.0.0.note"]),
        ({"password": 123456, "max_tokens": 500, "cost_per_token": 0.5, "use_auth": True}, ["password"]),
        ({"api_key": "", "token": None, "secret": {}, "cookie": " "}, []),
        ({"sk-planted-0123456789": 1}, [NOT_SHOWN]),
        ({"schema": {"properties": {"api_key": {"type": "string"}, "token": {"type": "string"}}}}, []),
        ({"schema": {"properties": {"api_key": "abc"}}}, ["schema.properties.api_key"]),
    ],
)
def test_the_path_of_every_secret_part_is_named(value, paths):
    assert list(secret_parts(value)) == paths


def test_a_value_may_be_nested_deeper_than_python_recurses():
    value: object = "sk-planted-0123456789"
    for _ in range(5_000):
        value = [value]
    assert len(list(secret_parts(value))) == 1
