"""What a vendor offers, held beside the models that are here. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

PREFIX = "models/"  # Google lists its ids with it, and takes them without
NOT_CHAT = re.compile(
    r"embed|whisper|\btts\b|-tts|speech|transcri|voxtral|rerank|guard|moderation|safety|image|imagen|dall-e|"
    r"stable-diffusion|flux|\bsdxl|video|\bveo\b|\bsora\b|audio|realtime|\bocr\b|\bclip\b|^bge-|/bge-|^e5-|/e5-|"
    r"babbage|davinci|lyria|\baqa\b|orpheus|playai",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Offered:
    """``is_chat``: its name speaks not against it. A guess, for what is ticked and what stands apart."""

    model_id: str
    is_here: bool
    is_chat: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """``gone`` are ids that are here and not offered: withdrawn, or known to the vendor under another name too."""

    models: tuple[Offered, ...] = ()
    gone: tuple[str, ...] = ()

    @property
    def new_chat(self) -> tuple[Offered, ...]:
        return tuple(model for model in self.models if model.is_chat and not model.is_here)

    @property
    def new_other(self) -> tuple[Offered, ...]:
        return tuple(model for model in self.models if not model.is_chat and not model.is_here)

    @property
    def here(self) -> tuple[Offered, ...]:
        return tuple(model for model in self.models if model.is_here)


def compare(offered: Iterable[str], ours: Iterable[str]) -> Offer:
    """The vendor's ids by name, each once."""
    known = list(ours)
    names = {bare(model_id) for model_id in offered if bare(model_id)}
    here = {bare(model_id) for model_id in known}
    models = (Offered(name, name in here, looks_like_chat(name)) for name in sorted(names, key=str.lower))
    return Offer(tuple(models), tuple(model_id for model_id in known if bare(model_id) not in names))


def looks_like_chat(model_id: str) -> bool:
    return NOT_CHAT.search(model_id) is None


def bare(model_id: str) -> str:
    return model_id.strip().removeprefix(PREFIX)
