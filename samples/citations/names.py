"""The name of a case or an act beside its citation: where it begins or ends in running text."""

import re

from samples.citations import tables

REACH = 240
"""How far from its citation a name may begin, in characters."""
_TOKEN = re.compile(r"\S{1,200}")
_V = frozenset({"v", "v.", "vs", "vs.", "versus"})
_CONNECTIVES = tables.words("connectives")
_SIGNALS = tables.words("signals")
"""What leads to a name and is none of it."""
_STOPS = tables.words("stops")
"""What cannot stand in the name of a first party."""
_ABBREVIATED = tables.words("abbreviations")
_SUFFIXES = tables.words("suffixes")
_IDENTIFIERS = ("EU:", "ECLI:")
_HEADS = ("re ", "in re ", "the ", "ex parte ", "in the matter of ", "matter of ", "estate of ")


def before(text: str, end: int, also: frozenset[str] = frozenset(), floor: int = 0) -> int:
    """Where the name begins that ends at ``end``, not before ``floor``: at ``end`` itself where none does. A line is
    not left.

    ``also``: small words that may stand in it beside the usual ones.
    """
    low = max(end - REACH, floor - 1)
    start = max(text.rfind("\n", max(0, low), end), text.rfind(";", max(0, low), end), low, -1) + 1
    tokens = [(match.group(), match.start()) for match in _TOKEN.finditer(text, start, end)]
    if tokens and start and start == end - REACH + 1 and not text[start - 1].isspace():
        tokens = tokens[1:]
    kept: list[tuple[str, int]] = []
    depth, has_v, comma = 0, False, 0
    for place in range(len(tokens) - 1, -1, -1):
        token, at = tokens[place]
        is_inside, depth = depth > 0, depth + token.count(")") - token.count("(")
        if kept and not is_inside and _ends(token, kept[-1][0], is_defendant=not has_v):
            if has_v or not token.endswith(","):
                break
            comma = comma or len(kept)
        if not is_inside and depth <= 0 and not _belongs(token) and token not in also:
            break
        if has_v and token.lower() in _STOPS:
            break
        if depth < 0:
            kept.append((token.lstrip("("), at + len(token) - len(token.lstrip("("))))
            break
        has_v = has_v or (token in _V and not is_inside)
        kept.append((token, at))
    if comma and not has_v:
        kept = kept[:comma]
    return _trimmed(kept[::-1], end)


def _ends(token: str, following: str, *, is_defendant: bool) -> bool:
    """Whether a sentence, or a name in a list, ends with the token."""
    word = token.rstrip(")\"'")
    if word[-1:] in (":", "?", "!", "[") or token.endswith('"'):
        return True
    if word.endswith(","):
        return not (_bare(following) in _SUFFIXES or (is_defendant and _bare(token) in _SUFFIXES))
    return word.endswith(".") and not _is_abbreviated(word)


def _bare(token: str) -> str:
    return token.strip("(),.\"'[]").lower()


def _is_abbreviated(word: str) -> bool:
    inner = word.strip("(\"'").rstrip(".").lower()
    return len(inner) <= 1 or "." in inner or "'" in inner or inner in _ABBREVIATED


def _belongs(token: str) -> bool:
    word = token.lstrip("(\"'[*_")
    return bool(word) and (
        word[0].isupper()
        or word.lower().rstrip(",)") in _CONNECTIVES
        or (word[0].isdigit() and (word[-1:].isalpha() or (word.isdigit() and len(word) < 5)))
        or token[0] == "("
    )


def _trimmed(tokens: list[tuple[str, int]], end: int) -> int:
    """Without the words that lead to a name, as "See" and "Applying"."""
    while tokens:
        word = _bare(tokens[0][0])
        if tokens[0][0][:1].isupper() and len(tokens) > 1 and tokens[1][0] in _V:
            return tokens[0][1]
        rest = " ".join(token.lower() for token, _ in tokens[:4])
        is_head = rest.startswith(_HEADS) and tokens[0][0][:1].isupper()
        if word and (word not in _SIGNALS or (is_head and not _is_plain_the(tokens))) and not _is_loose(tokens[0][0]):
            return tokens[0][1]
        tokens = tokens[1:]
    return end


def _is_plain_the(tokens: list[tuple[str, int]]) -> bool:
    """ "The" before the parties of a case leads to it; it is a name's own in "The Moorcock"."""
    outside = re.sub(r"\(.{0,200}?\)", "", " ".join(token for token, _ in tokens))
    return tokens[0][0] == "The" and (bool(_V & set(outside.split())) or len(outside.split()) > 5)


def _is_loose(token: str) -> bool:
    return token[:1].islower() or token in {"&", "-"} or token.isdigit()


def after(text: str, start: int) -> int:
    """Where the name ends that begins at ``start``: at ``start`` itself where none does."""
    end = start
    for match in _TOKEN.finditer(text, start, min(len(text), start + REACH)):
        token = match.group()
        if end == start and not token[0].isupper() and token[0] not in "\"'":
            break
        if "\n" in text[end : match.start()] or not _belongs(token) or token[0] in "[(":
            break
        if token.rstrip(",;:.") in {"EU", "ECLI", "Case", "Joined", "Article", "The"} or token.startswith(_IDENTIFIERS):
            break
        if token[0].isupper() or token[0] in "\"'":
            end = match.start() + len(token.rstrip(",;:.)"))
        if token[-1] in ",;:" or (token[-1] == "." and not _is_abbreviated(token)):
            break
    return end
