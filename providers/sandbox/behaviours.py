"""What a sandbox model does, read from its name. Pure.

A name is ``WORD``, or ``LABEL--WORD`` where several models of one behaviour are wanted. A word is one of

    good fenced thinking unclosed-thinking prose chunks       a sample, plain or wrapped as models wrap it
    varied                                                    a sample of any length that was asked for; else of a
                                                              third to three times the usual
    sized-3000                                                a sample of about so many characters, as far as what was
                                                              asked for allows
    break-too_short                                           a sample that breaks this rule of quality and no other,
                                                              where its prompt gives an occasion to
    break-once-too_short                                      the same, and good when asked again
    truncated malformed wrong-schema empty html no-usage      an answer of no or little use, or without a token count
    bad-request context-length billing-400 quota-429          a refusal with the body that vendors send;
    daily-429                                                 this one names a day's limit of 200,000 tokens
    unknown-model json-failed content-refused
    refuses-max_tokens-temperature                            good, where the request holds none of these fields; also
                                                              json_schema, json_object, strict, max_completion_tokens
    as-gpt-4o-mini                                            good, and says that this model answered
    400 ... 599                                               that status; 429-2s, 503-500ms: with a Retry-After
    slow, slow-2s, slow-300ms                                 a good answer, late (1 s where not said)
    hang reset                                                no answer; a connection closed in mid-answer
    flaky-2                                                   the first two calls fail with 500, then good
    down-5s                                                   503 for five seconds from the first call, then good
    mix-500:10-malformed:10                                   per cent of the calls, spread evenly; the rest is good
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from providers.sandbox.spoiling import BREAKABLE

ANSWERS = ("good", "varied", "fenced", "thinking", "unclosed-thinking", "prose", "chunks", "truncated", "malformed")
ODD_ANSWERS = ("wrong-schema", "empty", "html", "no-usage")
REFUSALS = {
    "bad-request": 400,
    "context-length": 400,
    "billing-400": 400,
    "quota-429": 429,
    "daily-429": 429,
    "unknown-model": 404,
    "json-failed": 400,
    "content-refused": 400,
}
REFUSABLE = frozenset(
    ("max_tokens", "max_completion_tokens", "temperature", "json_schema", "json_object", "strict", "stream")
)
BREAKS = ("hang", "reset")
LISTED_ONLY = frozenset(("text-embedding-sandbox", "whisper-sandbox", "llama-guard-sandbox"))
"""Offered as vendors offer them, and no models for questions."""
PLAIN = frozenset((*ANSWERS, *ODD_ANSWERS, *REFUSALS, *BREAKS))

DURATION = r"(?P<number>\d+(?:\.\d+)?)(?P<unit>ms|s)"
STATUS = re.compile(rf"(?P<status>[45]\d\d)(?:-{DURATION})?")
SIZED = re.compile(r"sized-(?P<chars>[1-9]\d{2,5})")
SLOW = re.compile(rf"slow(?:-{DURATION})?")
DOWN = re.compile(rf"down-{DURATION}")
FLAKY = re.compile(r"flaky-(?P<count>\d+)")
REFUSES = re.compile(r"refuses((?:-[a-z_]+)+)")
BREAK = re.compile(r"break-(?P<once>once-)?(?P<rule>[a-z_]+)")
AS = re.compile(r"as-(?P<name>.+)")
MIX = re.compile(r"mix((?:-[a-z0-9._-]+?:\d{1,3})+)")
SHARE = re.compile(r"-([a-z0-9._-]+?):(\d{1,3})")
WINDOW = 50  # any so many calls in a row hold the exact shares of a mix, where these are even numbers
STRIDE = 31


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One way to answer one call. ``seconds`` is a delay, or the Retry-After of a status; ``chars`` a length.

    ``refuses`` are parts of a request that it does not take, ``model`` is the one that it says it is. ``breaks`` is a
    rule of quality, which who asks again gets kept where it is broken ``once``.
    """

    word: str
    status: int = 200
    seconds: float | None = None
    chars: int | None = None
    refuses: tuple[str, ...] = ()
    model: str = ""
    breaks: str = ""
    once: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What a model does over many calls: a share of each hundred, a number of first calls, or a time from the first."""

    rest: Behaviour
    shares: tuple[tuple[Behaviour, int], ...] = ()
    first: tuple[Behaviour, int] | None = None
    until_s: tuple[Behaviour, float] | None = None

    def at(self, call: int, age_s: float) -> Behaviour:
        """The behaviour of the ``call``-th call (from 0), ``age_s`` after the first one."""
        if self.first and call < self.first[1]:
            return self.first[0]
        if self.until_s and age_s < self.until_s[1]:
            return self.until_s[0]
        slot, edge = _slot(call), 0
        for behaviour, share in self.shares:
            edge += share
            if slot < edge:
                return behaviour
        return self.rest


GOOD = Behaviour("good")


def parse(name: str) -> Plan | None:
    """The plan that a model's name asks for; None where its word is not known."""
    word = name.rsplit("--", 1)[-1]
    if behaviour := _simple(word):
        return Plan(behaviour)
    if match := FLAKY.fullmatch(word):
        return Plan(GOOD, first=(Behaviour("status", 500), int(match["count"])))
    if match := DOWN.fullmatch(word):
        return Plan(GOOD, until_s=(Behaviour("status", 503), _seconds(match)))
    if match := MIX.fullmatch(word):
        shares = tuple(_shares(match[1]))
        if len(shares) == match[1].count(":") and sum(share for _, share in shares) <= 100:
            return Plan(GOOD, shares=shares)
    return None


def _simple(word: str) -> Behaviour | None:
    if word in PLAIN:
        return Behaviour(word, REFUSALS.get(word, 200))
    if match := STATUS.fullmatch(word):
        return Behaviour("status", int(match["status"]), _seconds(match) if match["number"] else None)
    return _good(word)


def _good(word: str) -> Behaviour | None:
    """An answer that can be read, with a twist."""
    if match := SIZED.fullmatch(word):
        return Behaviour("good", chars=int(match["chars"]))
    if match := SLOW.fullmatch(word):
        return Behaviour("good", seconds=_seconds(match) if match["number"] else 1.0)
    if match := AS.fullmatch(word):
        return Behaviour("good", model=match["name"])
    if (match := BREAK.fullmatch(word)) and match["rule"] in BREAKABLE:
        return Behaviour("break", breaks=match["rule"], once=bool(match["once"]))
    if (match := REFUSES.fullmatch(word)) and set(refuses := match[1][1:].split("-")) <= REFUSABLE:
        return Behaviour("good", refuses=tuple(refuses))
    return None


def _shares(text: str) -> Iterator[tuple[Behaviour, int]]:
    for word, share in SHARE.findall(text):
        if behaviour := _simple(word):
            yield behaviour, int(share)


def _seconds(match: re.Match[str]) -> float:
    return float(match["number"]) * (0.001 if match["unit"] == "ms" else 1.0)


def _slot(call: int) -> int:
    """A place from 0 to 99, each once in a hundred calls and far from the one before."""
    return (call * STRIDE) % WINDOW * 2 + call // WINDOW % 2
