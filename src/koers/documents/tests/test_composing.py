"""The note as a tree: complete, traced, in the chosen order and language."""

from datetime import date

import pytest

from koers.documents.composing import CHAPTERS, Choices, Note, compose, ordered_chapters
from koers.documents.composing.answers import Answers
from koers.documents.composing.chapters.plan import year_totals
from koers.documents.composing.numbers import money, number, percent
from koers.documents.composing.tree import Facts, Figure, Grid, Part
from koers.documents.tests.conftest import TODAY
from koers.documents.tests.filling import Filling, note_text, squeezed
from koers.editions.structure import Edition
from koers.workbook.values import read_value


def test_every_answer_and_remark_is_in_the_note(full_note: Note, filling: Filling) -> None:
    printed = note_text(full_note)
    assert [(key, mark) for key, mark in filling.marks if mark not in printed] == []
    assert [(key, said) for key, said in filling.said if squeezed(said) not in squeezed(printed)] == []


@pytest.mark.parametrize("hidden", CHAPTERS)
def test_what_a_hidden_chapter_says_moves_to_the_appendix(hidden: str, playbook: Edition, filling: Filling) -> None:
    choices = Choices(hidden=frozenset({hidden}))
    note = compose(playbook, filling.values, "Kastelbeke", choices, "nl", today=TODAY)
    assert hidden not in [chapter.id for chapter in note.chapters]
    printed = note_text(note)
    assert [(key, mark) for key, mark in filling.marks if mark not in printed] == []


def test_all_chapters_hidden_leaves_the_appendix_with_everything(playbook: Edition, filling: Filling) -> None:
    note = compose(playbook, filling.values, "Kastelbeke", Choices(hidden=frozenset(CHAPTERS)), "nl", today=TODAY)
    printed = note_text(note)
    assert [chapter.id for chapter in note.chapters] == ["appendix"]
    assert [(key, mark) for key, mark in filling.marks if mark not in printed] == []
    assert [(key, said) for key, said in filling.said if squeezed(said) not in squeezed(printed)] == []


def test_the_appendix_repeats_nothing_of_the_body(full_note: Note) -> None:
    appendix = full_note.appendix
    assert appendix is not None
    told = [fact.label for element in appendix.walk() if isinstance(element, Facts) for fact in element.facts]
    assert len(told) == len(set(told))
    body = {key for chapter in full_note.body for element in chapter.walk() for key in element.sources}
    assert "C.1.1/definition" in body
    assert all("C.1.1/definition" not in element.sources for element in appendix.walk())


def test_without_appendix(playbook: Edition, filling: Filling) -> None:
    note = compose(playbook, filling.values, "Kastelbeke", Choices(), "nl", today=TODAY, appendix=False)
    assert note.appendix is None


def test_every_element_of_a_chapter_knows_its_source(full_note: Note, playbook: Edition) -> None:
    for chapter in full_note.body:
        for element in chapter.walk():
            assert set(element.sources) <= playbook.fields.keys()
    sourced = [element for chapter in full_note.body for element in chapter.walk() if element.sources]
    assert len(sourced) > 60


def test_a_full_note_has_its_figures_and_nothing_to_do(full_note: Note) -> None:
    figures = [element for element in full_note.walk() if isinstance(element, Figure)]
    assert len(figures) == 3
    assert all(figure.alt and figure.svg.startswith("<svg") for figure in figures)
    assert full_note.todos == ()


def test_an_empty_note_says_what_is_to_be_done(empty_note: Note) -> None:
    assert all(chapter.is_empty for chapter in empty_note.body if chapter.id != "summary")
    assert {"C.1.1", "C.1.2", "C.1.3", "C.3"} <= {todo.section for todo in empty_note.todos}
    assert empty_note.appendix is None
    assert empty_note.cover.title == "Digitale ambitienota"


