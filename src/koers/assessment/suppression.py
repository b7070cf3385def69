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


def shown_roles(people: Mapping[G, int], anonymous: Mapping[G, int], k: int = K) -> frozenset[G]:
    """The roles that may be shown when some of the people are known by name to who reads, and others are not.

    Who knows what the named ones answered could subtract it: so the anonymous people of a role are none, or at least
    `k`, just as all of them together are at least `k`. What is hidden is nothing or at least `k`, in both counts.
    """
    present = {role: size for role, size in people.items() if size}
    hidden = {role: size for role, size in anonymous.items() if size}
    return shown_groups(present, k) & (shown_groups(hidden, k) | (present.keys() - hidden.keys()))
