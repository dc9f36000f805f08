"""The four keys of a sample, however a model spells them, in the order in which it is asked to write them."""

from samples.quality.draft import WRITING_ORDER

KEYS = WRITING_ORDER
KEY_PATTERN = r"(?:question|answer|case[\s_-]?citation|reasoning)"  # in any case

_BY_LETTERS = {key.replace("_", ""): key for key in KEYS}


def key_meant(name: str) -> str | None:
    """``caseCitation``, ``Case Citation`` and ``**case_citation**`` are ``case_citation``; a typo is another key."""
    return _BY_LETTERS.get("".join(filter(str.isalnum, name)).casefold())
