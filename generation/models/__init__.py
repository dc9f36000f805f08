"""How a batch gets done: orders, their items, and every call made for them."""

from generation.models.attempt import Attempt
from generation.models.batch import Batch
from generation.models.event import Event
from generation.models.item import Item
from generation.models.lane import Lane
from generation.models.prompt_choice import PromptChoice
from generation.models.prompt_trial import PromptTrial
from generation.models.prompt_version import PromptVersion

__all__ = ["Attempt", "Batch", "Event", "Item", "Lane", "PromptChoice", "PromptTrial", "PromptVersion"]
