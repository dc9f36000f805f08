"""Vendor text without the secrets that a vendor may have echoed into it.

A vendor, or a gateway before it, may repeat a key as it is, in part, spaced out, in other case, or encoded. So text and
secret are compared by their letters and digits alone, in lower case, with escapes undone: what is left of a key in
JSON, in HTML, in an address, in base64 or in hex is then looked for as plain pieces. The work is linear in the text's
length, and where no piece of a secret occurs it is a few passes in C.
"""

import base64
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

MASK = "***"
DETAIL_CHARS = 300
LONGEST_READ = 4000
SHORTEST_KEY = 4  # a shorter one is no secret, and stands in any text
RUN_KEPT = 12  # characters of a secret in a row that give it away
RUN_DETAIL = 8  # in a refusal, where vendors do repeat keys, and where hiding too much costs nothing
GRAM = 6  # letters and digits that such a run holds at least: fewer may stand anywhere

MASKED_KEY = re.compile(r"[\w-]*\*{4,}[\w-]*")  # what is left of a key that the vendor masked: sk-ab************wxyz
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
NOT_PLAIN = bytes(code for code in range(256) if chr(code) not in PLAIN)
# Each at any depth: \\\\u002d is JSON within JSON, %252d an address within an address, &amp;#45; HTML within HTML.
ESCAPE = re.compile(
    r"\\\\*(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|U00([0-9a-fA-F]{6})|(.))"
    r"|%(?:25)*([0-9a-fA-F]{2})"
    r"|&(?:amp;)*(?:#[xX]([0-9a-fA-F]{1,6});?|#([0-9]{1,7});?|[a-zA-Z]{2,31};)",
    re.DOTALL,
)
DECIMAL_GROUP, PLAIN_GROUP = 8, 5
DEPTH = 4


@dataclass(frozen=True, slots=True)
class _Traces:
    """What gives secrets away: pieces of their plain forms by their first letters, and short secrets as they are.

    ``grams`` are all groups of letters within pieces; of every ``stride`` places in a text one is looked at for them.
    """

    pieces: dict[bytes, list[bytes]]
    grams: frozenset[bytes]
    stride: int
    exact: re.Pattern[str] | None


def scrub(text: str, secrets: Sequence[str]) -> str:
    """``text`` for a fault's detail: on one line, short, without the secrets or any run of them."""
    text = _hidden(" ".join(text[:LONGEST_READ].split()), _traces(tuple(secrets), RUN_DETAIL))
    text = MASKED_KEY.sub(MASK, text)
    return text if len(text) <= DETAIL_CHARS else text[: DETAIL_CHARS - 1] + "\u2026"


def without_secrets(text: str, secrets: Sequence[str]) -> str:
    """``text`` that is kept, such as an answer, without the secrets or any longer run of them; prose stays as it is."""
    return _hidden(text, _traces(tuple(secrets), RUN_KEPT))


@lru_cache(maxsize=64)
def _traces(secrets: tuple[str, ...], run: int) -> _Traces:
    whole = {piece for secret in secrets for piece in _pieces(secret, run)}
    pieces: dict[bytes, list[bytes]] = {}
    for piece in sorted(whole, key=len, reverse=True):
        pieces.setdefault(piece[:GRAM], []).append(piece)
    short = sorted((secret for secret in secrets if _is_short(secret, run)), key=len, reverse=True)
    exact = "|".join(map(re.escape, short))
    return _Traces(
        pieces,
        frozenset(gram for piece in whole for gram in _grams(piece, 1)),
        min(map(len, whole), default=GRAM) - GRAM + 1,  # no piece lies between two places that are looked at
        re.compile(rf"(?<![A-Za-z0-9])(?:{exact})(?![A-Za-z0-9])") if exact else None,
    )


def _pieces(secret: str, run: int) -> Iterator[bytes]:
    """Every run, as far as it can be told from prose; and the secret as a whole, even if it is made of words."""
    for form in _forms(secret):
        runs = (form[at : at + run] for at in range(len(form) - run + 1))
        told = (part for part in runs if run == RUN_DETAIL or _is_telling(part))
        yield from (plain for part in (form, *told) if len(plain := _plain(part)) >= GRAM and len(part) >= run)


