"""Where we stand."""

from django.utils.translation import gettext as _

from koers.analysis.scoring import DimensionResult, QuestionResult, attention_points, strengths
from koers.documents.composing import figures, numbers
from koers.documents.composing.material import (
    Element,
    Figure,
    Grid,
    Line,
    Material,
    Part,
    Prose,
    bold,
    bullets,
    headed,
    named,
    plain,
    text,
)
from koers.documents.composing.tree import Cell


def build(m: Material) -> tuple[list[Element], list[Part]]:
    maturity = [*_instrument(m), *m.prose("B.2/findings")]
    architecture = [*_symptoms(m), *m.prose("B.1.4/architecture", m.answers.short("B.1.4/architecture"))]
    alignment = [*_alignment(m), *m.prose("B.3/reconstruction", m.answers.short("B.3/reconstruction"))]
    estimates, long_estimates = _estimates(m)
    parts = [
        m.part(_("How we looked"), m.prose("B.1/views")),
        _measured(m),
        m.part(_("The six dimensions today"), estimates, _estimate_keys(m), long_estimates),
        m.part(_("One process up close"), _process(m), ["B.1.1/process"]),
        m.part(_("How things fit together"), architecture, ["B.1.4/architecture"]),
        m.part(_("What maturity scans say"), maturity, ["B.2/findings"]),
        m.part(_("Departments and IT"), alignment, ["B.3/reconstruction"]),
    ]
    return [], parts


def _measured(m: Material) -> Part:
    """The context analysis: the picture, what stands out, then each dimension with its profile."""
    dimensions = m.analysis.dimensions
    answered = [each for each in dimensions if each.answered]
    elements: list[Element] = []
    if any(each.index is not None for each in dimensions):
        elements += [_bars(m), *_standing_out(m)]
    wanted = [question.field.key for each in dimensions for question in each.questions if not question.is_answered]
    first_of_section = {m.edition.fields[key].section: key for key in reversed(wanted)}
    part = m.part(_("The context analysis"), elements, (), (_dimension(m, each) for each in answered))
    todos = [m.todo(key) for _section, key in sorted(first_of_section.items())]
    named_after_section = tuple(
        type(todo)(m.edition.sections[todo.section].title.say(m.language), todo.section, todo.field_key)
        for todo in todos
    )
    return Part(part.title, part.elements, part.parts, named_after_section)


def _coverage(scored: int, scorable: int) -> str:
    return _("%(scored)s of %(scorable)s scored") % {"scored": scored, "scorable": scorable}


def _bars(m: Material) -> Figure:
    dimensions = m.analysis.dimensions
    bars = [
        figures.Bar(each.section.title.say(m.language), each.index, _coverage(each.scored, each.scorable))
        for each in dimensions
    ]
    said = [
        f"{bar.label}: {_('not scored yet') if bar.index is None else round(100 * bar.index)} ({bar.coverage})"
        for bar in bars
    ]
    alt = _("Bars from 0 to 100 for each dimension. %(bars)s.") % {"bars": "; ".join(said)}
    sources = tuple(question.field.key for each in dimensions for question in each.questions if question.is_answered)
    return Figure(
        _("Indicative index of each dimension, from 0 to 100"), alt, figures.index_bars(bars, m.language), sources
    )


def _standing_out(m: Material) -> list[Element]:
    elements: list[Element] = [
        Prose(
            text(
                _(
                    "The index is indicative: the plain mean of the questions that can be ranked. "
                    "The answers say more than the number."
                )
            )
        )
    ]
    for lead, found in (
        (_("What goes well"), strengths(m.analysis)),
        (_("What asks for attention"), attention_points(m.analysis)),
    ):
        entries = [named(each.field.short.say(m.language), m.answers.peek_choice(each.field.key)) for each in found]
        if entries:
            elements.append(Prose(bullets(entries), tuple(each.field.key for each in found), lead))
    return elements