def test_one_answer_too_many_breaks_nothing(playbook: Edition, filling: Filling) -> None:
    """Each field alone: no builder may count on another field being there."""
    for key, value in filling.values.items():
        note = compose(playbook, {key: value}, "Kastelbeke", Choices(), "nl", today=TODAY)
        printed = note_text(note)
        marks = [mark for of, mark in filling.marks if of.split(":")[0] == key]
        assert [mark for mark in marks if mark not in printed] == [], key


def test_order_titles_and_introduction(playbook: Edition) -> None:
    choices = Choices(
        title="Onze koers", order=("ask", "why"), titles={"why": "Waarover gaat het?"}, introduction="<p>Welkom</p>"
    )
    note = compose(playbook, {}, "Kastelbeke", choices, "nl", today=TODAY)
    ids = [chapter.id for chapter in note.chapters]
    assert ids[0] == "introduction"
    assert ids.index("ask") < ids.index("why")
    assert next(chapter.title for chapter in note.chapters if chapter.id == "why") == "Waarover gaat het?"
    assert note.cover.title == "Onze koers"


def test_chapters_that_were_not_placed_keep_their_place() -> None:
    assert ordered_chapters(Choices()) == list(CHAPTERS)
    assert ordered_chapters(Choices(order=("nonsense", "ask", *CHAPTERS[:-1])))[0] == "ask"
    assert set(ordered_chapters(Choices(order=("plan",)))) == set(CHAPTERS)


def test_the_same_answers_give_the_same_note(playbook: Edition, filling: Filling) -> None:
    one, two = (compose(playbook, filling.values, "K", Choices(), "en", today=TODAY) for _ in range(2))
    assert one == two


@pytest.mark.parametrize(
    ("language", "shown"),
    [("nl", ["1.234,5", "€\u00a012.500", "12,5\u00a0%"]), ("en", ["1,234.5", "€12,500", "12.5%"])],
)
def test_numbers_the_belgian_way(language: str, shown: list[str]) -> None:
    assert [number(1234.5, language), money(12500, language), percent(12.5, language)] == shown


def test_the_date_in_words(playbook: Edition) -> None:
    note = compose(playbook, {}, "K", Choices(day=date(2026, 11, 23)), "nl", today=date(2020, 1, 1))
    assert note.cover.date == "23 november 2026"


def test_budget_by_year(playbook: Edition) -> None:
    field = playbook.fields["C.1.3/budget"]
    items = [
        {"item": "a", "year": 2027, "one-off": 1000, "recurring": 100},
        {"item": "b", "year": 2029, "one-off": 500, "recurring": 50},
        {"item": "zonder jaar", "one-off": 9},
    ]
    value = read_value(field, {"items": items}, "markdown")
    answers = Answers(playbook, {field.key: value}, "nl")
    totals = year_totals(answers.peek_items(field.key))
    assert [(each.year, each.money) for each in totals] == [(2027, 1100), (2028, 100), (2029, 650)]


def test_long_texts_leave_the_table(playbook: Edition) -> None:
    field = playbook.fields["C.2/strategy/today"]
    long = read_value(field, "Een lange zin over wat er vandaag is. " * 30, "markdown")
    short = read_value(field, "Kort.", "markdown")

    def parts(value: object) -> list[Part]:
        note = compose(playbook, {field.key: value}, "K", Choices(), "nl", today=TODAY)  # type: ignore[dict-item]
        return [part for chapter in note.chapters if chapter.id == "change" for part in chapter.parts[0].parts]

    assert len(parts(long)) == 1
    assert parts(short) == []


def test_an_endless_year_draws_no_endless_figure(playbook: Edition) -> None:
    field = playbook.fields["C.1.3/timeline"]
    value = read_value(field, {"items": [{"work": "x", "from": 1950, "until": 2150}]}, "markdown")
    note = compose(playbook, {field.key: value}, "K", Choices(), "nl", today=TODAY)
    assert not [element for element in note.walk() if isinstance(element, Figure)]
    assert [element for element in note.walk() if isinstance(element, Grid)]
