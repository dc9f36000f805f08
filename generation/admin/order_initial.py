"""What the order form begins with: another batch's order, or what the address asks for."""

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict

from generation.admin.order_form import LISTS
from generation.engine.planning.vocabulary import fold, vocabularies
from generation.engine.planning.weights import weight_words
from generation.models import Batch
from samples import vocabulary
from samples.taxonomy import Taxonomy

CLONED = ("count", "provider", "model", "when_full", "instruction", "item_budget", "token_cap", *LISTS)
FROM_ADDRESS = (
    *("count", "provider", "model", "when_full", "urgency", "weights"),
    *("instruction", "item_budget", "token_cap", "cost_cap"),
)


def initial_of(batch: Batch) -> dict[str, Any]:
    """The batch's order, to be asked for again."""
    cost_cap = None if batch.cost_cap is None else f"{batch.cost_cap.normalize():f}"
    cloned = {name: getattr(batch, name) for name in CLONED}
    known = vocabulary.current()
    cloned |= {name: meant(name, cloned[name], known) for name in LISTS}
    shown = {"urgency": batch.urgency_word, "cost_cap": cost_cap, "weights": weight_words(batch.weights)}
    return {**cloned, **shown, "cloned_seed": batch.seed}


def initial_from(query: QueryDict) -> dict[str, Any]:
    """What the address asks for, such as ``?provider=groq&jurisdictions=uk``."""
    words: dict[str, Any] = {name: query[name] for name in FROM_ADDRESS if name in query}
    known = vocabulary.current()
    return words | {name: meant(name, query.getlist(name), known) for name in LISTS if name in query}


def meant(name: str, words: Iterable[str], known: Taxonomy) -> list[str]:
    """The words of a mix as the form offers them: a topic by its name of today, where it once had another."""
    ids = vocabularies(known)[name].meant
    return [ids.get(fold(word), word) for word in words]
