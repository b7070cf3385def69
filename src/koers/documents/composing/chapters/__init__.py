"""The chapters of the note, in the order in which they stand when nobody chose another."""

from collections.abc import Callable
from typing import Final

from koers.documents.composing.chapters import approach, ask, change, context, people, plan, summary, target, why
from koers.documents.composing.material import Element, Material, Part

Content = tuple[list[Element], list[Part]]

BUILDERS: Final[dict[str, Callable[[Material], Content]]] = {
    "summary": summary.build,
    "why": why.build,
    "context": context.build,
    "target": target.build,
    "approach": approach.build,
    "plan": plan.build,
    "people": people.build,
    "change": change.build,
    "ask": ask.build,
}
UNNUMBERED: Final = frozenset({"introduction", "summary", "appendix"})
