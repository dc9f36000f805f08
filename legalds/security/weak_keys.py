"""Why a key protects nothing: published, guessable, or made of too little. Messages never repeat the key."""

import base64
import binascii
import hashlib
import re
from itertools import pairwise

SHORTEST_SECRET = 32
FEWEST_CHARACTERS = 10
FEWEST_BYTES = 20  # 32 random bytes have 30 different ones; in a million million keys none has so few
KEY_BYTES = 32
FERNET_KEY = re.compile(r"[A-Za-z0-9_+/-]{43}=")
PLACEHOLDER = re.compile(
    "changeme|changethis|changeit|replaceme|replacethis|replacewith|placeholder|insecure|unsafe|yoursecret|yourkey"
    "|yourdjango|mysecret|secretkey|supersecret|verysecret|topsecret|notsecret|notsosecret|testsecret|devsecret"
    "|localsecret|keepitsecret|example|password|letmein|development"
)

# SHA-256 of the 32 bytes of Fernet keys that stand in public documents, in examples that people copy.
PUBLISHED = frozenset(
    {
        "cbeb362f1fa69a6691db592f4529cf6bea1ce089eb132a3350c9081279ff8f34",  # the specification of Fernet
        "5ca278330d08b9ce5bb4e0c8755263873be3b92f5db329c5562d445b3e022232",  # images and guides of Airflow
        "3990442a9e73e2e289f7c0c4f1c9dc85d3d54268f208748631ecb46b1ef9f3df",  # the same
        "e174f73f2306e110e3dabf3cb40e54bbeb00f5ae97649cff6e83765765bdeabd",  # these and the rest: public repositories
        "db4930b0e01e9e7bb6b45882746e7fbd7be03d50eb4415b1df0573c9b2153c9b",
        "52abaab0faf4108d6c244f97ebe86db8aaf14f77347d889599b14f05e76967c4",
        "edc1ffbc8a96feaabdf8586111551b4c3d60c9cc335833ac73e3b57ae68fdd76",
        "24bc11606faf2529a459d0ee3a559f25a729207789f2519dd9dd7e77848cf430",
        "ea46374de6295d42069eefb6f3af87cf17e22428daa129364379402dd40f4491",
    }
)


def fault_of_secret_key(key: str) -> str:
    """What is wrong with a key that signs; empty where nothing is."""
    if key.startswith("django-insecure-"):
        return "is the one that Django's startproject makes for development (django-insecure-...)"
    if PLACEHOLDER.search(re.sub(r"[^a-z]", "", key.lower())):
        return "is a placeholder from an example"
    if len(key) < SHORTEST_SECRET:
        return f"is too short: {len(key)} characters, and it needs {SHORTEST_SECRET}"
    if len(set(key)) < FEWEST_CHARACTERS:
        return f"has too few different characters: {len(set(key))}, and it needs {FEWEST_CHARACTERS}"
    if _period(key) < SHORTEST_SECRET:
        return f"repeats the same {_period(key)} characters"
    return ""


def is_fernet_key(key: str) -> bool:
    return bool(FERNET_KEY.fullmatch(key)) and len(_bytes_of(key)) == KEY_BYTES


def is_published(key: str) -> bool:
    """Whether the Fernet key is publicly known; by its bytes, since the same key can be spelt in several ways."""
    return hashlib.sha256(_bytes_of(key)).hexdigest() in PUBLISHED


def fault_of_fernet_key(key: str) -> str:
    """What is wrong with a key that encrypts; empty where nothing is."""
    content = _bytes_of(key)
    steps = {(after - before) % 256 for before, after in pairwise(content)}
    if len(set(content)) < FEWEST_BYTES or len(steps) == 1:
        return "is not random: its bytes repeat or follow a pattern"
    if content.isascii() and content.decode("ascii").isprintable():
        return "is not random: it is made of readable text"
    return ""


def _bytes_of(key: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(key)
    except (binascii.Error, ValueError):
        return b""


def _period(text: str) -> int:
    """How many characters are there before it begins again."""
    return next(size for size in range(1, len(text) + 1) if text.startswith(text[size:]))
