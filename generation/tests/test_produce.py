"""Producing one sample along a scripted errand."""

import asyncio
import json
from dataclasses import dataclass, field

from generation.engine.parsing import Draft
from generation.engine.planning import ItemSpec
from generation.engine.produce import Produced, produce
from generation.engine.prompts import MAX_TOKENS, ROOMY_MAX_TOKENS, build_request
from providers.llm.types import Completion, CompletionRequest, Usage
from providers.routing.config import ModelEntry, ProviderEntry
from providers.routing.outcomes import Answer, GiveUp, Wait
from providers.routing.route import Route

FIELDS = {"question": "Why?", "answer": "Because.", "case_citation": "A v B", "reasoning": "It follows."}
GOOD = json.dumps(FIELDS)
BAD = json.dumps({**FIELDS, "answer": ""})
REQUEST = build_request(ItemSpec(1, "uk", "Criminal Law", "Fraud", "basic", "simple_qa", "risk_assessment"), "Be kind.")
ROUTE = Route(ProviderEntry("acme", "Acme", "openai", "http://127.0.0.1"), ModelEntry("good"))


def answer(text: str, finish_reason: str = "stop") -> Answer:
    return Answer(Completion(text, Usage(), 0.1, finish_reason), ROUTE)


@dataclass
class ScriptedErrand:
    """Hands out ``outcomes`` one by one, and says ``stays`` to every rejection."""

    outcomes: list[Answer | Wait | GiveUp]
    stays: bool = True
    requests: list[CompletionRequest] = field(default_factory=list)
    rejected: list[tuple[str, ...]] = field(default_factory=list)

    async def complete(self, request: CompletionRequest) -> Answer | Wait | GiveUp:
        self.requests.append(request)
        return self.outcomes.pop(0)

    def reject(self, answer: Answer, problems: tuple[str, ...]) -> bool:
        self.rejected.append(problems)
        return self.stays


def run(errand: ScriptedErrand) -> Produced | Wait | GiveUp:
    return asyncio.run(produce(REQUEST, errand))


def test_a_good_answer_becomes_a_draft_with_the_answer_it_came_from():
    good = answer(GOOD)
    errand = ScriptedErrand([good])
    assert run(errand) == Produced(Draft(**FIELDS), good)
    assert errand.requests == [REQUEST]
    assert errand.rejected == []


def test_a_wrong_answer_is_reasked_with_its_problems_at_the_same_route():
    errand = ScriptedErrand([answer(BAD), answer(GOOD)])
    assert isinstance(run(errand), Produced)
    assert errand.rejected == [("answer is empty",)]
    *first, shown, complaint = errand.requests[1].messages
    assert tuple(first) == REQUEST.messages
    assert (shown.role, shown.content) == ("assistant", BAD)
    assert "- answer is empty." in complaint.content


def test_another_route_is_asked_afresh():
    errand = ScriptedErrand([answer(BAD), answer(GOOD)], stays=False)
    assert isinstance(run(errand), Produced)
    assert errand.requests == [REQUEST, REQUEST]


def test_a_second_reask_shows_the_last_answer_only():
    errand = ScriptedErrand([answer(BAD), answer("no JSON"), answer(GOOD)])
    assert isinstance(run(errand), Produced)
    assert len(errand.requests[2].messages) == len(REQUEST.messages) + 2
    assert errand.requests[2].messages[-2].content == "no JSON"


def test_a_cut_off_answer_is_reasked_with_room():
    errand = ScriptedErrand([answer(GOOD[:-9], "length"), answer(GOOD)])
    assert isinstance(run(errand), Produced)
    assert [request.max_tokens for request in errand.requests] == [MAX_TOKENS, ROOMY_MAX_TOKENS]


def test_a_whole_answer_is_taken_though_the_model_ran_out_of_tokens():
    assert isinstance(run(ScriptedErrand([answer(GOOD + "\n\n", "length")])), Produced)


def test_a_wait_is_handed_back():
    wait = Wait(3.0, "over its budget")
    assert run(ScriptedErrand([wait])) is wait


def test_giving_up_is_handed_back_after_wrong_answers_too():
    end = GiveUp("acme/good: bad_output", exhausted=True, retry_after_s=None)
    errand = ScriptedErrand([answer(BAD), answer(BAD), end])
    assert run(errand) is end
    assert len(errand.rejected) == 2
