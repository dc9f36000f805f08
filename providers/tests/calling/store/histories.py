"""Random histories of a shared store, of every kind of step that its protocol has."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from providers.calling.store.protocol import Store
from providers.routing.admission import Admission, Admitted, Refused
from providers.routing.limits.amounts import NOTHING
from providers.routing.limits.budget import PastUse, Reservation
from providers.routing.report import Report
from providers.routing.seconds import DAY_S
from providers.tests.calling.store.random_calls import ALL_BUCKETS, SCOPES, Calls
from providers.tests.calling.store.store_rig import Clock
from providers.tests.calling.store.themes import Theme

DAYS = tuple(bucket for bucket in ALL_BUCKETS if bucket.window_s == DAY_S)
Call = Callable[[Store], Awaitable[Any]]
LOSE = "lose"
NEW_MIX = 0.04
WAITING_MOST = 3


@dataclass(slots=True)
class History:
    """Steps that follow from those before them. ``told`` counts kinds of steps and of reports."""

    rng: Random
    clock: Clock
    theme: Theme
    told: Counter[str] = field(default_factory=Counter)
    _calls: Calls = field(init=False)
    _mix: tuple[str, ...] = ("good",)
    _under_way: list[Reservation] = field(default_factory=list)
    _asks: Admission | None = None
    _refused: list[Admission] = field(default_factory=list)
    _booked: list[tuple[Reservation, Report]] = field(default_factory=list)
    _version: int = 1
    _count: int = 0
    _is_lost: bool = False

    def __post_init__(self) -> None:
        self._calls = Calls(self.rng, self.theme)

    def next(self) -> tuple[str, Call]:
        """What happens, and the call that tells a store."""
        if self.rng.random() < NEW_MIX:
            self._mix = self.rng.choice(self.theme.mixes)
        weights = {
            self._admit: 12.0 * self.theme.rush,
            self._book: 9.0 * self.theme.rush,
            self._wait: 8.0,
            self._outlook: 3.0,
            self._look: 3.0,
            self._renew: 2.0,
            self._release: 1.0,
            self._book_again: 0.7,
            self._clear: 0.2,
            self._restore: 100.0 if self._is_lost else 0.2,
            self._lose: 0.1,
            self._ask_again: 9.0 * self.theme.rush if self.theme.asks_again else 0.0,
        }
        step = self.rng.choices(list(weights), list(weights.values()))[0]
        name, call = step()
        self.told[name.split()[0]] += 1
        return name, call

    def heard(self, answer: Any) -> None:
        if isinstance(answer, Admitted):
            self._under_way.append(answer.reservation)
        elif isinstance(answer, Refused) and self._asks:
            self._refused = [*self._refused, self._asks][-WAITING_MOST:]

    def _admit(self) -> tuple[str, Call]:
        return self._ask(self._admission())

    def _ask_again(self) -> tuple[str, Call]:
        """One that was refused before."""
        if not self._refused:
            return self._admit()
        return self._ask(self._refused.pop(self.rng.randrange(len(self._refused))))

    def _ask(self, admission: Admission) -> tuple[str, Call]:
        self._asks = admission
        return f"admit {admission}", lambda store: store.admit(admission)

    def _outlook(self) -> tuple[str, Call]:
        admissions = [self._admission() for _ in range(self.rng.randint(0, 4))]
        return f"outlook {admissions}", lambda store: store.outlook(admissions)

    def _look(self) -> tuple[str, Call]:
        chosen = self.rng.random()
        if chosen < 0.3:
            return "states", lambda store: store.states(SCOPES)
        if chosen < 0.6:
            return "uses", lambda store: store.uses(ALL_BUCKETS)
        return "look", lambda store: store.look(SCOPES, ALL_BUCKETS)

    def _wait(self) -> tuple[str, Call]:
        self.clock.now_s = round(self.clock.now_s + self.rng.choice(self.theme.pauses_s), 3)
        return f"wait until {self.clock.now_s}", _nothing

    def _renew(self) -> tuple[str, Call]:
        some = self.rng.sample(self._under_way, self.rng.randint(0, len(self._under_way)))
        return f"renew {[call.id for call in some]}", lambda store: store.renew(some)

    def _release(self) -> tuple[str, Call]:
        reservation = self._taken()
        return f"release {reservation.id}", lambda store: store.release(reservation)

    def _book(self) -> tuple[str, Call]:
        reservation, kind = self._taken(), self.rng.choice(self._mix)
        self.told[kind] += 1
        report = self._calls.report(reservation, kind, max(self.clock.now_s - reservation.at_ms / 1000, 0.0))
        self._booked.append((reservation, report))
        return f"book {reservation.id} {report}", lambda store: store.book(reservation, report)

    def _book_again(self) -> tuple[str, Call]:
        """One whose answer was lost is sent once more."""
        if not self._booked:
            return self._book()
        reservation, report = self._booked[-1]
        return f"again {reservation.id}", lambda store: store.book(reservation, report)

    def _clear(self) -> tuple[str, Call]:
        self._version += 1
        scopes, version = self.rng.choice([("a",), ("a/x",), SCOPES, ("b", "b/m")]), self._version
        return f"clear {scopes} {version}", lambda store: store.clear(scopes, version)

    def _restore(self) -> tuple[str, Call]:
        self._is_lost = False
        past = [
            PastUse(self.rng.choice(DAYS), f"past-{number}", self.rng.choice((5.0, 4000.0, 80_000.0)))
            for number in range(self.rng.randint(0, 5))
        ]
        rest_s = self.rng.choice((0.0, 60.25))
        return f"restore {past} {rest_s}", lambda store: store.restore(past, rest_s)

    def _lose(self) -> tuple[str, Call]:
        self._is_lost = True
        return LOSE, _nothing

    def _admission(self) -> Admission:
        self._count += 1
        return self._calls.admission(f"call-{self._count}", self._version)

    def _taken(self) -> Reservation:
        """One of the calls under way, or one that nobody admitted."""
        if self._under_way and self.rng.random() < 0.9:
            return self._under_way.pop(self.rng.randrange(len(self._under_way)))
        self._count += 1
        scopes = self.rng.choice(self.theme.routes)
        account = "a" if scopes[0] == "a" else ""
        return Reservation(f"call-{self._count}", (), NOTHING, scopes, round(self.clock.now_s * 1000), account=account)


async def _nothing(store: Store) -> None:
    return None
