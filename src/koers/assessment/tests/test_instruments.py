"""Instruments as files: reading, saying what is wrong, keeping, and the one that a measurement asks."""

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from conftest import Cast
from koers.assessment.actions.instruments import add_instrument
from koers.assessment.instruments import loading
from koers.assessment.instruments.custom import as_custom, read_custom
from koers.assessment.instruments.loading import (
    PLAYBOOK,
    UnknownInstrument,
    asked_by,
    custom_questions,
    instrument,
    instruments,
    latest_version,
)
from koers.assessment.instruments.plain import NotAnInstrument, as_json, from_json
from koers.assessment.instruments.reading import read_instrument
from koers.assessment.instruments.themes import THEMES, theme_titles
from koers.assessment.models import InstrumentFile, Measurement
from koers.editions.loading import edition
from koers.organisations.actions import DeedRefused
from koers.workbook.values import InvalidValue

SCAN = (Path(__file__).parent / "service_scan.yaml").read_text()


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    loading.forget()
    yield
    loading.forget()


# The playbook's


def test_the_playbooks_instrument_asks_the_37_questions_in_its_order() -> None:
    playbook = instrument(PLAYBOOK, 1)
    asked = [each for dimension in playbook.dimensions if not dimension.optional for each in dimension.questions]
    wanted = [field.key for field in edition("draaiboek", 1).fields.values() if re.match(r"B\.4\.\d/\d+\Z", field.key)]
    assert [each.key for each in asked] == wanted
    assert len(wanted) == 37
    assert all(each.writes == {"": each.key} for each in asked)
    assert sum(each.seconds for each in asked) == 1715


def test_who_answers_by_role_has_less_to_do_and_every_question_has_somebody() -> None:
    asked = [each for each in instrument(PLAYBOOK, 1).questions.values() if each.key.startswith("B.4")]
    counts = {
        role: sum(not each.roles or role in each.roles for each in asked)
        for role in ("management", "college", "head", "it", "staff", "other")
    }
    assert counts == {"management": 35, "college": 21, "head": 34, "it": 30, "staff": 18, "other": 11}


def test_the_optional_dimensions_write_to_the_fields_of_the_workbook() -> None:
    playbook = instrument(PLAYBOOK, 1)
    optional = {each.id: each for each in playbook.dimensions if each.optional}
    assert list(optional) == ["A.1", "A.3", "C.2.3"]
    assert [each.writes[""] for each in optional["A.1"].questions] == [
        f"A.1/{group}/estimate"
        for group in (
            "digital-by-design",
            "data-driven",
            "government-as-a-platform",
            "open",
            "user-driven",
            "proactive",
        )
    ]
    assert len(optional["A.3"].questions) == 8
    (adoption,) = optional["C.2.3"].questions
    assert (adoption.kind, adoption.total) == ("shares", 100)
    assert adoption.writes == {
        row: f"C.2.3/{row}/share" for row in ("inspired", "indifferent", "frustrated", "oppressed")
    }
    fields = edition("draaiboek", 1).fields
    assert all(target in fields for each in playbook.questions.values() for target in each.writes.values())


def test_a_question_of_a_grid_says_what_it_is_about() -> None:
    question = instrument(PLAYBOOK, 1).questions["A.3/vested/who"]
    assert question.field.label.say("nl") == "Verankerend: wie vult dit type in?"
    assert "feasible" in question.field.help.say("en")


def test_every_dimension_of_the_context_has_levels_that_only_ordinal_questions_open() -> None:
    playbook = instrument(PLAYBOOK, 1)
    levels = {each.id: [level.number for level in each.levels] for each in playbook.dimensions if not each.optional}
    assert levels == {
        "B.4.1": [0, 1, 2, 3, 4],
        "B.4.2": [0, 1, 2, 3, 4],
        "B.4.3": [0, 1, 2, 3, 4],
        "B.4.4": [0, 1, 2, 3],
        "B.4.5": [0, 1, 2, 3],
    }
    opening = [
        playbook.questions[condition.question]
        for dimension in playbook.dimensions
        for level in dimension.levels
        for condition in level.conditions
    ]
    assert {each.field.scoring for each in opening} == {"ordinal"}
    ordinal = {
        each.key for each in playbook.questions.values() if each.field.scoring == "ordinal" and "B.4" in each.key
    }
    assert {each.key for each in opening} == ordinal


def test_the_playbook_covers_every_theme() -> None:
    covered = {theme for dimension in instrument(PLAYBOOK, 1).dimensions for theme in dimension.covers}
    assert covered == set(THEMES)
    assert theme_titles(["users", "strategy", "no-such"]) == ["Strategy", "User focus"]


# Plain JSON and back


