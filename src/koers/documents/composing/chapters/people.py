"""Who does what."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koers.documents.composing.material import Callout, Element, Line, Material, Part, headed, text
from koers.documents.composing.tree import Cell


def build(m: Material) -> tuple[list[Element], list[Part]]:
    types, long_types = _leadership(m)
    steps, long_steps = _steps(m)
    leadership = [*m.prose("A.0/digital-leadership"), *types]
    governance = [*m.prose("C.1.4/governance"), *_bodies(m), *_raci(m)]
    partners = [*_partners(m), *m.prose("C.1.4/external-support", _("Guidance from outside"))]
    parts = [
        m.part(_("Leadership"), leadership, ["A.0/digital-leadership"], long_types),
        m.part(_("Roles"), _roles(m), ["C.1.4/roles"]),
        m.part(_("What we expect"), _expectations(m), ["C.1.4/expected-mt", "C.1.4/expected-college"]),
        m.part(_("Structure and consultation"), governance, ["C.1.4/governance", "C.1.4/raci"]),
        m.part(
            _("The way ahead for this note"),
            [*m.prose("C.1.4/trajectory"), *steps],
            ["C.1.4/trajectory"],
            long_steps,
        ),
        m.part(_("Partners"), partners, ["C.1.4/partners"]),
    ]
    return [], parts


def _leadership(m: Material) -> tuple[list[Element], list[Part]]:
    lines = []
    for group in m.answers.groups("A.3", "leadership"):
        who, practices = f"A.3/{group}/who", f"A.3/{group}/practices"
        lines.append(
            Line(m.answers.group_title(who), (m.answers.rich(who), m.answers.rich(practices)), (who, practices))
        )
    header = (_("Type of leadership"), pgettext("note", "Who"), _("How they do it"))
    return m.laid_out(_("Four types of digital leadership"), header, lines, weights=(1.3, 2, 3))


def _roles(m: Material) -> list[Element]:
    key = "C.1.4/roles"
    rows = [(headed(item["role"], item["state"]), item.cell("who"), item.cell("expectation")) for item in m.items(key)]
    header = [pgettext("note", "Role"), pgettext("note", "Who"), _("What we expect")]
    return m.grid(key, _("Roles in the digital transformation"), header, rows, weights=[1.8, 1.8, 3])


def _expectations(m: Material) -> list[Element]:
    elements: list[Element] = []
    for key, title in (
        ("C.1.4/expected-mt", _("We ask the management team")),
        ("C.1.4/expected-college", _("We ask the College")),
    ):
        blocks = m.answers.rich(key)
        if blocks:
            elements.append(Callout(title, blocks, (key,)))
    return elements


def _bodies(m: Material) -> list[Element]:
    key = "C.1.4/bodies"
    rows = [(headed(item["body"], item["form"]), item.cell("members"), item.cell("rhythm")) for item in m.items(key)]
    header = [pgettext("note", "Body"), pgettext("note", "Members"), _("Rhythm")]
    return m.grid(key, _("Where we meet and decide"), header, rows, weights=[2.2, 2.6, 1.4])


def _raci(m: Material) -> list[Element]:
    key = "C.1.4/raci"
    columns = ("responsible", "accountable", "consulted", "informed")
    rows = [(headed(item["task"]), *(item.cell(column) for column in columns)) for item in m.items(key)]
    header = [pgettext("note", "Task"), _("Responsible"), _("Accountable"), _("Consulted"), _("Informed")]
    return m.grid(key, _("Who does what by task (RACI)"), header, rows, weights=[2, 1.5, 1.5, 1.5, 1.5])


def _partners(m: Material) -> list[Element]:
    key = "C.1.4/partners"
    rows = [(headed(item["partner"]), item.cell("contribution")) for item in m.items(key)]
    return m.grid(key, _("Partners from outside"), [_("Partner"), _("What they bring")], rows, weights=[1.3, 3])


def _steps(m: Material) -> tuple[list[Element], list[Part]]:
    lines = []
    for group in m.answers.groups("C.1.4", "steps"):
        keys = {name: f"C.1.4/{group}/{name}" for name in ("methods", "audience", "outcome", "state")}
        cells: tuple[Cell, ...] = (
            m.answers.rich(keys["methods"]),
            text(m.answers.line(keys["audience"])),
            m.answers.rich(keys["outcome"]),
        )
        state = m.answers.choice(keys["state"])
        if state and not any(cells):
            cells = (text("–"), (), ())
        lines.append(Line(m.answers.group_title(keys["methods"]), cells, m.answers.answered(keys.values()), state))
    header = (pgettext("note", "Step"), _("Methods and tools"), _("For whom"), _("What it brings"))
    return m.laid_out(_("Five steps"), header, lines, weights=(1.7, 2.4, 1.5, 2.2))
