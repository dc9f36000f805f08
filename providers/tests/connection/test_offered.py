"""What a vendor offers, beside what is here."""

import pytest

from providers.connection.offered import compare, looks_like_chat


def test_what_is_offered_is_sorted_once_each_and_known_where_it_is_here():
    offer = compare(["b", "a", "b", " ", "whisper-large-v3"], ["a", "old"])
    assert [(model.model_id, model.is_here, model.is_chat) for model in offer.models] == [
        ("a", True, True),
        ("b", False, True),
        ("whisper-large-v3", False, False),
    ]
    assert [model.model_id for model in offer.new_chat] == ["b"]
    assert [model.model_id for model in offer.new_other] == ["whisper-large-v3"]
    assert [model.model_id for model in offer.here] == ["a"]
    assert offer.gone == ("old",)


def test_googles_prefix_makes_no_other_model():
    offer = compare(["models/gemini-2.5-pro"], ["gemini-2.5-pro"])
    assert offer.gone == ()
    assert [model.model_id for model in offer.here] == ["gemini-2.5-pro"]


@pytest.mark.parametrize(
    "name",
    [
        "text-embedding-3-small",
        "whisper-large-v3",
        "tts-1",
        "playai-tts",
        "gpt-4o-mini-tts",
        "meta-llama/llama-guard-4-12b",
        "omni-moderation-latest",
        "dall-e-3",
        "gpt-image-1",
        "imagen-4.0-generate-001",
        "veo-3.0-generate-001",
        "jina-reranker-v2",
        "BAAI/bge-large-en-v1.5",
        "intfloat/e5-mistral",
        "black-forest-labs/FLUX.1-schnell",
        "mistral-ocr-latest",
        "voxtral-mini-2507",
        "gpt-4o-realtime-preview",
    ],
)
def test_what_is_no_chat_model_by_its_name_stands_apart(name):
    assert not looks_like_chat(name)


@pytest.mark.parametrize(
    "name",
    [
        "llama-3.3-70b-versatile",
        "gpt-oss:120b-cloud",
        "gpt-4o",
        "o3-mini",
        "gemini-2.5-flash-lite",
        "qwen-3-235b-a22b-thinking-2507",
        "mistral-large-2411",
        "deepseek-chat",
        "moonshotai/kimi-k2-instruct",
        "anthropic/claude-sonnet-4",
        "grok-4",
        "codestral-2508",
        "nvidia/llama-3.1-nemotron-ultra-253b-v1",
    ],
)
def test_chat_models_are_taken_for_such(name):
    assert looks_like_chat(name)
