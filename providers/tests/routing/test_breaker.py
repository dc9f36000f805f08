"""What is kept of a failure's words."""

from providers.routing.breaker import brief


def test_a_reason_is_cut_and_can_always_be_encoded():
    assert brief("x" * 1000) == "x" * 300
    assert brief("bad \ud800 text") == "bad ? text"
