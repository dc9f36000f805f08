"""Refusals that servers give, and what each of them means.

``source`` is the public thread of somebody whom it happened to: the words are the server's, in the envelope that it
uses, without names, ids and keys. Those without a source follow the vendors' own lists of errors.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from providers.llm.errors import Fault
from providers.llm.faults import fault_in_answer, fault_of

NOW = 1_790_000_000.0  # Mon, 21 Sep 2026 14:13:20 GMT, 07:13:20 in California
RECORDED = json.loads((Path(__file__).parent.parent / "data" / "refusals.json").read_text(encoding="utf-8"))


def read(entry: dict[str, Any]) -> Fault:
    body, headers = entry["body"], entry.get("headers", {})
    if entry["status"] == 200:
        fault = fault_in_answer(body, headers, now=NOW)
        assert fault
        return fault
    content = body if isinstance(body, str) else json.dumps(body)
    return fault_of(entry["status"], headers, content, now=NOW)


@pytest.mark.parametrize("entry", RECORDED, ids=lambda entry: entry["name"])
def test_a_recorded_refusal_is_read_as_what_it_is(entry):
    fault = read(entry)
    wait_s = entry.get("wait_s")
    assert (fault.kind, fault.status) == (entry["kind"], entry["status"])
    assert fault.retry_after_s == (None if wait_s is None else pytest.approx(wait_s))
    assert fault.limit_window_s == entry.get("window_s")
    assert fault.parameter == entry.get("parameter", "")
    assert entry.get("detail", "") in fault.detail
    assert fault.detail
