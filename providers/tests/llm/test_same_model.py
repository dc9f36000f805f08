"""Which answers come from another model than the one asked for: pairs as vendors and servers give them."""

import pytest

from providers.llm.answers.same_model import is_other, other_model

SAME = [
    ("gpt-4o", "gpt-4o-2024-08-06"),
    ("gpt-4", "gpt-4-0613"),
    ("gpt-3.5-turbo", "gpt-3.5-turbo-0125"),
    ("gpt-35-turbo", "gpt-3.5-turbo-0613"),
    ("gpt-4-turbo-preview", "gpt-4-0125-preview"),
    ("chatgpt-4o-latest", "gpt-4o"),
    ("o3-mini", "o3-mini-2025-01-31"),
    ("GPT-4o-Mini", "gpt-4o-mini-2024-07-18"),
    ("openai/gpt-oss-120b", "gpt-oss-120b"),
    ("gpt-oss:20b-cloud", "gpt-oss:20b"),
    ("models/gemini-2.5-pro", "gemini-2.5-pro"),
    ("gemini-2.0-flash", "gemini-2.0-flash-001"),
    ("gemini-2.5-flash", "gemini-2.5-flash-preview-04-17"),
    ("gemini-flash-latest", "gemini-2.5-flash-preview-09-2025"),
    ("gemini-pro", "gemini-1.5-pro-002"),
    ("claude-3-5-sonnet-latest", "claude-3-5-sonnet-20241022"),
    ("anthropic/claude-3.5-sonnet:beta", "claude-3-5-sonnet-20241022"),
    ("claude-sonnet-4-0", "claude-sonnet-4-20250514"),
    ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5-20250929"),
    ("anthropic.claude-v2:1", "claude-2.1"),
    ("claude-3-5-sonnet@20240620", "claude-3-5-sonnet-20240620"),
    ("mistral-large-latest", "mistral-large-2411"),
    ("mistral-tiny", "open-mistral-7b"),
    ("mistral-small-latest", "mistral-small-3.2-24b-instruct-2506"),
    ("mistral-tiny-latest", "open-mistral-nemo-2407"),
    ("pixtral-large-latest", "mistral-large-pixtral-2411"),
    ("@cf/meta/llama-3.3-70b-instruct-fp8-fast", "llama-3.3-70b-instruct"),
    ("accounts/fireworks/models/llama-v3p1-8b-instruct", "meta-llama/Llama-3.1-8B-Instruct"),
    ("meta.llama3-1-8b-instruct-v1:0", "llama-3.1-8b-instruct"),
    ("llama3.1", "llama3.1:8b"),
    ("llama3.1:latest", "llama3.1"),
    ("llama-3.1-8b", "/srv/models/Meta-Llama-3.1-8B-Instruct-Q4_K_M.gguf"),
    ("llama-3.1-8b", "C:\\models\\llama-3.1-8b-instruct.q8_0.gguf"),
    ("hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M", "llama-3.2-3b-instruct"),
    ("qwen/qwen3-235b-a22b:free", "Qwen/Qwen3-235B-A22B-Instruct-2507"),
    ("deepseek/deepseek-r1:free", "deepseek-r1-0528"),
    ("deepseek-chat", "deepseek-v3.1"),
    ("grok-4", "grok-4-0709"),
    ("kimi-k2", "kimi-k2-0905-preview"),
    ("openrouter/auto", "anthropic/claude-sonnet-4"),
    ("legal-prod", "gpt-4o-2024-11-20"),
    ("legal-mini", "gpt-4o-2024-11-20"),
    ("gpt-4o", ""),
    ("gpt-4o", "local-model"),
    ("gemini-1.5-pro-001", "gemini-1.5-pro-20240523"),
]
OTHER = [
    ("gpt-4", "gpt-4o-2024-08-06"),
    ("gpt-4o", "gpt-4o-mini-2024-07-18"),
    ("gpt-4o-2024-05-13", "gpt-4o-2024-08-06"),
    ("gpt-4-0314", "gpt-4-0613"),
    ("gpt-4.5-preview", "gpt-4.1-2025-04-14"),
    ("text-davinci-003", "gpt-3.5-turbo-instruct"),
    ("o1-mini", "o3-mini"),
    ("gpt-oss-120b", "openai/gpt-oss-20b"),
    ("gpt-oss-120b", "gpt-4o"),
    ("gemini-2.0-flash", "gemini-2.5-flash"),
    ("gemini-2.5-flash", "models/gemini-2.5-flash-lite"),
    ("gemini-1.5-pro-001", "gemini-1.5-pro-002"),
    ("gemini-pro", "gemini-1.5-flash"),
    ("claude-3-sonnet-20240229", "claude-3-5-sonnet-20241022"),
    ("claude-3-5-haiku-latest", "claude-3-5-sonnet-20241022"),
    ("claude-sonnet-4", "claude-sonnet-4-5-20250929"),
    ("claude-3-5-sonnet-20240620", "claude-3-5-sonnet-20241022"),
    ("mistral-large-latest", "mistral-small-2506"),
    ("mistral-7b-instruct-v0.2", "mistral-7b-instruct-v0.3"),
    ("mixtral-8x7b-32768", "mistral-saba-24b"),
    ("llama3-70b-8192", "llama-3.3-70b-versatile"),
    ("llama3.1:70b", "llama-3.1-8b-instruct"),
    ("meta-llama/llama-4-maverick", "llama-4-scout-17b-16e-instruct"),
    ("qwen/qwen-2.5-72b-instruct", "qwen3-235b-a22b"),
    ("deepseek-r1", "deepseek-v3"),
    ("deepseek-r1", "deepseek-r1-distill-llama-70b"),
    ("grok-beta", "gpt-4o"),
    ("glm-4.5", "glm-4.5-air"),
    ("claude-sonnet-4-5", "gpt-5.5"),
]


@pytest.mark.parametrize(("asked", "answered"), SAME)
def test_an_alias_a_snapshot_or_an_unknown_name_is_the_same(asked, answered):
    assert not is_other(asked, answered)


@pytest.mark.parametrize(("asked", "answered"), OTHER)
def test_another_family_size_version_tier_or_date_is_another_model(asked, answered):
    assert other_model(asked, answered) == answered


@pytest.mark.parametrize("name", sorted({name for pair in (*SAME, *OTHER) for name in pair if name}))
def test_a_model_is_never_another_than_itself(name):
    assert not is_other(name, name.upper())
    assert not is_other(f"vendor/{name}", f"{name}:free")
