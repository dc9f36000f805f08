"""How urgent calls are: where several wait for the same room, a more urgent one goes first."""

from enum import IntEnum

WAITS_FOR_S = 1.5  # a refused call counts as waiting for so long after it asked
ASKED_AGAIN_S = 0.6  # well within that time, so that whoever waits in line counts as waiting without a gap
GIVE_WAY_MS = 100  # when to look again whether the more urgent ones are served


class Urgency(IntEnum):
    """As an integer it can be ordered by; people and programs are told the word."""

    LOW = 0
    NORMAL = 1
    URGENT = 2

    @property
    def word(self) -> str:
        return self.name.lower()

    @classmethod
    def of(cls, word: str) -> "Urgency":
        """Raises ValueError where there is no such word."""
        found = next((each for each in cls if each.word == word), None)
        if found is None:
            raise ValueError(f"There is no urgency '{word}'.")
        return found


URGENCIES = tuple(each.word for each in Urgency)
