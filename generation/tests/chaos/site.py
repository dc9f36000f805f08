"""An installation in real processes, with a vendor: what a scenario starts, orders, hits and looks at."""

import subprocess
import sys
import time
from bisect import bisect_left
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from typing import Any, Self

import httpx2
from django.conf import settings
from django.contrib.auth import get_user_model

from generation.actions import BatchOrder, start_batch
from generation.choices import ACTIVE
from generation.models import Batch
from generation.tests.chaos.invariants import assert_whole, unsaved
from generation.tests.worker.worker_process import calls_in_flight, celery_worker, kill, running
from legalds.embedded import ports
from legalds.models import ApiToken
from legalds.running.processes import commands
from providers import actions as provider_actions
from providers.models import Model

COUNT = 500
GOES_ON_WITHIN_S = 60  # what is promised after a kill and a restart
ENDS_WITHIN_S = 120
SERVES_WITHIN_S = 120  # while three other sites start on the same two cores
SETTLES_S = 10
POLL_S = 0.02
LOG_TAIL = 3_000


class Site:
    def __init__(self, vendors: Callable[..., Any], chance: Random, folder: Path) -> None:
        self.chance = chance
        self.folder = folder
        self.latency_ms = chance.randint(100, 300)
        self.sandbox = vendors(vendor=[f"slow-{self.latency_ms}ms"])
        provider_actions.update_provider("vendor", {"extra_config": {"timeout_s": 30}})
        self.processes: list[subprocess.Popen[bytes]] = []
        self._running = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nobody waits for a soft shutdown here; the logs' ends are shown where the test fails."""
        kill(*(process for process in self.processes if process.poll() is None))
        self._running.close()
        for log in sorted(self.folder.glob("*.log")):
            sys.stderr.write(f"--- {log}\n{log.read_text(errors='replace')[-LOG_TAIL:]}\n")

    def allow_at_once(self, calls: int) -> None:
        """So many calls at once, which may take ten minutes each."""
        changes = {"max_concurrency": calls, "extra_config": {"timeout_s": 600}}
        provider_actions.update_provider("vendor", changes)

    def limit(self, *, requests_per_minute: int) -> None:
        """The vendor counts in any sliding minute, and legalds knows how much it allows."""
        provider_actions.update_provider("vendor", {"requests_per_minute": requests_per_minute})
        self.sandbox.state.set_limit(requests_per_minute=requests_per_minute)

    def start_worker(
        self, *, has_beat: bool = True, processes: int = 2, variables: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        log = self.folder / f"{len(self.processes)}-worker.log"
        worker = celery_worker(log, has_beat=has_beat, processes=processes, variables=variables)
        self.processes.append(self._running.enter_context(worker))
        return self.processes[-1]

    def start_web(self) -> str:
        """The address at which the web process serves."""
        address = f"127.0.0.1:{ports.pick()}"
        log = self.folder / f"{len(self.processes)}-web.log"
        self.processes.append(self._running.enter_context(running(commands(address, "")["web"], log)))
        self.wait_until(lambda: _is_healthy(f"http://{address}"), SERVES_WITHIN_S, "the web process does not serve")
        return f"http://{address}"

    def reject(self, per_cent: int) -> None:
        """So many of the vendor's answers cannot be read; the others take as long as before."""
        provider_actions.set_model_enabled(Model.objects.get(provider_id="vendor").pk, False)
        behaviour = f"mix-malformed:{per_cent}-slow-{self.latency_ms}ms:{100 - per_cent}"
        provider_actions.create_model("vendor", {"model_id": behaviour})

    def order(self, **fields: Any) -> int:
        return start_batch(BatchOrder(count=COUNT, **fields)).pk

    def order_at(self, address: str) -> int:
        """The same through the API of a web process."""
        token = ApiToken.objects.issue(get_user_model().objects.create_superuser("boss"))
        headers = {"Authorization": f"Token {token}"}
        answer = httpx2.post(f"{address}/api/batches", json={"count": COUNT}, headers=headers)
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def reach_the_middle(self, batch_id: int) -> None:
        """Return at a random moment, with the batch begun and far from its end."""
        enough = self.chance.randint(COUNT // 20, COUNT // 2)
        self.wait_until(lambda: self.generated(batch_id) >= enough, ENDS_WITHIN_S, "the batch does not begin")
        time.sleep(self.chance.uniform(0, 0.3))

    def strike(self, *victims: subprocess.Popen[bytes]) -> int:
        """kill -9. Says how many calls were then in flight, let out and not back: so many may be paid twice."""
        kill(*victims)
        in_flight = calls_in_flight("vendor")
        assert in_flight <= settings.GENERATION_LANES * settings.GENERATION_CALLS_PER_LANE
        return in_flight

    def goes_on(self, batch_id: int) -> None:
        """The batch makes samples again, as soon as is promised."""
        before = self.generated(batch_id)
        self.wait_until(lambda: self.generated(batch_id) > before, GOES_ON_WITHIN_S, "the batch does not go on")

    def ends(self, batch_id: int) -> Batch:
        def has_ended() -> bool:
            return Batch.objects.get(pk=batch_id).status not in ACTIVE

        self.wait_until(has_ended, ENDS_WITHIN_S, "the batch does not end")
        return Batch.objects.get(pk=batch_id)

    def ends_whole(self, batch_id: int, *, paid_twice_at_most: int = 0) -> None:
        """The batch completes, and every call but so many made a sample and is in the ledger."""
        self.ends(batch_id)
        deadline = time.monotonic() + SETTLES_S
        while unsaved(self.sandbox) > paid_twice_at_most and time.monotonic() < deadline:
            time.sleep(POLL_S)  # of an item that two had in work, the second answer is still to come
        assert_whole(Batch.objects.get(pk=batch_id))
        assert 0 <= unsaved(self.sandbox) <= paid_twice_at_most
        assert self.answered() - COUNT <= paid_twice_at_most

    def answered(self) -> int:
        """Calls that the vendor would bill: all that it did not refuse, those too whose caller died."""
        return sum(call.behaviour == "good" for call in self.sandbox.calls)

    def most_calls_at_once(self) -> int:
        """By the times at which they came in: none was answered sooner than the vendor's latency."""
        times = sorted(call.time for call in self.sandbox.calls)
        return max(bisect_left(times, start + self.latency_ms / 1000) - place for place, start in enumerate(times))

    @staticmethod
    def generated(batch_id: int) -> int:
        return Batch.objects.get(pk=batch_id).generated

    @staticmethod
    def wait_until(is_so: Callable[[], bool], within_s: float, complaint: str) -> None:
        deadline = time.monotonic() + within_s
        while not is_so():
            assert time.monotonic() < deadline, f"{complaint} within {within_s} s: {list(Batch.objects.values())}"
            time.sleep(POLL_S)


def _is_healthy(address: str) -> bool:
    try:
        return httpx2.get(f"{address}/api/health").status_code == 200
    except httpx2.TransportError:
        return False
