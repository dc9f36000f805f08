"""The answers that the sandbox gives: a sample, wrapped or spoiled as the behaviour says. Pure."""

import json
from typing import Any

from providers.sandbox.behaviours import Behaviour
from providers.sandbox.samples import USUAL, VARIED, of_about, sample
from providers.sandbox.spoiling import spoiled

CHARS_PER_TOKEN = 4
THOUGHT = 'The user wants JSON such as {"question": "..."}. This is synthetic thinking: I need {braces} and care.'


def answer_text(word: str, prompt: str, chars: int | None = None, breaks: str = "") -> str:
    """The text of the answer, of about ``chars`` characters; the same prompt always gets the same one.

    ``breaks`` is the rule of quality that a sample breaks.
    """
    if word == "empty":
        return ""
    if word == "wrong-schema":
        return json.dumps({"title": "Synthetic answer in another shape", "points": ["one", "two"]})
    length = VARIED if word == "varied" else of_about(chars) if chars else USUAL
    written = spoiled(prompt, breaks, length) if breaks else sample(prompt, length)
    plain = json.dumps(written, ensure_ascii=False, indent=1)
    wrapped = {
        "fenced": f"```json\n{plain}\n```",
        "thinking": f"<think>\n{THOUGHT}\n</think>\n\n{plain}",
        "unclosed-thinking": f"<think>\n{THOUGHT}\n\n{plain}",
        "prose": f"Certainly! Here is your sample:\n\n{plain}\n\nLet me know if {{anything}} should change.",
        "truncated": plain[: len(plain) * 2 // 3],
        "malformed": "question = A synthetic question; answer = [[ no JSON here, and nothing that could become JSON ))",
    }
    return wrapped.get(word, plain)


def completion_body(behaviour: Behaviour, model: str, prompt: str) -> dict[str, Any]:
    word = behaviour.word
    text = answer_text(word, prompt, behaviour.chars, behaviour.breaks)
    content: Any = text
    if word == "chunks":
        thinking = {"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}
        content = [thinking, {"type": "text", "text": text}]
    body: dict[str, Any] = {
        "id": "chatcmpl-sandbox",
        "object": "chat.completion",
        "created": 0,
        "model": behaviour.model or model,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": content},
                "finish_reason": "length" if word == "truncated" else "stop",
            }
        ],
    }
    if word != "no-usage":
        body["usage"] = usage(prompt, text)
    return body


def usage(prompt: str, text: str) -> dict[str, int]:
    spent, made = tokens(prompt), tokens(text)
    return {"prompt_tokens": spent, "completion_tokens": made, "total_tokens": spent + made}


def tokens(text: str) -> int:
    return -(-len(text) // CHARS_PER_TOKEN)
