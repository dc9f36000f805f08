"""From the bytes of an answer to its text: never more than is allowed, and by no codec that is not for text."""

import json
import zlib
from collections.abc import Iterator

MOST_BYTES = 16 * 1024**2  # of an answer, as they come and as they are when decompressed
MOST_REFUSAL_BYTES = 1024**2  # of a refusal: what is longer is no message, and its status tells enough
MOST_MEMBERS = 16  # of one gzip body; the standard allows any number, and each costs a copy of the rest
GZIP, ZLIB, RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS

# A charset may name any of Python's codecs, and those for hex, zlib or idna take anything but text.
CHARSETS = {
    "iso-8859-1": "cp1252",  # as browsers read it
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    **{
        name: name
        for name in (
            *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
            *("iso-8859-2", "iso-8859-15", "windows-1250", "windows-1251", "windows-1252", "koi8-r"),
            *("gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr"),
        )
    },
}


class UnreadableBodyError(Exception):
    """A body that is too long, or not what its headers say. Its message is for people."""


def too_long(most: int) -> UnreadableBodyError:
    return UnreadableBodyError(f"The answer is longer than {most // 1024**2} MB, and was not read to its end.")


def decompressed(raw: bytes, encoding: str, most: int) -> bytes:
    """``raw`` as it was before ``encoding``, the value of Content-Encoding. Raises UnreadableBodyError."""
    codings = [coding for part in encoding.split(",") if (coding := part.strip().lower()) not in ("", "identity")]
    if not codings or not raw:
        return raw
    if len(codings) > 1 or codings[0] not in ("gzip", "x-gzip", "deflate"):
        raise UnreadableBodyError(
            f"The answer is compressed in a way that was not asked for: {', '.join(codings)[:60]}."
        )
    try:
        return b"".join(_members(raw, most) if codings[0] != "deflate" else [_deflated(raw, most)])
    except zlib.error:
        raise UnreadableBodyError(f"The answer says that it is {codings[0]}, and is not.") from None


def text_of(body: bytes, content_type: str) -> str:
    """The text, by its byte order mark or its zero bytes, else by the charset that is declared, else as UTF-8."""
    found = json.detect_encoding(body)
    codec = CHARSETS.get(_charset(content_type), "utf-8") if found == "utf-8" else found
    return body.decode(codec, "replace")


def _members(raw: bytes, most: int) -> Iterator[bytes]:
    for _ in range(MOST_MEMBERS):
        member = zlib.decompressobj(GZIP)
        part = _inflated(member, raw, most)
        yield part
        raw, most = member.unused_data, most - len(part)
        if not raw.startswith(b"\x1f\x8b"):
            return
    raise UnreadableBodyError(f"The answer is gzip in more than {MOST_MEMBERS} pieces.")


def _deflated(raw: bytes, most: int) -> bytes:
    """With zlib's header, as the standard wants it, or without it, as some send it."""
    try:
        return _inflated(zlib.decompressobj(ZLIB), raw, most)
    except zlib.error:
        return _inflated(zlib.decompressobj(RAW), raw, most)


def _inflated(inflater: "zlib._Decompress", raw: bytes, most: int) -> bytes:
    part = inflater.decompress(raw, most + 1)
    if len(part) > most:
        raise too_long(MOST_BYTES)
    return part


def _charset(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            value = value.strip().strip("'\"").lower().replace("_", "-")
            return {"utf8": "utf-8", "shift-jis": "shift_jis", "cp1252": "windows-1252"}.get(value, value)
    return ""
