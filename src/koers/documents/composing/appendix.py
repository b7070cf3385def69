"""The appendix: every answer and remark that the body did not show, by section of the playbook."""

from django.utils.translation import gettext as _

from koers.documents.composing import numbers
from koers.documents.composing.answers import REMARK, VALUE, Answers
from koers.documents.composing.material import Element, Fact, Facts, Grid, Part, bullets, named, plain, text
from koers.documents.composing.tree import Cell, Chapter
from koers.editions.structure import Field, Section

WIDE = {"text": 2.4, "line": 1.6, "choice": 1.3, "year": 0.8, "money": 1.1, "number": 0.9}


def build(answers: Answers) -> Chapter | None:
    """The chapter, or nothing when the body says it all. Call it when all other chapters were made."""
    parts = [part for section in answers.edition.sections.values() if (part := _section(answers, section))]
    if not parts:
        return None
    lead = _(
        "What the workbook says besides, section by section: answers and remarks that do not stand in the note itself."
    )
    return Chapter("appendix", _("Appendix: the other answers"), "", lead, (), tuple(parts))


def _section(answers: Answers, section: Section) -> Part | None:
    elements: list[Element] = []
    facts: list[Fact] = []
    keys: list[str] = []

    def settle() -> None:
        if facts:
            elements.append(Facts(tuple(facts), tuple(keys)))
            facts.clear()
            keys.clear()

    for field in section.fields:
        show_value = answers.has(field.key) and not answers.is_shown(field.key, VALUE)
        remark = "" if answers.is_shown(field.key, REMARK) else answers.remark(field.key)
        if not show_value and not remark:
            continue
        label = _label(answers, field)
        if show_value and field.kind == "list":
            settle()
            elements.append(_list(answers, field, label, remark))
            continue
        facts.append(Fact(label, _value(answers, field) if show_value else (), remark))
        keys.append(field.key)
    settle()
    title = f"{section.id} {section.title.say(answers.language)}"
    return Part(title, tuple(elements)) if elements else None


def _label(answers: Answers, field: Field) -> str:
    group = answers.group_title(field.key)
    label = field.label.say(answers.language)
    return f"{group}. {label}" if group else label


def _value(answers: Answers, field: Field) -> Cell:
    key = field.key
    match field.kind:
        case "text" | "open":
            return answers.rich(key)
        case "line":
            return text(answers.line(key))
        case "percent":
            given = answers.percent(key)
            return () if given is None else text(numbers.percent(given, answers.language))
        case "single":
            return text(answers.choice(key))
        case "multi":
            return bullets([plain(choice) for choice in answers.choices(key)])
        case "matrix":
            return bullets([named(row, answer) for row, answer in answers.matrix(key)])
        case "list":
            return ()


def _list(answers: Answers, field: Field, label: str, remark: str) -> Grid:
    """A list as a table with the columns that hold something."""
    items = answers.items(field.key)
    columns = [column for column in field.columns if any(item[column.id] for item in items)]
    rows = tuple(tuple(item.cell(column.id) for column in columns) for item in items)
    return Grid(
        caption=label,
        header=tuple(column.label.say(answers.language) for column in columns),
        rows=rows,
        sources=(field.key,),
        aligns=tuple("end" if column.kind in {"year", "money", "number"} else "start" for column in columns),
        weights=tuple(WIDE[column.kind] for column in columns),
        note=f"{_('Remark')}: {remark}" if remark else "",
    )
