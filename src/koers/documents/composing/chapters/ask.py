"""What we ask, and what comes next."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koers.documents.composing.material import (
    Callout,
    Element,
    Grid,
    Item,
    Material,
    Part,
    Prose,
    bullets,
    named,
    text,
)


def build(m: Material) -> tuple[list[Element], list[Part]]:
    parts = [
        m.part(_("The decisions we ask for"), asked(m)),
        m.part(_("The next step"), _next_step(m), ["C.3/next-step"]),
        m.part(_("How far we are"), _checklist(m), ["C.3/checklist"]),
    ]
    return [], parts


def decisions(m: Material) -> list[Item]:
    """The decisions asked, the highest level first."""
    return sorted(m.answers.peek_items("C.1.3/decisions"), key=lambda item: item.raw.get("level", 99))


def asked(m: Material) -> list[Element]:
    """The decisions as a list: quoted, their table stands with the plan."""
    entries = []
    for item in decisions(m):
        where = ", ".join(each for each in (item["level"], item["when"]) if each)
        entries.append(named(item["decision"] or "–", where))
    return [Prose(bullets(entries, ordered=True), ("C.1.3/decisions",))] if entries else []


def _next_step(m: Material) -> list[Element]:
    blocks = m.answers.rich("C.3/next-step")
    return [Callout(_("What we do next"), blocks, ("C.3/next-step",))] if blocks else []


def _checklist(m: Material) -> list[Element]:
    key = "C.3/checklist"
    field = m.answers.field(key)
    if field is None or not m.answers.has(key):
        return m.remark(key)
    m.answers.mark(key)
    chosen = m.answers.chosen(key)
    rows = tuple(
        (text(option.say(m.language)), text(_("Yes"), strong=True) if number in chosen else text(_("Not yet")))
        for number, option in enumerate(field.options, 1)
    )
    grid = Grid(_("Closing checklist"), (pgettext("note", "Point"), pgettext("note", "Done")), rows, (key,), (), (5, 1))
    return [grid, *m.remark(key)]
