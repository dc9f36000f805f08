"""What a call used, as vendors count cached tokens and thinking: parts of the counts, beside them, or nonsense."""

import pytest

from providers.llm.answers.usage import usage
from providers.llm.types import CompletionRequest, Message, Usage

REQUEST = CompletionRequest((Message("user", "12345678"),))
OPENAI = {
    "prompt_tokens": 1013,
    "completion_tokens": 300,
    "total_tokens": 1313,
    "prompt_tokens_details": {"cached_tokens": 1008, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 128},
}


def counted(reported):
    return usage(reported, REQUEST, "123456789")


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        (OPENAI, Usage(1013, 300, 1008, 128)),
        ({**OPENAI, "prompt_tokens_details": None, "completion_tokens_details": None}, Usage(1013, 300)),
        (
            {"prompt_tokens": 801, "completion_tokens": 2, "num_cached_tokens": 768, "prompt_token_details": {}},
            Usage(801, 2, 768),
        ),
        (
            {"prompt_tokens": 801, "completion_tokens": 2, "prompt_token_details": {"cached_tokens": 768}},
            Usage(801, 2, 768),
        ),
        (
            {
                "prompt_tokens": 90,
                "completion_tokens": 9,
                "prompt_cache_hit_tokens": 64,
                "prompt_cache_miss_tokens": 26,
            },
            Usage(90, 9, 64),
        ),
        ({"prompt_tokens": 90, "completion_tokens": 9, "cached_tokens": 64}, Usage(90, 9, 64)),
        ({"prompt_tokens": 90, "completion_tokens": 9, "reasoning_tokens": 4}, Usage(90, 9, 0, 4)),
        (
            {
                "input_tokens": 125,
                "output_tokens": 48,
                "input_tokens_details": {"cached_tokens": 98},
                "output_tokens_details": {"reasoning_tokens": 8},
            },
            Usage(125, 48, 98, 8),
        ),
    ],
    ids=[
        "OpenAI, Groq",
        "null details",
        "Mistral",
        "Mistral's other",
        "DeepSeek",
        "Moonshot",
        "at the top",
        "responses",
    ],
)
def test_parts_are_read_under_every_vendors_names(reported, expected):
    assert counted(reported) == expected


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        # Wei-Shaw/sub2api#5771: the vendor's own bill adds thinking to the completion
        (
            {
                "prompt_tokens": 10120,
                "completion_tokens": 1499,
                "total_tokens": 14428,
                "prompt_tokens_details": {"cached_tokens": 128},
                "completion_tokens_details": {"reasoning_tokens": 2809},
            },
            Usage(10120, 4308, 128, 2809),
        ),
        # vercel/ai#12425: the same without a total
        (
            {"prompt_tokens": 12, "completion_tokens": 2, "completion_tokens_details": {"reasoning_tokens": 317}},
            Usage(12, 319, 0, 317),
        ),
        # router-for-me/CLIProxyAPI#5733
        (
            {
                "prompt_tokens": 21,
                "completion_tokens": 0,
                "total_tokens": 81,
                "completion_tokens_details": {"reasoning_tokens": 60},
            },
            Usage(21, 60, 0, 60),
        ),
    ],
    ids=["xAI", "xAI without total", "Gemini"],
)
def test_thinking_beside_the_completion_is_added_to_it(reported, expected):
    assert counted(reported) == expected
    assert counted(reported).total_tokens == reported.get("total_tokens", 331)


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        # MAXeaglet/commandcode-proxy#25 and genkit-ai/genkit#5412: the sum of the three is the prompt
        (
            {
                "input_tokens": 7,
                "cache_read_input_tokens": 9000,
                "cache_creation_input_tokens": 1000,
                "output_tokens": 50,
            },
            Usage(10007, 50, 9000),
        ),
        (
            {"prompt_tokens": 9007, "cache_read_input_tokens": 9000, "completion_tokens": 50, "total_tokens": 9057},
            Usage(9007, 50, 9000),
        ),
        (
            {"prompt_tokens": 3936, "cache_read_input_tokens": 3712, "completion_tokens": 50, "total_tokens": 7698},
            Usage(7648, 50, 3712),
        ),
        (
            {"input_tokens": 3936, "cache_read_input_tokens": 3712, "output_tokens": 50, "total_tokens": 3986},
            Usage(3936, 50, 3712),
        ),
        (
            {"prompt_tokens": 4, "completion_tokens": 5, "prompt_tokens_details": {"cached_tokens": 3000}},
            Usage(3004, 5, 3000),
        ),
    ],
    ids=["Anthropic", "a gateway that added", "a total that has both", "a total that has one", "more than its whole"],
)
def test_cached_tokens_beside_the_prompt_are_added_to_it(reported, expected):
    assert counted(reported) == expected


@pytest.mark.parametrize("nonsense", [-1, True, "many", 10**9, float("nan"), [3], {"tokens": 3}, None])
def test_a_part_that_is_no_count_is_none(nonsense):
    reported = {
        "prompt_tokens": 10,
        "completion_tokens": 20,
        "cached_tokens": nonsense,
        "prompt_tokens_details": {"cached_tokens": nonsense},
        "completion_tokens_details": {"reasoning_tokens": nonsense},
        "cache_creation_input_tokens": nonsense,
    }
    assert counted(reported) == Usage(10, 20)
    assert counted({**reported, "prompt_tokens_details": nonsense, "completion_tokens_details": [nonsense]}) == Usage(
        10, 20
    )


def test_parts_are_no_more_than_estimated_wholes():
    assert counted({"cached_tokens": 40, "reasoning_tokens": 50}) == Usage(40, 50, 40, 50)
    assert counted({"total_tokens": 100, "reasoning_tokens": 50}) == Usage(2, 98, 0, 50)
