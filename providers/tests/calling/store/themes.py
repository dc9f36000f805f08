"""What a random history is about: each gets far into one matter, and one is about everything at once."""

from dataclasses import dataclass

from providers.routing.limits.urgency import Urgency

Route = tuple[str, str]
X, Y, Z, SMOOTH, WIDE, FAR, HERE, NARROW = ROUTES = (
    ("a", "a/x"),
    ("a", "a/y"),
    ("a", "a/z"),
    ("b", "b/m"),
    ("c", "c/n"),
    ("d", "d/w"),
    ("e", "e/p"),
    ("f", "f/q"),
)
ACCOUNT = (X, Y, Z)
QUICK = (0.0, 0.001, 0.02, 0.05, 0.3, 1.0)
SLOW = (0.3, 1.0, 4.9, 9.0, 15.0, 25.0, 30.0, 45.0, 60.25)
LONG = (1.0, 30.0, 60.25, 300.0, 599.0, 700.0, 3600.0, 4500.0, 18_000.0, 86_400.0)
HOURS = (0.3, 1.0, 1.0, 9.0, 700.0, 4500.0, 18_000.0)
CALENDAR = (0.001, 0.3, 0.7, 20.0, 30.0, 300.0, 1799.6, 3599.4, 7000.0, 43_000.0, 86_400.0)
ALL = ("good", "down", "gone", "refused", "held", "silent", "unsent", "useless")


@dataclass(frozen=True, slots=True)
class Theme:
    """``mixes`` of reports take turns. ``rush``: so many times more calls. Where calls are plain, nothing unusual comes
    with them: no headers, ceilings, tests by a person, or earlier configurations. Where there are several
    ``urgencies`` or ``parties``, each call has one of them, and those that were refused ask again."""

    routes: tuple[Route, ...] = ROUTES
    mixes: tuple[tuple[str, ...], ...] = (ALL, ("good",))
    pauses_s: tuple[float, ...] = SLOW
    opens_after: tuple[int, ...] = (3,)
    items: tuple[str, ...] = ("i", "j", "k", "")
    latencies_s: tuple[float, ...] = (0.2,)
    rush: int = 1
    is_plain: bool = True
    urgencies: tuple[Urgency, ...] = (Urgency.NORMAL,)
    parties: tuple[str, ...] = ("",)

    @property
    def asks_again(self) -> bool:
        return len(self.urgencies) + len(self.parties) > 2


THEMES = {
    "everything": Theme(opens_after=(1, 2, 3), latencies_s=(0.0, 0.2, 3.0), is_plain=False),
    "crowd": Theme((WIDE,), (("good",), ("good", "congested")), QUICK, latencies_s=(0.2, 0.2, 0.5, 0.7), rush=8),
    "outages": Theme(ACCOUNT, (("good",), ("down",), ("down", "down", "gone")), opens_after=(1,), items=("",)),
    "rate": Theme((WIDE,), (("good", "down"), ("down", "down", "good")), opens_after=(99,), items=("",), rush=4),
    "items": Theme((Z, WIDE), (("good", "down", "down"), ("down",)), opens_after=(3, 99), items=("i", "j", "j")),
    "items of long ago": Theme((WIDE,), (("good", "down"),), HOURS, opens_after=(99,), items=("i", "j")),
    "long ago": Theme(
        (X, Z, WIDE), (("good", "down"), ("refused", "down"), ("held", "good")), LONG, opens_after=(1, 3)
    ),
    "refusals": Theme((Y, WIDE), (("refused",), ("refused", "good", "useless"), ("down", "refused"))),
    "holds": Theme(ACCOUNT, (("held",), ("held", "good"), ("good", "silent")), QUICK + SLOW),
    "holds of long ago": Theme(ACCOUNT, (("held",), ("held", "good"), ("good", "silent")), HOURS),
    "budgets": Theme(ACCOUNT, (("good", "unsent"),), rush=3, is_plain=False),
    "urgencies": Theme(
        (WIDE,), (("silent",), ("silent", "congested")), QUICK, rush=6, urgencies=(*(Urgency.LOW,) * 4, *Urgency)
    ),
    "urgencies and all else": Theme(
        (*ACCOUNT, SMOOTH), (ALL, ("good",)), (*QUICK, 5.0), rush=3, is_plain=False, urgencies=tuple(Urgency)
    ),
    "parties": Theme(
        (WIDE,),
        (("silent",), ("silent", "congested")),
        (*QUICK, 1.5),
        rush=6,
        parties=(*("greedy",) * 6, "modest", "late", ""),
    ),
    "parties that leave": Theme(
        (WIDE,), (("silent",),), (0.3, 45.0, 89.0), rush=9, parties=(*("greedy",) * 9, "modest", "late")
    ),
    "parties and all else": Theme(
        (*ACCOUNT, SMOOTH),
        (ALL, ("good",)),
        (*QUICK, 5.0),
        rush=3,
        is_plain=False,
        urgencies=tuple(Urgency),
        parties=(*("greedy",) * 4, "modest", ""),
    ),
    "the installation's limits": Theme(
        (HERE, NARROW),
        (("silent",), ("silent", "congested")),
        (0.3, 0.5, 1.25, 1.25),
        rush=3,
        urgencies=(*(Urgency.NORMAL,) * 4, *Urgency),
        parties=(*("greedy",) * 6, "modest", "late"),
    ),
    "long windows": Theme((FAR,), (("good", "good", "unsent"), ("good", "held")), CALENDAR, rush=3, is_plain=False),
    "ends of periods": Theme((FAR,), (("silent", "unsent"),), (0.1, 0.3, 0.45, 5.0, 14.5, 60.0), is_plain=False),
    "pace": Theme((Y, SMOOTH), (("good",), ("good", "held")), QUICK, rush=3, is_plain=False),
}
