"""An event loop in which waits cost nothing: its clock jumps to when the next thing is due."""

import asyncio
import selectors


class TravellingSelector(selectors.DefaultSelector):
    now_s = 1_000_000.0

    def select(self, timeout=None):
        ready = super().select(0)
        if not ready and timeout:
            self.now_s += timeout
        return ready


class TravellingLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self._travelling = TravellingSelector()
        super().__init__(self._travelling)

    def time(self):
        return self._travelling.now_s
