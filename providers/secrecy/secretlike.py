"""What looks like a secret among settings that a person typed: by its name, or by what it is."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


NOT_SHOWN = "(not shown)"
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# A name with one of these words in it, wherever it stands, is that of a secret.
SECRET_WORDS = words(
    "secret secrets password passwords passwd passphrase passcode pwd credential credentials creds auth oauth "
    "authorization authorisation authentication bearer jwt cookie cookies hmac apikey apikeys sessionid"
)
GLUED = re.compile(
    r".*(?:api|access|secret|private|auth|licen[cs]e|subscription|master|signing|encryption)keys?"
    r"|(?!(?:eos|bos|pad|stop|unk|max|min)token).{2,}(?:token|secret|password|passwd)"
)
# Words that make a secret where the name ends in them, unless the word before tells of another use.
LAST_WORDS = words("key token session signature pat otp")
LAST_PLURALS = words("keys tokens signatures")
BEFORE_PLURALS = words("api access refresh private user master signing encryption service license")
HARMLESS_BEFORE = words(
    "cache idempotency primary foreign partition sort group dedup public output input "
    "eos bos pad stop start end begin unk mask sep cls image special per max min first last next new"
)
TRAILING = words("id ids value values data header string text base64 hex b64 main")
# Other numbers are told, as that of max_tokens is.
NUMERIC = words("password passwd passcode passphrase pwd otp secret apikey")

KNOWN_MAKES = re.compile(
    r"^\s*bearer\s+\S|\bbearer\s+(?=\S{0,200}\d)\S{8}|^\s*(?:basic|digest|token|apikey|api-key)\s+(?=\S*[\d=])\S+\s*$"
    r"|\b(?:sk|pk|rk|gsk|csk|xai|hf|ghp|gho|ghs|glpat|pplx|nvapi|tgp|fw|whsec|xox[abps])[-_](?=\S{0,200}\d)[\w-]{10}"
    r"|\bgithub_pat_|\bAIza[\w-]{10}|\b(?:AKIA|ASIA)[A-Z0-9]{12}|\beyJ[\w-]{10}|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\w://[^/\s:@]*:[^/\s@]+@",
    re.IGNORECASE,
)
RUN = re.compile(r"[A-Za-z0-9_+=-]{16,}")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# What vendors call an account or a thing by, random as it looks.
IDENTIFIER = re.compile(r"(?:org|proj|project|file|asst|req|batch|team)[-_]", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    found = _words_of(name)
    if any(word in SECRET_WORDS or GLUED.fullmatch(word) for word in found):
        return True
    while len(found) > 1 and (found[-1] in TRAILING or found[-1].isdigit()):
        found.pop()
    before, last = ["", "", *found][-2:]
    if last in LAST_PLURALS:
        return not before or before in BEFORE_PLURALS
    return last in LAST_WORDS and before not in HARMLESS_BEFORE


def is_secret_text(text: str) -> bool:
    """Whether it holds a key of a known make, or a run of characters that nobody would make up."""
    return bool(KNOWN_MAKES.search(text)) or any(map(_is_random, RUN.findall(text)))


def secret_parts(value: Any, *path: str) -> Iterator[str]:
    """The dotted path of every part of a JSON value that looks like a secret, by a name on its way or by itself."""
    pending = [(value, path, any(map(is_secret_name, path)))]  # not by recursion: it may be nested deeper than that
    while pending:
        part, way, is_named = pending.pop()
        if isinstance(part, dict):
            yield from (".".join((*way, NOT_SHOWN)) for name in part if is_secret_text(str(name)))
            pending += reversed([_named(str(name), inner, way, is_named) for name, inner in part.items()])
        elif isinstance(part, list | tuple):
            pending += reversed([(inner, (*way, str(place)), is_named) for place, inner in enumerate(part)])
        elif _is_secret(part, way, is_named):
            yield ".".join(way)


def _named(name: str, part: Any, way: tuple[str, ...], is_named: bool) -> tuple[Any, tuple[str, ...], bool]:
    # Under "properties" a JSON schema names the fields of an answer, and says of each what it is.
    is_field = way[-1:] == ("properties",) and isinstance(part, dict)
    shown = NOT_SHOWN if is_secret_text(name) else name
    return part, (*way, shown), is_named or (not is_field and is_secret_name(name))


def _is_secret(part: Any, way: tuple[str, ...], is_named: bool) -> bool:
    if isinstance(part, str):
        return bool(part.strip()) and (is_named or is_secret_text(part))
    is_number = isinstance(part, int | float) and not isinstance(part, bool)
    return is_number and any(NUMERIC.intersection(_words_of(name)) for name in way)


def _words_of(name: str) -> list[str]:
    return [word.lower() for word in WORD.findall(name)]


def _is_random(run: str) -> bool:
    if IDENTIFIER.match(run) or UUID.fullmatch(run):
        return False
    solid = max(re.split(r"[_+=-]", run), key=len)
    if len(solid) >= 32 and _jumps(solid):
        return True
    return (len(solid) >= 16 and _jumps(solid) >= max(4, len(solid) / 4)) or (len(run) >= 32 and _jumps(run) >= 9)


def _jumps(run: str) -> int:
    """How often it goes from small letters to capitals, or between letters and digits: names of things seldom do."""
    return sum(
        (one.islower() and other.isupper())
        or (one.isalpha() and other.isdigit())
        or (one.isdigit() and other.isalpha())
        for one, other in pairwise(run)
    )
