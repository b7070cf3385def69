"""Our target picture."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koers.documents.composing.material import (
    Element,
    Fact,
    Facts,
    Grid,
    Line,
    Material,
    Part,
    Prose,
    headed,
    text,
)


def build(m: Material) -> tuple[list[Element], list[Part]]:
    picture = [*m.prose("C.1.1/target-picture"), *m.prose("A.0/digital-government", _("In our own words"))]
    parts = [
        m.part(_("How we see digital government"), picture, ["C.1.1/target-picture"]),
        _dimensions(m),
        m.part(_("Principles that guide us"), _principles(m), ["C.1.1/principles"]),
        m.part(_("From today to tomorrow"), [], ["C.1.1/scenarios"], _scenarios(m)),
        m.part(_("Whom we learn from"), _examples(m)),
    ]
    return [], parts


def _dimensions(m: Material) -> Part:
    groups = m.answers.groups("A.1", "dimensions")
    inner, lines = [], []
    for group in groups:
        keys = {name: f"A.1/{group}/{name}" for name in ("description", "example", "goal", "how", "when")}
        title = m.answers.group_title(keys["description"])
        elements = [*m.prose(keys["description"]), *m.prose(keys["example"], _("Example"))]
        inner.append(m.part(title, elements))
        course = (m.answers.rich(keys["goal"]), m.answers.rich(keys["how"]), text(m.answers.line(keys["when"])))
        lines.append(Line(title, course, (keys["goal"], keys["how"], keys["when"])))
    header = (_("Dimension"), _("Where we want to go"), pgettext("note", "How"), _("By when"))
    goals, long_goals = m.laid_out(_("Goals for the six dimensions"), header, lines, weights=(1.3, 3, 3, 1.1))
    wanted = [f"A.1/{group}/goal" for group in groups]
    dependencies = m.prose("A.1/dependencies", _("How they depend on each other"))
    return m.part(_("Six dimensions, one picture"), [*goals, *dependencies], wanted, _together(inner, long_goals))


def _together(first: list[Part], second: list[Part]) -> list[Part]:
    """Sections of the same title become one."""
    more = {part.title: part.elements for part in second}
    return [Part(part.title, (*part.elements, *more.get(part.title, ()))) for part in first]


def _principles(m: Material) -> list[Element]:
    key = "C.1.1/principles"
    facts = tuple(Fact(item["principle"], item.cell("meaning")) for item in m.items(key))
    listed: list[Element] = [Facts(facts, (key,))] if facts else []
    return [*listed, *m.prose("A.3/compass", _("Our digital compass"))]


def _scenarios(m: Material) -> list[Part]:
    key = "C.1.1/scenarios"
    parts = []
    for item in m.items(key):
        title = item["persona"] or item["kind"] or _("Scenario")
        elements: list[Element] = []
        kind = item["kind"] if item["persona"] else ""
        need = [*text(kind, em=True), *item.cell("need")]
        if need:
            elements.append(Prose(tuple(need), (key,)))
        if item["today"] or item["tomorrow"]:
            caption = _("%(persona)s, today and tomorrow") % {"persona": title}
            row = (item.cell("today"), item.cell("tomorrow"))
            elements.append(Grid(caption, (_("Today"), _("Tomorrow")), (row,), (key,), (), (1, 1)))
        if not elements:
            elements.append(Prose(text(title), (key,)))
        parts.append(Part(title, tuple(elements)))
    return parts


def _examples(m: Material) -> list[Element]:
    key = "C.1.1/examples"
    rows = [(headed(item["organisation"]), item.cell("what"), item.cell("lesson")) for item in m.items(key)]
    header = [_("Organisation"), _("What they do"), _("What we learn from it")]
    elements = m.grid(key, _("Examples from elsewhere"), header, rows, weights=[1.2, 2.4, 2.4])
    elements += m.prose("A.2/inspiring", _("What inspires us"))
    for name in ("digital-government", "digital-transformation", "digital-leadership"):
        inspiring = f"A.2/inspiring/{name}"
        elements += m.prose(inspiring, m.answers.short(inspiring))
    return elements