@pytest.mark.parametrize("which", ["playbook", "scan"])
def test_an_instrument_goes_to_json_and_back_exactly(which: str) -> None:
    given_one = instrument(PLAYBOOK, 1) if which == "playbook" else read_instrument(SCAN.encode())
    kept = json.loads(json.dumps(as_json(given_one), sort_keys=True))
    back = from_json(kept)
    assert as_json(back) == as_json(given_one)
    assert list(back.title) == list(given_one.title)
    assert {key: each.fingerprint for key, each in back.questions.items()} == {
        key: each.fingerprint for key, each in given_one.questions.items()
    }


_words = st.fixed_dictionaries({"nl": st.text(min_size=1), "en": st.text(min_size=1)})


@given(
    title=_words,
    label=_words,
    options=st.lists(_words, min_size=2, max_size=6),
    seconds=st.integers(5, 1800),
    at_least=st.integers(2, 6),
)
def test_any_instrument_goes_to_json_and_back(
    title: dict[str, str], label: dict[str, str], options: list[dict[str, str]], seconds: int, at_least: int
) -> None:
    kept = as_json(read_instrument(SCAN.encode()))
    kept["title"] = title
    question = kept["dimensions"][0]["questions"][0]
    question["field"] |= {"label": label, "options": options, "kind": "single"}
    question["seconds"] = seconds
    kept["dimensions"][0]["levels"][1]["conditions"][0]["at_least"] = at_least
    assert as_json(from_json(kept)) == kept


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    for step in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*path, step)
        yield from _paths(value[step], (*path, step))


def test_json_that_is_not_an_instrument_is_refused_wherever_it_goes_wrong() -> None:
    whole = as_json(read_instrument(SCAN.encode()))
    for path in list(_paths(whole)):
        for wrong in (object(), ["x", object()], {"x": object()}):
            broken = json.loads(json.dumps(whole))
            at = broken
            for step in path[:-1]:
                at = at[step]
            at[path[-1]] = wrong
            with pytest.raises(NotAnInstrument):
                from_json(broken)


@pytest.mark.parametrize("raw", [None, [], "x", {}, {"format": "koers-instrument/1"}])
def test_json_of_another_shape_is_refused(raw: Any) -> None:
    with pytest.raises(NotAnInstrument):
        from_json(raw)


# What operators add


@pytest.mark.django_db
def test_an_added_instrument_can_be_used_and_is_read_once() -> None:
    added = add_instrument(SCAN.encode())
    assert added.is_new
    assert instrument("service-scan", 1).title.say("en") == "Service scan"
    with CaptureQueriesContext(connection) as queries:
        again = instrument("service-scan", 1)
    assert again is instrument("service-scan", 1)
    assert len(queries) == 0
    assert [each.id for each in instruments()] == [PLAYBOOK, "service-scan"]


@pytest.mark.django_db
def test_adding_the_same_text_twice_is_nothing_and_another_text_is_refused() -> None:
    add_instrument(SCAN.encode())
    assert not add_instrument(SCAN.replace("# An", "# Another").encode()).is_new
    with pytest.raises(DeedRefused, match="Version 1 of “service-scan” is here already and says otherwise"):
        add_instrument(SCAN.replace("Channels", "Ways in").encode())
    assert InstrumentFile.objects.count() == 1


@pytest.mark.django_db
def test_a_newer_version_stands_beside_the_older() -> None:
    add_instrument(SCAN.encode())
    add_instrument(SCAN.replace("version: 1", "version: 2").replace("Channels", "Ways in").encode())
    assert latest_version("service-scan") == 2
    assert [str(instrument("service-scan", each).dimensions[0].title) for each in (1, 2)] == ["Channels", "Ways in"]
    assert [(each.id, each.version) for each in instruments()] == [(PLAYBOOK, 1), ("service-scan", 2)]


@pytest.mark.django_db
def test_the_products_own_cannot_be_replaced() -> None:
    with pytest.raises(DeedRefused, match="comes with the product"):
        add_instrument(SCAN.replace("service-scan", PLAYBOOK).replace("version: 1", "version: 9").encode())


@pytest.mark.django_db
def test_an_instrument_of_an_edition_is_offered_only_to_its_workbooks() -> None:
    playbook = edition("draaiboek", 1)
    add_instrument(SCAN.encode())
    assert [each.id for each in instruments(playbook)] == [PLAYBOOK, "service-scan"]
    other = type(playbook)(
        **{**{name: getattr(playbook, name) for name in playbook.__dataclass_fields__}, "version": 2}
    )
    assert [each.id for each in instruments(other)] == ["service-scan"]


