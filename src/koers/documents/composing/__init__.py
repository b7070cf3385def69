"""Composing the digital ambition note from the answers: pure, the same answers always give the same note."""

from collections.abc import Mapping
from datetime import date

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koers.analysis.scoring import analyse
from koers.documents.composing import appendix as appendix_chapter
from koers.documents.composing import numbers
from koers.documents.composing.answers import Answers
from koers.documents.composing.chapters import BUILDERS, UNNUMBERED
from koers.documents.composing.material import Choices, Material
from koers.documents.composing.todos import by_section
from koers.documents.composing.tree import Chapter, Cover, Note, Prose, Waypoint
from koers.editions.structure import Edition
from koers.kit import richtext
from koers.workbook.queries import section_progress
from koers.workbook.values import Value, is_answered

CHAPTERS = tuple(BUILDERS)


def chapter_titles() -> dict[str, str]:
    """The titles of the chapters in the active language, in their usual order."""
    return {
        "summary": _("Summary"),
        "why": _("What we mean and why now"),
        "context": _("Where we stand"),
        "target": _("Our target picture"),
        "approach": _("Our approach"),
        "plan": _("Time and money"),
        "people": _("Who does what"),
        "change": _("Bringing the organisation along"),
        "ask": _("What we ask"),
    }


def ordered_chapters(choices: Choices) -> list[str]:
    """Every chapter, in the chosen order; those that were not placed stand where they usually do."""
    placed = [each for each in choices.order if each in CHAPTERS]
    for index, each in enumerate(CHAPTERS):
        if each not in placed:
            before = [placed.index(other) for other in CHAPTERS[:index] if other in placed]
            placed.insert(max(before, default=-1) + 1, each)
    return placed


def compose(
    edition: Edition,
    values: Mapping[str, Value],
    administration: str,
    choices: Choices,
    language: str,
    *,
    today: date,
    appendix: bool = True,
) -> Note:
    """The note in a language. With the appendix every answer and every remark stands in it somewhere."""
    with translation.override(language):
        answers = Answers(edition, values, language)
        material = Material(edition, answers, analyse(edition, values), choices, language)
        chapters = _chapters(material)
        if appendix and (last := appendix_chapter.build(answers)):
            chapters.append(last)
        day = choices.day or today
        return Note(
            language=language,
            day=day,
            cover=_cover(material, values, administration, day),
            chapters=tuple(chapters),
            todos=by_section(edition, (todo for chapter in chapters for todo in chapter.all_todos), language),
            labels=writer_labels(),
        )


def _chapters(material: Material) -> list[Chapter]:
    choices = material.choices
    chapters: list[Chapter] = []
    introduction = tuple(richtext.parse(choices.introduction)) if choices.introduction else ()
    if introduction:
        chapters.append(Chapter("introduction", _("Introduction"), elements=(Prose(introduction),)))
    titles = chapter_titles()
    number = 0
    # The summary quotes without counting as shown, so the order in which chapters are made does not matter.
    for chapter_id in ordered_chapters(choices):
        if chapter_id in choices.hidden:
            continue
        elements, parts = BUILDERS[chapter_id](material)
        numbered = chapter_id not in UNNUMBERED
        number += numbered
        title = choices.titles.get(chapter_id) or titles[chapter_id]
        lead = _note_text(material, "lead") if chapter_id == "summary" else ""
        chapter = Chapter(
            chapter_id, title, str(number) if numbered else "", lead, tuple(elements), tuple(parts),
        )  # fmt: skip
        chapters.append(chapter)
    return chapters


def _note_text(material: Material, name: str) -> str:
    found = material.edition.note.get(name)
    return found.say(material.language).strip() if found else ""


def _cover(material: Material, values: Mapping[str, Value], administration: str, day: date) -> Cover:
    edition, choices, language = material.edition, material.choices, material.language
    route, answered, total = [], 0, 0
    given = {key for key, value in values.items() if is_answered(value)}
    for part in edition.parts:
        progresses = [section_progress(section, given) for section in part.sections]
        done, of = sum(each.answered for each in progresses), sum(each.total for each in progresses)
        answered, total = answered + done, total + of
        route.append(Waypoint(part.id, part.title.say(language), done / of if of else 0))
    purpose = {
        1: _("To sound out and gather support"),
        2: _("For approval"),
    }.get(material.answers.number("C.1.1/purpose") or 0, "")
    progress = _("%(answered)s of the %(total)s fields of the workbook are filled in.") % {
        "answered": answered, "total": total,
    }  # fmt: skip
    return Cover(
        administration=administration,
        title=choices.title or _note_text(material, "title") or _("Digital ambition note"),
        subtitle=choices.subtitle or _note_text(material, "subtitle"),
        date=numbers.day(day, language),
        author=choices.author,
        purpose=purpose,
        progress=progress,
        credit=edition.credit.say(language).strip(),
        route=tuple(route),
    )


def writer_labels() -> dict[str, str]:
    """The words of the writers themselves."""
    return {
        "contents": _("Contents"),
        "figure": pgettext("note", "Figure"),
        "table": pgettext("note", "Table"),
        "page": pgettext("note", "Page"),
        "of": pgettext("note", "of"),
        "todo": _("Still to do"),
        "todo_lead": _("These parts of the workbook are not filled in yet:"),
        "chapter_todo": _("This chapter is still to be written."),
        "remark": _("Remark"),
        "continued": _("continued"),
        "route": _("The route of this note, from start to finish"),
        "keywords": _("digital transformation, local government, ambition note"),
    }


__all__ = ["CHAPTERS", "Choices", "Note", "chapter_titles", "compose", "ordered_chapters", "writer_labels"]
