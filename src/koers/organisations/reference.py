"""The Flemish municipalities of 2025: facts that ship with the product (`data/README.md` says where from)."""

import csv
import functools
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

POPULATION_YEAR: Final = 2020
_FILE: Final = Path(__file__).resolve().parent / "data" / "municipalities.csv"


@dataclass(frozen=True)
class Municipality:
    """A municipality; `population` is that of `POPULATION_YEAR`, `former_names` those that merged into it."""

    nis: str
    name: str
    province: str
    population: int
    former_names: tuple[str, ...]


def _folded(text: str) -> str:
    """Text for searching: lower case, without accents and punctuation, "st." written in full."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    words = re.findall(r"[a-z0-9]+", "".join(char for char in plain if not unicodedata.combining(char)))
    return " ".join("sint" if word == "st" else word for word in words)


@functools.lru_cache(maxsize=1)
def municipalities() -> Mapping[str, Municipality]:
    """All 285, by NIS code, in the order of their names."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        rows = [
            Municipality(
                nis=row["nis"],
                name=row["name"],
                province=row["province"],
                population=int(row["population"]),
                former_names=tuple(name for name in row["former_names"].split("|") if name),
            )
            for row in csv.DictReader(file)
        ]
    return MappingProxyType({row.nis: row for row in sorted(rows, key=lambda row: _folded(row.name))})


@functools.lru_cache(maxsize=1)
def _search_names() -> tuple[tuple[Municipality, str, tuple[str, ...]], ...]:
    return tuple(
        (each, _folded(each.name), tuple(_folded(name) for name in each.former_names))
        for each in municipalities().values()
    )


# From the best fit of (name, what was typed) to the least.
_FITS: Final[tuple[Callable[[str, str], bool], ...]] = (
    lambda name, wanted: name == wanted,
    lambda name, wanted: name.startswith(wanted),
    lambda name, wanted: f" {wanted}" in name,
    lambda name, wanted: wanted in name,
)


def _rank(wanted: str, name: str, former: tuple[str, ...]) -> int | None:
    """How well a municipality fits what was typed: the lower the better, None when it does not."""
    for rank, fit in enumerate(_FITS):
        if fit(name, wanted):
            return 2 * rank
        if any(fit(each, wanted) for each in former):
            return 2 * rank + 1
    return None


def find_municipalities(text: str, limit: int) -> list[Municipality]:
    """The municipalities whose name, or a former name, holds the text; the best match first."""
    wanted = _folded(text)[:80]
    if not wanted:
        return []
    ranked = [(_rank(wanted, name, former), each) for each, name, former in _search_names()]
    found = [(rank, each) for rank, each in ranked if rank is not None]
    return [each for _rank_of, each in sorted(found, key=lambda pair: pair[0])[:limit]]
