"""What a rule holds against a sample."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``reject``: the sample is not taken. ``flag``: it is taken, and the finding is shown with it."""

    REJECT = "reject"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Finding:
    """``rule`` is a rule's name and ``field`` a field of the draft; ``message`` a clause without a full stop.

    The model that is asked again reads the message: it says what is wrong and where, and so what to mend.
    """

    rule: str
    severity: Severity
    field: str
    message: str

    @property
    def is_rejecting(self) -> bool:
        return self.severity is Severity.REJECT
