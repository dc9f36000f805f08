"""What an item does where its preferred route is full and another one could go."""

from enum import StrEnum


class WhenFull(StrEnum):
    """AUTO: stay while the wait is short, else use the next route. STAY: wait for the preferred route as long as its
    minute's limit may ask. SPILL: use the next route at once."""

    AUTO = "auto"
    STAY = "stay"
    SPILL = "spill"
