"""Rate limits: a token bucket for each caller."""

import math
import time
from collections import OrderedDict
from collections.abc import Callable

MOST = 10_000  # callers remembered; the longest unseen is forgotten first


class RateLimit:
    """So many requests a minute for each caller, in a burst or spread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # caller -> (tokens, when)

    def wait(self, caller: str, a_minute: int) -> int:
        """Takes one; 0 if the caller may go on, else the whole seconds until it may."""
        if a_minute <= 0:
            return 0
        now = self._clock()
        tokens, when = self._buckets.pop(caller, (float(a_minute), now))
        tokens = min(float(a_minute), tokens + (now - when) * a_minute / 60)
        allowed = tokens >= 1
        self._buckets[caller] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MOST:
            self._buckets.popitem(last=False)
        return 0 if allowed else max(1, math.ceil((1 - tokens) * 60 / a_minute))
