"""Texts as words, so that how they are written makes no difference."""

import re
import unicodedata
from collections.abc import Sequence
from hashlib import blake2b
from uuid import UUID

_WORD = re.compile(r"\w+")
_BETWEEN_FIELDS = "\n"


def words(text: str) -> list[str]:
    """Letters and digits as Unicode's NFKC writes them, without punctuation; upper and lower case as they stand."""
    return _WORD.findall(unicodedata.normalize("NFKC", text))


def text_hash(question: Sequence[str], answer: Sequence[str]) -> UUID:
    """The same for questions and answers of the same words in the same order, whatever their case."""
    text = _BETWEEN_FIELDS.join((" ".join(question), " ".join(answer))).casefold()
    return UUID(bytes=blake2b(text.encode(), digest_size=16).digest())
