"""Small groups are never shown: k-anonymity with complementary suppression."""

from collections.abc import Mapping
from typing import Final, TypeVar

K: Final = 5

G = TypeVar("G")


def shown_groups(sizes: Mapping[G, int], k: int = K) -> frozenset[G]:
    """The groups that may be shown beside the total of all: each at least `k`, and so that what is left out cannot be
    computed by subtracting: what is hidden together is nothing, or at least `k`.

    Of groups that could be hidden to reach that, the smallest goes first, in the order given when equal.
    """
    shown = {group: size for group, size in sizes.items() if size >= k}
    hidden = sum(size for group, size in sizes.items() if group not in shown)
    while 0 < hidden < k and shown:
        smallest = min(shown, key=lambda group: shown[group])
        hidden += shown.pop(smallest)
    return frozenset(shown)