def _forms(secret: str) -> Iterator[str]:
    """As it is, backwards, and as encodings write it; base64 at each offset that it may have in a longer text."""
    raw = secret.encode()
    yield from {secret, _unescaped(secret)}
    yield secret[::-1]
    yield raw.hex()
    for offset in range(3):
        encoded = base64.b64encode(b"\0" * offset + raw).decode().rstrip("=")
        whole = (offset + len(raw)) * 8 // 6  # the last character may hold bits of what follows
        yield encoded[(0, 2, 3)[offset] : whole]


def _is_telling(run: str) -> bool:
    """Whether it looks like no words: a digit is in it, or capitals within."""
    letters = "".join(filter(str.isalpha, run))
    return any(map(str.isdigit, run)) or not (letters.islower() or letters.isupper() or letters.istitle())


def _is_short(secret: str, run: int) -> bool:
    """Whether it is too short to tell by runs. A word alone cannot be told from the same word in an answer at all."""
    is_told = len(secret) >= run and len(_plain(secret)) >= GRAM
    return not is_told and len(secret) >= SHORTEST_KEY and (run == RUN_DETAIL or not secret.isalpha())


def _hidden(text: str, traces: _Traces) -> str:
    if traces.exact:
        text = traces.exact.sub(MASK, text)
    grams = _grams(_plain(_unescaped(text)), traces.stride)
    return text if traces.grams.isdisjoint(grams) else _masked(text, traces)


def _masked(text: str, traces: _Traces) -> str:
    """``text`` with a mask in place of every stretch that is made of pieces, its separators and escapes included."""
    plain, starts, ends = _plain_with_places(text)
    shown: list[str] = []
    done = 0
    for first, last in _stretches(plain, traces):
        shown.append(text[done : starts[first]])
        done = ends[last]
    return MASK.join([*shown, text[done:]])


def _stretches(plain: bytes, traces: _Traces) -> Iterator[tuple[int, int]]:
    """The first and the last place of each stretch of ``plain`` that pieces cover."""
    first, last = 0, -1
    for at, gram in enumerate(_grams(plain, 1)):
        longest = next((piece for piece in traces.pieces.get(gram, ()) if plain.startswith(piece, at)), b"")
        if longest and at > last + 1:
            if last >= 0:
                yield first, last
            first = at
        last = max(last, at + len(longest) - 1) if longest else last
    if last >= 0:
        yield first, last


def _grams(plain: bytes, stride: int) -> list[bytes]:
    return [plain[at : at + GRAM] for at in range(0, len(plain) - GRAM + 1, stride)]


def _plain(text: str) -> bytes:
    """Its letters and digits, in lower case."""
    return text.lower().encode("ascii", "ignore").translate(None, NOT_PLAIN)


def _unescaped(text: str) -> str:
    for _ in range(DEPTH):
        if not ("\\" in text or "%" in text or "&" in text):
            break
        text = ESCAPE.sub(_character, text)
    return text


def _plain_with_places(text: str) -> tuple[bytes, list[int], list[int]]:
    """The letters and digits of ``text``, its escapes undone, and where in it each of them begins and ends."""
    starts, ends = list(range(len(text))), list(range(1, len(text) + 1))
    for _ in range(DEPTH):
        spans = [(match.start(), match.end()) for match in ESCAPE.finditer(text)]
        if not spans:
            break
        text = ESCAPE.sub(_character, text)  # each escape leaves one character
        starts = list(_outside(starts, spans, first=True))
        ends = list(_outside(ends, spans, first=False))
    letters = text.lower() if len(text.lower()) == len(text) else "".join(letter.lower()[0] for letter in text)
    kept = [at for at, letter in enumerate(letters) if letter in PLAIN]
    return "".join(letters[at] for at in kept).encode(), [starts[at] for at in kept], [ends[at] for at in kept]


def _outside(places: list[int], spans: Sequence[tuple[int, int]], *, first: bool) -> Iterator[int]:
    """The places, but of each span only its first or its last one."""
    done = 0
    for start, end in spans:
        yield from places[done:start]
        yield places[start if first else end - 1]
        done = end
    yield from places[done:]


def _character(match: re.Match[str]) -> str:
    """What an escape stands for; a space for whatever is neither letter nor digit."""
    group = match.lastindex
    if group is None:
        return " "
    if group == PLAIN_GROUP:
        return " " if match[group] in "nrtbf" else match[group]
    code = int(match[group], 10 if group == DECIMAL_GROUP else 16)
    return chr(code) if code <= 0x10FFFF else " "
