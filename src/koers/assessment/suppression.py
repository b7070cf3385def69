"""Small groups are never shown: k-anonymity with complementary suppression."""

from collections.abc import Iterable, Mapping
from typing import Final, Protocol, TypeVar
from uuid import UUID

K: Final = 5

G = TypeVar("G")


def shown_groups(sizes: Mapping[G, int], k: int = K) -> frozenset[G]:
    """The groups that may be shown beside the total of all: each at least `k`, and so that what is left out cannot be
    computed by subtracting: what is hidden together is nothing, or at least `k`.

    Of groups that could be hidden to reach that, the smallest goes first; of equal ones always the same, on every page:
    two pages that hid another one would tell together what each of them hides.
    """
    shown = {group: size for group, size in sizes.items() if size >= k}
    hidden = sum(size for group, size in sizes.items() if group not in shown)
    while 0 < hidden < k and shown:
        smallest = min(shown, key=lambda group: (shown[group], str(group)))
        hidden += shown.pop(smallest)
    return frozenset(shown)


class _Answered(Protocol):
    """Whoever answered: how many together, in which role, and in which workshop, where nobody has a name."""

    @property
    def role(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def workshop(self) -> UUID | None: ...


def shown_roles(answered: Iterable[_Answered], k: int = K) -> frozenset[str]:
    """The roles that may be shown of those who answered one question.

    Who knows what the named ones answered could subtract it, and a workshop shows its own people by role as well: so
    the people of a role in each workshop are none, or at least `k`, just as all of them together are. What is hidden
    is nothing or at least `k`, in each of those counts.
    """
    everybody: dict[str, int] = {}
    rooms: dict[UUID, dict[str, int]] = {}
    for each in answered:
        for counted in (everybody, rooms.setdefault(each.workshop, {})) if each.workshop else (everybody,):
            counted[each.role] = counted.get(each.role, 0) + each.size
    shown = shown_groups(everybody, k)
    for room in rooms.values():
        shown &= shown_groups(room, k) | (everybody.keys() - room.keys())
    return shown
