"""The lanes of one process: the one that it was sent for, and guests, lanes of batches for which no process was free.

So a batch begins at once beside others, and with as many lanes as they have: the shared store lets the lines of lanes
take turns at the limits. A guest has a thread, an event loop and one connection to the database of its own.
"""

import logging
import time
from collections.abc import Callable
from threading import Lock, Thread

from django.db import connections

from generation.worker.items import places
from generation.worker.items.places import Place
from generation.worker.lane.lane import LONGEST_S, run_lane
from generation.worker.running import shutdown
from generation.worker.running.queue import queue_lanes
from providers.database import DatabaseAway, asking
from providers.routing.limits.urgency import Urgency

logger = logging.getLogger(__name__)

GUESTS = 3
"""At once, beside the first lane: all of them share one core, and each has a connection to the database."""
URGENT_GUESTS = 1
"""So many more for urgent batches alone, which must not wait until one of the others ends."""
LEAST_S = 20.0
"""A guest that comes late may claim for so long, though its host has less left. Where the broker then delivers the
host's message anew, its round is over, and it is dropped."""
LOOK_EVERY_S = 0.3


class Host:
    """``work`` ends when all lanes of the process have; ``is_halted`` reaches each of them."""

    def __init__(self, *, is_halted: Callable[[], bool] = shutdown.requested) -> None:
        self._is_halted = is_halted
        self._until = time.monotonic() + LONGEST_S
        self._lock = Lock()
        self._looked_at = 0.0
        self._at_work: set[int] = set()
        self._guests: list[Thread] = []

    def work(self, place: Place) -> None:
        """Work at the place, and where others wait."""
        self._at_work.add(place.batch_id)
        try:
            self._run(place, LONGEST_S)
        finally:
            while guest := self._a_guest():
                guest.join()

    def look(self) -> None:
        """Take in who waits, as far as there is room. The beats of all lanes of this process ask for it."""
        if not self._lock.acquire(blocking=False):
            return
        try:
            self._guests = [guest for guest in self._guests if guest.is_alive()]
            room, urgency = GUESTS - len(self._guests), Urgency.LOW
            if room <= 0:
                room, urgency = room + URGENT_GUESTS, Urgency.URGENT
            if room > 0 and not self._is_halted() and time.monotonic() - self._looked_at > LOOK_EVERY_S:
                self._looked_at = time.monotonic()
                for place in places.waiting(self._at_work.copy(), urgency=urgency)[:room]:
                    if self._at_work:  # else the last lane has left while the database was asked
                        self._take_in(place)
        finally:
            self._lock.release()

    def _take_in(self, place: Place) -> None:
        self._at_work.add(place.batch_id)
        guest = Thread(target=self._be_host_to, args=[place], name=f"batch-{place.batch_id}", daemon=True)
        self._guests.append(guest)
        guest.start()

    def _be_host_to(self, place: Place) -> None:
        try:
            with asking():
                self._run(place, max(LEAST_S, self._until - time.monotonic()))
        except DatabaseAway as error:  # upkeep sends somebody
            logger.warning("batch %s: the database is away: %s", place.batch_id, error)
        except Exception:  # one batch's bug is not its host's
            logger.exception("batch %s: an error ended its lane", place.batch_id)
        finally:
            connections.close_all()

    def _run(self, place: Place, seconds: float) -> None:
        try:
            next_round = run_lane(place, claim_for_s=seconds, is_halted=self._is_halted, look_for_guests=self.look)
        finally:
            self._at_work.discard(place.batch_id)
        if next_round is not None:
            queue_lanes([next_round])

    def _a_guest(self) -> Thread | None:
        """One that is still at work. Guests that others let in before they ended are seen, too."""
        return next((guest for guest in self._guests.copy() if guest.is_alive()), None)
