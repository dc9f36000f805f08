"""Producing one sample along a scripted asker."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from generation.engine.judging import Check
from generation.engine.planning.plan import ItemSpec
from generation.engine.produce import Produced, produce
from generation.engine.prompts import MAX_TOKENS, ROOMY_MAX_TOKENS, build_request
from providers.llm.types import Completion, CompletionRequest, Usage
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.outcomes import Answer, AtCap, BudgetUsedUp, NoRoute, PutBack, Stopped, TooLong, Unanswered
from providers.routing.route import Route
from samples.quality.draft import Draft
from samples.quality.findings import Finding, Severity
from samples.taxonomy import taxonomy

FIELDS = {"question": "Why?", "answer": "Because.", "case_citation": "A v B", "reasoning": "It follows."}
GOOD = json.dumps(FIELDS)
BAD = json.dumps({**FIELDS, "answer": ""})
REQUEST = build_request(
    ItemSpec(1, "uk", "Criminal Law", "Fraud", "basic", "simple_qa", "risk_assessment"), taxonomy(), "Be kind."
)
FLAG = Finding("year", Severity.FLAG, "case_citation", "the year is odd")
ROUTE = Route(ProviderEntry("acme", "Acme", "openai", "http://127.0.0.1"), ModelEntry("good"))


def answer(text: str, finish_reason: str = "stop") -> Answer:
    return Answer(Completion(text, Usage(), 0.1, finish_reason), ROUTE)


@dataclass
class ScriptedAsker:
    """Hands out ``outcomes`` one by one, and says ``stays`` to every rejection."""

    outcomes: list[Answer | Unanswered]
    stays: bool = True
    requests: list[CompletionRequest] = field(default_factory=list)
    rejected: list[tuple[str, ...]] = field(default_factory=list)
    rules: list[Mapping[str, str]] = field(default_factory=list)

    async def complete(self, request: CompletionRequest) -> Answer | Unanswered:
        self.requests.append(request)
        return self.outcomes.pop(0)

    def reject(self, answer: Answer, problems: tuple[str, ...], rules: Mapping[str, str]) -> bool:
        self.rejected.append(problems)
        self.rules.append(rules)
        return self.stays


def run(asker: ScriptedAsker) -> Produced | Unanswered:
    return asyncio.run(produce(REQUEST, asker))


def test_a_good_answer_becomes_a_draft_with_the_answer_it_came_from():
    good = answer(GOOD)
    asker = ScriptedAsker([good])
    assert run(asker) == Produced(Draft(**FIELDS), good)
    assert asker.requests == [REQUEST]
    assert asker.rejected == []


def test_a_wrong_answer_is_reasked_with_its_problems_at_the_same_route():
    asker = ScriptedAsker([answer(BAD), answer(GOOD)])
    assert isinstance(run(asker), Produced)
    assert asker.rejected == [("answer is empty",)]
    *first, shown, complaint = asker.requests[1].messages
    assert tuple(first) == REQUEST.messages
    assert (shown.role, shown.content) == ("assistant", BAD)
    assert "- answer is empty." in complaint.content


def test_another_route_is_asked_afresh():
    asker = ScriptedAsker([answer(BAD), answer(GOOD)], stays=False)
    assert isinstance(run(asker), Produced)
    assert asker.requests == [REQUEST, REQUEST]


def test_a_second_reask_shows_the_last_answer_only():
    asker = ScriptedAsker([answer(BAD), answer("no JSON"), answer(GOOD)])
    assert isinstance(run(asker), Produced)
    assert len(asker.requests[2].messages) == len(REQUEST.messages) + 2
    assert asker.requests[2].messages[-2].content == "no JSON"


def test_a_cut_off_answer_is_reasked_with_room():
    asker = ScriptedAsker([answer(GOOD[:-9], "length"), answer(GOOD)])
    assert isinstance(run(asker), Produced)
    assert [request.max_tokens for request in asker.requests] == [MAX_TOKENS, ROOMY_MAX_TOKENS]


def test_a_whole_answer_is_taken_though_the_model_ran_out_of_tokens():
    assert isinstance(run(ScriptedAsker([answer(GOOD + "\n\n", "length")])), Produced)


@pytest.mark.parametrize(
    "end", [PutBack("over its budget", 3.0), NoRoute("none is on", None), TooLong(), Stopped(), AtCap()], ids=repr
)
def test_an_end_without_an_answer_is_handed_on_as_it_is(end):
    assert run(ScriptedAsker([end])) is end


def test_a_budget_that_is_used_up_ends_it_after_wrong_answers():
    end = BudgetUsedUp("acme/good: bad_output")
    asker = ScriptedAsker([answer(BAD), answer(BAD), end])
    assert run(asker) is end
    assert len(asker.rejected) == 2


def rejects_first(*drafts: Draft) -> Check:
    """Rejects each of the drafts, flags all others."""
    rejection = Finding("words", Severity.REJECT, "answer", "it has 1 word, and 500 are asked for")

    def check(draft: Draft) -> tuple[Finding, ...]:
        return (rejection,) if draft in drafts else (FLAG,)

    return check


def test_a_draft_that_breaks_a_rule_is_reasked_with_what_was_found_and_the_rule_is_noted():
    asker = ScriptedAsker([answer(GOOD), answer(GOOD.replace("Because", "So"))])
    produced = asyncio.run(produce(REQUEST, asker, rejects_first(Draft(**FIELDS))))
    assert isinstance(produced, Produced)
    assert produced.flags == (FLAG,)
    assert "- it has 1 word, and 500 are asked for." in asker.requests[1].messages[-1].content
    assert asker.rules == [{"words": "it has 1 word, and 500 are asked for"}]


def test_a_flag_costs_no_call():
    asker = ScriptedAsker([answer(GOOD)])
    produced = asyncio.run(produce(REQUEST, asker, rejects_first()))
    assert isinstance(produced, Produced)
    assert (produced.flags, len(asker.requests)) == ((FLAG,), 1)
