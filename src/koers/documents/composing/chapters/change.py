"""Bringing the organisation along."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koers.documents.composing import figures, numbers
from koers.documents.composing.material import Align, Element, Figure, Grid, Line, Material, Part, bold, text
from koers.documents.composing.tree import Cell

# Where a group of the adoption matrix stands: does it believe in the change, does it trust that it can learn.
PLACES = {
    "inspired": (True, True),
    "frustrated": (True, False),
    "indifferent": (False, True),
    "oppressed": (False, False),
}


def build(m: Material) -> tuple[list[Element], list[Part]]:
    ownership = [
        *m.prose("C.2.3/ownership"),
        *m.prose("C.2.3/governance", m.answers.short("C.2.3/governance")),
    ]
    ambassadors = [*m.prose("A.3/talents"), *m.prose("A.3/partners", _("Partners among those in charge"))]
    shares = [f"C.2.3/{group}/share" for group in m.answers.groups("C.2.3", "adoption")]
    points, long_points = _star(m)
    star = [*points, *m.prose("C.2/coherence", _("How it hangs together"))]
    adoption, long_groups = _adoption(m, shares)
    parts = [
        m.part(_("The organisation as one system"), star, _star_keys(m), long_points),
        m.part(_("How colleagues take to the change"), adoption, shares, long_groups),
        m.part(_("Ownership"), ownership, ["C.2.3/ownership"]),
        m.part(_("Ambassadors"), ambassadors, ["A.3/talents"]),
        m.part(_("Pitfalls we watch for"), _pitfalls(m)),
    ]
    return [], parts


def _star_keys(m: Material) -> list[str]:
    return [f"C.2/{group}/actions" for group in m.answers.groups("C.2", "star")]


def _star(m: Material) -> tuple[list[Element], list[Part]]:
    lines = []
    for group in m.answers.groups("C.2", "star"):
        today, actions = f"C.2/{group}/today", f"C.2/{group}/actions"
        lines.append(
            Line(m.answers.group_title(today), (m.answers.rich(today), m.answers.rich(actions)), (today, actions))
        )
    header = (_("Aspect"), _("Today"), _("What we do"))
    return m.laid_out(_("The five points of the star"), header, lines, weights=(1.2, 2.5, 2.5))


def _adoption(m: Material, shares: list[str]) -> tuple[list[Element], list[Part]]:
    quadrants, lines = [], []
    for share in shares:
        group = share.split("/")[1]
        title = m.answers.group_title(share)
        percent = m.answers.percent(share)
        if group in PLACES:
            quadrants.append(figures.Quadrant(title, percent, *PLACES[group]))
        recognise, actions = f"C.2.3/{group}/recognise", f"C.2.3/{group}/actions"
        written = "" if percent is None else numbers.percent(percent, m.language)
        cells: tuple[Cell, ...] = (text(written), m.answers.rich(recognise), m.answers.rich(actions))
        lines.append(Line(title, cells, (share, recognise, actions)))
    header = (pgettext("note", "Group"), pgettext("note", "Share"), _("How we recognise it"), _("What we do"))
    aligns: tuple[Align, ...] = ("start", "end")
    weights = (1.4, 0.8, 2.4, 2.4)
    table, parts = m.laid_out(_("Four groups and what they need"), header, lines, weights=weights, aligns=aligns)
    return [*_matrix(m, quadrants, shares), *table], parts


def _matrix(m: Material, quadrants: list[figures.Quadrant], shares: list[str]) -> list[Element]:
    known = [each for each in quadrants if each.share is not None]
    if not known:
        return []
    said = "; ".join(f"{each.label}: {numbers.percent(each.share or 0, m.language)}" for each in known)
    alt = _("Four quadrants by belief in the change and trust in being able to learn. %(shares)s.") % {"shares": said}
    drawn = figures.adoption_matrix(quadrants, m.language)
    return [Figure(_("Where our colleagues stand, by rough estimate"), alt, drawn, tuple(shares))]


def _pitfalls(m: Material) -> list[Element]:
    section = m.edition.sections.get("C.2.2")
    rows, used = [], []
    for field in section.fields if section else ():
        state, remark = m.answers.choice(field.key), m.answers.remark(field.key)
        if state or remark:
            rows.append((bold(m.answers.short(field.key)), text(state), text(remark)))
            used.append(field.key)
    header = (_("Pitfall"), _("With us"), _("How we avoid it"))
    return [Grid(_("Known pitfalls"), header, tuple(rows), tuple(used), (), (2, 1.2, 3))] if rows else []