@pytest.mark.django_db
def test_an_unknown_instrument_says_so() -> None:
    for ask in (lambda: instrument("nothing", 1), lambda: instrument(PLAYBOOK, 99), lambda: latest_version("nothing")):
        with pytest.raises(UnknownInstrument):
            ask()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor == "sqlite", reason="threads share no database in memory")
def test_two_operators_who_add_at_once_make_one_version() -> None:
    results: list[str] = []

    def add(text: str) -> None:
        try:
            results.append("new" if add_instrument(text.encode()).is_new else "same")
        except DeedRefused:
            results.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=add, args=(SCAN.replace("Channels", name),)) for name in ("Channels", "Other")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(results) == ["new", "refused"]


# What a measurement asks


CUSTOM = [
    {
        "id": "parking",
        "kind": "single",
        "label": "Hoe vlot parkeer je?",
        "options": ["Niet", "Wel"],
        "extra": "dont-know",
    },
    {"id": "idea", "kind": "open", "label": {"nl": "Welk idee?", "en": "Which idea?"}, "roles": ["staff"]},
]


def measurement(cast: Cast, **given_values: Any) -> Measurement:
    return Measurement(
        administration=cast.administration,
        workbook=cast.workbook,
        name="Nulmeting",
        **{"instrument_id": PLAYBOOK, "instrument_version": 1, **given_values},
    )


def test_a_measurement_asks_what_it_chose_and_its_own_questions(scoped: Cast) -> None:
    asked = asked_by(measurement(scoped, dimensions=["C.2.3", "B.4.1"], custom=CUSTOM))
    assert [(each.id, len(each.questions)) for each in asked.dimensions] == [("B.4.1", 7), ("C.2.3", 1), ("custom", 2)]
    assert [each.key for each in custom_questions(measurement(scoped, custom=CUSTOM))] == [
        "custom/parking",
        "custom/idea",
    ]
    assert {each.field.scoring for each in asked.by_id["custom"].questions} == {None}


def test_a_measurement_that_chose_nothing_asks_all_but_the_optional(scoped: Cast) -> None:
    asked = asked_by(measurement(scoped))
    assert [each.id for each in asked.dimensions] == ["B.4.1", "B.4.2", "B.4.3", "B.4.4", "B.4.5"]


@pytest.mark.django_db
def test_a_closed_measurement_asks_what_it_asked_then(scoped: Cast) -> None:
    made = measurement(scoped, dimensions=["B.4.5"], custom=CUSTOM)
    made.frozen = {"instrument": as_json(asked_by(made))}
    made.save()
    Measurement.objects.update(instrument_id="gone", dimensions=["B.4.1"], custom=[])
    found = Measurement.objects.get()
    assert [each.id for each in asked_by(found).dimensions] == ["B.4.5", "custom"]
    assert asked_by(found).questions["custom/idea"].field.label.say("en") == "Which idea?"
    assert found.frozen == {"instrument": as_json(asked_by(found))}


def test_questions_of_its_own_are_kept_as_they_are_read() -> None:
    read = read_custom(CUSTOM)
    assert as_custom(read_custom(as_custom(read))) == as_custom(read)
    assert read[0].field.extra_label.say("nl") == "Weet ik niet"
    assert (read[1].roles, read[1].seconds, read[1].field.label.say("nl")) == (("staff",), 90, "Welk idee?")


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ({"id": "x", "kind": "single", "label": "A", "options": ["only one"]}, (0, "options")),
        ({"id": "x", "kind": "single", "label": "A", "options": ["a", "  "]}, (0, "options", 1)),
        ({"id": "../x", "kind": "open", "label": "A"}, (0, "id")),
        ({"id": "x", "kind": "list", "label": "A"}, (0, "kind")),
        ({"id": "x", "kind": "open", "label": ""}, (0, "label")),
        ({"id": "x", "kind": "open", "label": "A" * 401}, (0, "label")),
        ({"id": "x", "kind": "open", "label": {"nl": 1}}, (0, "label")),
        ({"id": "x", "kind": "open", "label": "A", "extra": "dont-know"}, (0, "extra")),
        ({"id": "x", "kind": "open", "label": "A", "roles": ["king"]}, (0, "roles")),
        ({"id": "x", "kind": "open", "label": "A", "seconds": True}, (0, "seconds")),
        ({"id": "x", "kind": "open", "label": "A", "scoring": "ordinal"}, (0,)),
        ("x", (0,)),
    ],
)
def test_a_question_of_its_own_that_is_wrong_says_where(raw: Any, path: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_custom([raw])
    assert caught.value.path == path


def test_two_questions_of_its_own_cannot_share_an_id() -> None:
    with pytest.raises(InvalidValue):
        read_custom([CUSTOM[0], CUSTOM[0]])