def _dimension(m: Material, dimension: DimensionResult) -> Part:
    title = dimension.section.title.say(m.language)
    rows: list[tuple[Cell, ...]] = []
    after: list[Element] = []
    used: list[str] = []
    for question in dimension.questions:
        if not question.is_answered:
            continue
        key = question.field.key
        if question.field.is_rich:
            after += m.prose(key, m.answers.short(key))
            continue
        rows.append((bold(question.field.short.say(m.language)), _answer(m, question), text(_place(question))))
        used.append(key)
    header = (_("Question"), _("Our answer"), _("On the scale"))
    caption = _("%(dimension)s: our answers") % {"dimension": title}
    coverage = _coverage(dimension.scored, dimension.scorable)
    note = ""
    if dimension.index is not None:
        caption = _("%(dimension)s: our answers. Indicative index %(index)s of 100, %(coverage)s") % {
            "dimension": title, "index": numbers.number(round(100 * dimension.index), m.language), "coverage": coverage,
        }  # fmt: skip
    if any(question.state == "perception" and question.is_answered for question in dimension.questions):
        note = f"* {_('How we see ourselves: shown beside the measurement, not counted in it.')}"
    grid: list[Element] = [Grid(caption, header, tuple(rows), tuple(used), (), (1.6, 3.6, 1), 0, note)] if rows else []
    return Part(title, (*grid, *after))


def _answer(m: Material, question: QuestionResult) -> Cell:
    key = question.field.key
    match question.field.kind:
        case "matrix":
            return text("\n".join(f"{row}: {answer}" for row, answer in m.answers.matrix(key)))
        case "list":
            names = [next(iter(item.texts.values()), "") for item in m.answers.peek_items(key)]
            return text(", ".join(name for name in names if name))
        case "multi":
            return bullets([plain(choice) for choice in m.answers.choices(key)])
        case _:
            return text(m.answers.choice(key))


def _place(question: QuestionResult) -> str:
    """Where the answer stands among its options; nothing for a question that is not ranked."""
    if question.rank is None or question.field.kind == "matrix":
        return ""
    place = round(question.rank * (question.steps - 1)) + 1
    said = _("%(place)s of %(steps)s") % {"place": place, "steps": question.steps}
    return f"{said} *" if question.state == "perception" else said


def _estimate_keys(m: Material) -> list[str]:
    return [each.question.field.key for each in m.analysis.oecd]


def _estimates(m: Material) -> tuple[list[Element], list[Part]]:
    lines = []
    for each in m.analysis.oecd:
        key = each.question.field.key
        measure = f"{key.rsplit('/', 1)[0]}/measure"
        cells: tuple[Cell, ...] = (text(m.answers.choice(key)), text(m.answers.remark(key)), m.answers.rich(measure))
        lines.append(Line(each.group.title.say(m.language), cells, (key, measure)))
    header = (_("Dimension"), _("Own estimate"), _("Based on"), _("How we measure it"))
    return m.laid_out(_("Digital government: our own estimate"), header, lines, weights=(1.5, 1.1, 2.4, 2.4))


def _process(m: Material) -> list[Element]:
    elements: list[Element] = []
    name, category = m.answers.line("B.1.1/process"), m.answers.choice("B.1.1/category")
    if name or category:
        elements.append(Prose((*text(name, strong=True), *text(category)), ("B.1.1/process", "B.1.1/category")))
    for key in ("B.1.1/exceptions", "B.1.1/necessity", "B.1.1/digitised", "B.1.2/findings", "B.1.3/findings"):
        elements += m.prose(key, m.answers.short(key))
    return elements


def _symptoms(m: Material) -> list[Element]:
    key = "B.1.4/symptoms"
    chosen = m.answers.choices(key)
    remark = m.answers.remark(key)
    if not chosen and not remark:
        return []
    return [Prose((*bullets([plain(each) for each in chosen]), *text(remark)), (key,), m.answers.short(key))]


def _instrument(m: Material) -> list[Element]:
    name = m.answers.line("B.2/instrument")
    return [Prose(text(name, strong=True), ("B.2/instrument",))] if name else []


def _alignment(m: Material) -> list[Element]:
    section = m.edition.sections.get("B.3")
    rows, used = [], []
    for field in section.fields if section else ():
        if field.kind != "single":
            continue
        sure, answer = m.answers.choice(field.key), m.answers.remark(field.key)
        if not sure and not answer:
            continue
        rows.append((headed(field.short.say(m.language)), text(sure), text(answer)))
        used.append(field.key)
    header = (_("Subject"), _("Can we answer it?"), _("Our answer"))
    return (
        [Grid(_("Nine questions about departments and IT"), header, tuple(rows), tuple(used), (), (1.6, 1.1, 4))]
        if rows
        else []
    )
