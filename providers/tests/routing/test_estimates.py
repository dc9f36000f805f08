"""What a call will probably use, learned from those before it."""

from providers.llm.types import CompletionRequest, Message, Usage
from providers.routing.estimates import EXPECTED_ANSWER_TOKENS, REMEMBERED, Estimates

ASKED = CompletionRequest((Message("user", "x" * 400),))


def learned(*answers, label="case_analysis"):
    estimates = Estimates()
    for tokens in answers:
        estimates.learn("a/m", label, ASKED, Usage(100, tokens))
    return estimates


def test_before_anything_is_known_four_characters_are_a_token_and_the_answer_is_guessed():
    assert Estimates().usage("a/m", "case_analysis", ASKED).total_tokens == 100 + EXPECTED_ANSWER_TOKENS


def test_a_high_quantile_is_reserved_not_the_mean_and_not_one_outlier():
    estimates = learned(*[500] * 50, *[900] * 10, *[4000])
    assert estimates.answer_tokens("a/m", "case_analysis") == 900


def test_each_label_is_learned_by_itself_and_a_new_one_goes_by_the_whole_route():
    estimates = learned(*[500] * 10)
    estimates.learn("a/m", "statute", ASKED, Usage(100, 1500))
    assert estimates.answer_tokens("a/m", "statute") == 1500
    assert estimates.answer_tokens("a/m", "case_analysis") == 500
    assert estimates.answer_tokens("a/m", "client_letter") == 1500
    assert estimates.answer_tokens("b/m", "statute") == EXPECTED_ANSWER_TOKENS


def test_old_answers_are_forgotten():
    assert learned(*[3000] * 10, *[400] * REMEMBERED).answer_tokens("a/m", "case_analysis") == 400


def test_how_the_vendor_counts_the_prompt_is_learned_too():
    estimates = Estimates()
    estimates.learn("a/m", "x", ASKED, Usage(200, 50))
    assert estimates.usage("a/m", "x", ASKED).total_tokens == 200 + 50


def test_no_more_is_reserved_than_the_request_allows():
    estimates = learned(9000)
    short = CompletionRequest(ASKED.messages, max_tokens=300)
    assert estimates.usage("a/m", "case_analysis", short).total_tokens == 100 + 300


def test_past_answers_seed_it():
    estimates = Estimates()
    estimates.seed([("a/m", "x", 10), ("a/m", "x", 20)])
    assert estimates.answer_tokens("a/m", "x") == 20
