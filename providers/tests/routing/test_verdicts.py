import pytest

from providers.llm.errors import ErrorKind
from providers.routing.verdicts import VERDICTS, Scope


def test_every_error_kind_has_a_verdict():
    assert set(VERDICTS) == set(ErrorKind)


@pytest.mark.parametrize(
    ("kind", "suspends", "blames_item", "asks_again", "is_outage"),
    [
        (ErrorKind.AUTH, Scope.PROVIDER, False, False, False),
        (ErrorKind.BILLING, Scope.PROVIDER, False, False, False),
        (ErrorKind.FORBIDDEN, Scope.PROVIDER, False, False, False),
        (ErrorKind.NOT_FOUND, Scope.ROUTE, False, False, False),
        (ErrorKind.RATE_LIMITED, Scope.NOTHING, False, True, False),
        (ErrorKind.TIMEOUT, Scope.ROUTE, False, True, True),
        (ErrorKind.CONNECTION, Scope.ROUTE, False, True, True),
        (ErrorKind.SERVER, Scope.ROUTE, False, True, True),
        (ErrorKind.BAD_REQUEST, Scope.ROUTE, True, False, False),
        (ErrorKind.CONTEXT_LENGTH, Scope.ROUTE, True, False, False),
        (ErrorKind.CONTENT_REFUSED, Scope.NOTHING, True, False, False),
        (ErrorKind.BAD_OUTPUT, Scope.NOTHING, True, True, False),
    ],
)
def test_verdict_of_each_kind(kind, suspends, blames_item, asks_again, is_outage):
    verdict = VERDICTS[kind]
    assert (verdict.suspends, verdict.blames_item, verdict.asks_again, verdict.is_outage) == (
        suspends,
        blames_item,
        asks_again,
        is_outage,
    )
