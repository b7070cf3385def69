"""Our approach."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koers.documents.composing.material import Element, Material, Part, Prose, headed, text
from koers.documents.composing.tree import Cell


def build(m: Material) -> tuple[list[Element], list[Part]]:
    path = [*_path(m), *m.prose("A.2/path"), *m.prose("A.0/digital-transformation", _("How we get there"))]
    hooks = [*m.prose("A.3/hooks"), *m.prose("A.3/dossiers", _("Dossiers and their sponsors"))]
    parts = [
        m.part(_("The path we choose"), path, ["A.2/choice"]),
        m.part(_("In broad lines"), m.prose("C.1.2/approach"), ["C.1.2/approach"]),
        m.part(_("What we can build on"), hooks, ["A.3/hooks"]),
        m.part(_("What stands in the way"), _obstacles(m), ["C.1.2/obstacles"]),
        m.part(_("Actions"), _actions(m), ["C.1.2/actions"]),
    ]
    return [], parts


def _path(m: Material) -> list[Element]:
    chosen = m.answers.choice("A.2/choice")
    return [Prose(text(chosen, strong=True), ("A.2/choice",))] if chosen else []


def _obstacles(m: Material) -> list[Element]:
    key = "C.1.2/obstacles"
    rows = [(headed(item["obstacle"]), item.cell("cause"), item.cell("overcome")) for item in m.items(key)]
    header = [_("Obstacle"), _("Cause"), _("How we get over it")]
    return m.grid(key, _("Obstacles and how we get over them"), header, rows, weights=[1.6, 2, 2.4])


def _actions(m: Material) -> list[Element]:
    key = "C.1.2/actions"
    rows: list[list[Cell]] = []
    for number, item in enumerate(m.items(key), 1):
        domain = (*item.cell("dimension"), *text(item["capability"], em=True))
        rows.append(
            [text(str(number)), headed(item["action"], item["result"]), domain, item.cell("path"), item.cell("owner")]
        )
    header = [_("No."), _("Action and result"), _("Dimension and domain"), pgettext("note", "Path"), _("Owner")]
    return m.grid(
        key, _("Proposed actions"), header, rows, weights=[0.5, 4, 2.1, 1.2, 1.7], aligns=["end"],
    )  # fmt: skip
