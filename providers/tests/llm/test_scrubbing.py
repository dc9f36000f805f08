"""Secrets in all the clothes that vendors put on them, and prose that is left as it is."""

import base64
import html
import json
import urllib.parse

import pytest

from providers.llm.scrubbing import DETAIL_CHARS, MASK, scrub, without_secrets

KEY = "sk-proj-Ab3+dE/fGh1_jKl2MnOp4qRs5TuV"
PROSE = (
    "The court held, 3:2, that a duty arises where harm could be foreseen: Donoghue v Stevenson [1932] AC 562, at 580. "
    "See 42 U.S.C. § 1983, https://example.org/a%20b?c=d&e=1 and “R&D”, 50%25 of £1,000,000 \\u00a3 &pound; C:\\new. "
) * 3


def base64_in(before, after=""):
    return base64.b64encode(f"{before}{KEY}{after}".encode()).decode()


def each(pattern):
    return "".join(pattern.format(ord(letter)) for letter in KEY)


ENCODED = {
    "as it is": KEY,
    "in capitals": KEY.upper(),
    "in small letters": KEY.lower(),
    "backwards": KEY[::-1],
    "base64": base64_in(""),
    "base64, one off": base64_in("x", "y"),
    "base64, two off": base64_in("xx", "yz"),
    "base64 without its end": base64_in("").rstrip("="),
    "base64 for addresses": base64.urlsafe_b64encode(KEY.encode()).decode(),
    "hex": KEY.encode().hex(),
    "HEX": KEY.encode().hex().upper(),
    "hex with colons": KEY.encode().hex(":"),
    "percent": urllib.parse.quote(KEY, safe=""),
    "percent, every letter": each("%{:02X}"),
    "percent, twice": urllib.parse.quote(urllib.parse.quote(KEY, safe=""), safe=""),
    "HTML": html.escape(KEY.replace("-", "&hyphen;").replace("/", "&sol;")),
    "HTML, decimal": each("&#{};"),
    "HTML, hexadecimal": each("&#x{:x};"),
    "JSON, slashes": KEY.replace("/", "\\/"),
    "JSON, one letter": KEY.replace("+", "\\u002b"),
    "JSON, every letter": each("\\u{:04x}"),
    "JSON in JSON": json.dumps(each("\\u{:04x}"))[1:-1],
    "JSON in JSON in JSON": json.dumps(json.dumps(KEY.replace("/", "\\/"))[1:-1])[1:-1],
    "percent in JSON": each("\\u0025{:02x}"),
    **{
        f"{joint!r} between": joint.join(KEY)
        for joint in ("\u200b", "\ufeff", " ", "\n", "-", "\\n", "&nbsp;", "\\u200b")
    },
    **{f"twelve from {start}": KEY[start : start + 12] for start in range(len(KEY) - 11)},
}


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("clean", [without_secrets, scrub])
def test_a_secret_is_masked_however_it_is_dressed(clean, name):
    kept = clean(f"({ENCODED[name]})", [KEY])
    assert kept.startswith("(")
    assert kept.endswith(")")
    assert MASK in kept
    assert len(kept) < 16


def test_json_stays_json():
    for name in ("JSON, every letter", "JSON in JSON", "as it is"):
        text = json.dumps({"question": "Q", "answer": 0}).replace("0", f'"{ENCODED[name]}"')
        assert json.loads(without_secrets(text, [KEY])) == {"question": "Q", "answer": MASK}


def test_all_secrets_are_masked_wherever_they_stand():
    kept = without_secrets(
        f"{KEY} and {KEY}{KEY} or planted-value-7", [KEY, "Bearer planted-value-7", "planted-value-7"]
    )
    assert kept == "*** and *** or ***"


@pytest.mark.parametrize(
    "secret",
    [
        *(KEY, "x", "law", "ollama", "court", "sk-test", "unused", "EMPTY", "not-needed", "Donoghue", "Bearer court"),
        *("a-duty-of-care-arises", "harm-could-not-be-foreseen", "The-Court-Of-Appeal", "abcd1234"),
    ],
)
def test_prose_stays_as_it_is(secret):
    assert without_secrets(PROSE, [secret]) == PROSE


@pytest.mark.parametrize("secret", ["sk-test", "abc123", "correct-horse-battery-staple", "correcthorsebattery"])
def test_a_short_secret_and_one_of_words_are_masked_as_a_whole(secret):
    assert without_secrets(f"The key {secret}, and {secret}s.", [secret]).startswith("The key ***, and ")


def test_a_short_secret_within_a_word_is_left():
    assert without_secrets("a risk-test, sk-tested", ["sk-test"]) == "a risk-test, sk-tested"


def test_eight_characters_of_a_secret_are_too_many_for_a_refusal():
    assert (
        scrub(f"The key {KEY[8:16]} is wrong, as is {KEY[:4]}*****{KEY[-4:]}.", [KEY])
        == "The key *** is wrong, as is ***."
    )


def test_a_detail_is_one_short_line():
    kept = scrub(f"a\n\n b {'c' * 400}", [KEY])
    assert kept.startswith("a b cc")
    assert len(kept) == DETAIL_CHARS


@pytest.mark.parametrize(
    "text", ["\ud800", "\\", "%", "&", "\\u", "\\ud800", "&#99999999;", "&#x110000;", "İK" * 9, ""]
)
def test_odd_characters_are_no_trouble(text):
    assert without_secrets(f"{text}{KEY}{text}", [KEY]) == f"{text}***{text}".replace("\\***", "***")


def test_the_work_grows_with_the_text_and_no_faster():
    """With any of these a pattern that looks at everything once more for each character would not end today."""
    for unit in ("\\", "&amp;", "%25", KEY[:11], KEY, "&" + "a" * 31, "\\u00"):
        assert without_secrets(unit * (100_000 // len(unit)), [KEY]) is not None
