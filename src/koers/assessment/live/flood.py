"""A participant who floods: a token bucket a seat, in memory. It knows seats by their digest, and nobody's address."""

import time
from collections import OrderedDict
from typing import Final

BURST: Final = 12.0
A_SECOND: Final = 2.0
MAX_KEPT: Final = 20_000


class Buckets:
    """How much each seat may still do now."""

    def __init__(self, burst: float = BURST, a_second: float = A_SECOND) -> None:
        self.burst, self.a_second = burst, a_second
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, seat: str, now: float | None = None) -> bool:
        """Count something that a seat wants to do; False when it goes too fast."""
        now = time.monotonic() if now is None else now
        left, at = self._left.pop(seat, (self.burst, now))
        left = min(self.burst, left + (now - at) * self.a_second)
        is_allowed = left >= 1
        self._left[seat] = (left - 1 if is_allowed else left, now)
        if len(self._left) > MAX_KEPT:
            self._left.popitem(last=False)
        return is_allowed

    def forget(self) -> None:
        self._left.clear()


buckets: Final = Buckets()
