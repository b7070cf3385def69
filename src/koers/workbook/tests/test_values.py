"""What each kind of field accepts, stores and says."""

from typing import Any

import pytest

from koers.editions.loading import edition
from koers.workbook.values import InvalidValue, is_answered, plain_text, read_value, to_exchange

FIELDS = edition("draaiboek").fields


@pytest.mark.parametrize(
    ("key", "raw", "stored"),
    [
        ("A.3/why", "Omdat **het** moet", {"html": "<p>Omdat <strong>het</strong> moet</p>"}),
        ("A.3/why", " \n ", None),
        ("A.1/open/when", "  eind\n 2027 ", {"text": "eind 2027"}),
        ("A.1/open/estimate", {"choice": 2, "remark": " ja\r\nnee "}, {"choice": 2, "remark": "ja\nnee"}),
        ("A.1/open/estimate", {"remark": "enkel dit"}, {"remark": "enkel dit"}),
        ("A.1/open/estimate", {"choice": None, "remark": ""}, None),
        ("B.4.1/2", {"choice": "not-applicable"}, {"choice": "not-applicable"}),
        ("B.4.1/6", {"choices": [3, 1]}, {"choices": [1, 3]}),
        ("B.4.1/7", {"choices": ["dont-know"]}, {"choices": ["dont-know"]}),
        ("B.4.5/3", {"rows": {"vested": 2, "vigilant": 4}}, {"rows": {"vigilant": 4, "vested": 2}}),
        ("B.4.4/1", {"items": [{"name": "Dossier", "note": ""}, {}]}, {"items": [{"name": "Dossier"}]}),
        ("C.1.3/budget", {"items": [{"item": "X", "year": 2027, "one-off": 12500.5}]},
         {"items": [{"item": "X", "year": 2027, "one-off": 12500.5}]}),
        ("C.2.3/inspired/share", 15, {"percent": 15}),
        ("C.2.3/inspired/share", 12.5, {"percent": 12.5}),
        ("C.2.3/inspired/share", None, None),
    ],
)  # fmt: skip
def test_a_right_value_is_stored(key: str, raw: Any, stored: Any) -> None:
    value = read_value(FIELDS[key], raw, "markdown")
    assert value == stored
    if value is not None:
        assert read_value(FIELDS[key], to_exchange(FIELDS[key], value), "markdown") == stored


@pytest.mark.parametrize(
    ("key", "raw", "message", "path"),
    [
        ("A.3/why", 3, "This must be text.", ()),
        ("A.3/why", "x" * 300_000, "This text is too long: 300000 characters, at most 60000 fit.", ()),
        ("A.1/open/estimate", {"choice": 4}, "4 is out of range: choose from 1 to 3.", ("choice",)),
        ("A.1/open/estimate", {"choice": 0}, "0 is out of range: choose from 1 to 3.", ("choice",)),
        ("A.1/open/estimate", {"choice": True}, "This must be a whole number.", ("choice",)),
        ("A.1/open/estimate", {"choice": "2"}, "“2” is not an answer to this question.", ("choice",)),
        ("A.1/open/estimate", {"choice": "not-applicable"}, "“not-applicable” is not an answer to this question.",
         ("choice",)),
        ("A.1/open/estimate", {"chosen": 1}, "Unknown key “chosen”.", ("chosen",)),
        ("A.1/open/estimate", 2, "This field expects: choice, remark.", ()),
        ("B.4.1/6", {"choices": [1, 1]}, "The same choice stands here twice.", ("choices",)),
        ("B.4.1/6", {"choices": 1}, "“choices” must be a list.", ("choices",)),
        ("B.4.1/7", {"choices": ["dont-know", 1]}, "“dont-know” cannot stand beside another choice.", ("choices",)),
        ("B.4.5/3", {"rows": {"boss": 1}}, "Unknown row “boss”.", ("rows", "boss")),
        ("B.4.5/3", {"rows": {"vested": 5}}, "5 is out of range: choose from 1 to 4.", ("rows", "vested")),
        ("B.4.4/1", {"items": [{"price": "1"}]}, "Unknown column “price”.", ("items", 0, "price")),
        ("B.4.4/1", {"items": ["x"]}, "Each item must be a mapping of column to value.", ("items", 0)),
        ("C.2.3/inspired/share", 101, "101 is out of range: from 0 to 100.", ()),
        ("C.2.3/inspired/share", -1, "-1 is out of range: from 0 to 100.", ()),
        ("C.2.3/inspired/share", True, "This must be a number.", ()),
        ("C.2.3/inspired/share", "15", "This must be a number.", ()),
        ("A.2/choice", {"choice": 1, "remark": "x"}, "This field has no room for a remark.", ("remark",)),
    ],
)  # fmt: skip
def test_a_wrong_value_is_refused_and_says_where(key: str, raw: Any, message: str, path: tuple[Any, ...]) -> None:
    with pytest.raises(InvalidValue) as caught:
        read_value(FIELDS[key], raw, "markdown")
    assert (caught.value.message, caught.value.path) == (message, path)


def test_a_remark_alone_is_not_an_answer() -> None:
    assert not is_answered({"remark": "x"})
    assert is_answered({"choice": 1})


def test_plain_text_says_the_answer_in_words() -> None:
    field = FIELDS["B.4.1/7"]
    assert plain_text(field, {"choices": ["dont-know"], "remark": "r"}, "en") == f"{field.extra_label.say('en')}\nr"


def test_the_exchange_file_keeps_the_order_of_the_field_whatever_the_database_does() -> None:
    stored = {"remark": "r", "items": [{"note": "n", "name": "a"}]}
    written = to_exchange(FIELDS["B.4.4/1"], stored)
    assert list(written) == ["items", "remark"]
    assert list(written["items"][0]) == ["name", "note"]
    rows = to_exchange(FIELDS["B.4.5/3"], {"rows": {"vested": 1, "vigilant": 2}})
    assert list(rows["rows"]) == ["vigilant", "vested"]
