"""Names and values of headers by the grammar of RFC 9110, and those that are the client's own."""

import pytest
from django.core.exceptions import ValidationError

from providers.validators import REFUSED_HEADERS, validate_new_extra, validate_secret_settings

NO_NAMES = [
    "",
    "X Title",
    "X-Title:",
    "X:Title",
    "X-Title\r\nX-Evil",
    "X-Tïtle",
    "X-Title\t",
    '"X"',
    "X(y)",
    "X/y",
    "@x",
    "a" * 101,
]
NO_VALUES = [
    "a\r\nX-Evil: 1",
    "a\nb",
    "a\rb",
    "a\x7fb",
    "a\x1bb",
    " a",
    "a ",
    "\ta",
    "é",
    "\u2028",
    "a" * 4097,
]
VALUES = ["", "a", "a b", "a\tb", "!~", 'x; y="z", w', "a" * 4096]


BOTH = pytest.mark.parametrize("check", [validate_new_extra, validate_secret_settings])


def refused(check, headers):
    with pytest.raises(ValidationError) as error:
        check({"headers": headers})
    return " ".join(error.value.messages)


@BOTH
@pytest.mark.parametrize("name", NO_NAMES)
def test_a_name_that_is_no_token_is_refused(check, name):
    assert "this is no header name" in refused(check, {name: "a"})


@BOTH
@pytest.mark.parametrize("text", NO_VALUES)
def test_a_value_that_is_no_field_value_is_refused_without_being_repeated(check, text):
    said = refused(check, {"X-Title": text})
    assert "headers.X-Title: its value must be printable ASCII" in said
    assert len(text.strip()) < 3 or text.strip() not in said


@BOTH
@pytest.mark.parametrize("text", VALUES)
def test_a_field_value_is_taken(check, text):
    check({"headers": {"X-Title": text}})


@BOTH
@pytest.mark.parametrize(
    "name",
    [
        *sorted(REFUSED_HEADERS),
        "HOST",
        "Content-length",
        "Proxy-Connection",
        "Sec-Fetch-Mode",
        "X-Forwarded-For",
        ":authority",
    ],
)
def test_a_header_that_is_the_clients_own_is_refused(check, name):
    assert "legalds sets this header itself" in refused(check, {name: "a"})


@BOTH
@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"X-A": "1", "x-a": "2"}, "headers.x-a: it is there twice"),
        ({f"X-{number}": "1" for number in range(51)}, "51 are too many"),
        ({"X-A": 5}, "headers.X-A: give its value as a text"),
        ([["X-A", "1"]], "headers must be an object"),
    ],
)
def test_headers_that_are_no_set_of_names_and_texts_are_refused(check, headers, words):
    assert words in refused(check, headers)
