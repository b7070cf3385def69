"""What a reader sees of a change: new words and words that went, in a text that stays safe."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers.kit.richtext import clean, marked_differences, plain_differences, words
from koers.kit.tests.texts import TEXTS, edited, html, short_stretches, variants, worked_on


@pytest.mark.parametrize(
    ("before", "after", "marked"),
    [
        (html("een twee drie"), html("een twee drie"), "<p>een twee drie</p>"),
        (html("een twee drie"), html("een 2 drie"), "<p>een <del>twee</del> <ins>2</ins> drie</p>"),
        ("", html("nieuw en wel"), "<p><ins>nieuw en wel</ins></p>"),
        (html("oud en weg"), "", "<p><del>oud en weg</del></p>"),
        (html("a b", "c d"), html("a b", "x y", "c d"), "<p>a b</p><p><ins>x y</ins></p><p>c d</p>"),
        (html("a b", "x y", "c d"), html("a b", "c d"), "<p>a b</p><p><del>x y</del></p><p>c d</p>"),
        (html("alles is goed"), html("niets is slecht"),
         "<p><del>alles is goed</del> <ins>niets is slecht</ins></p>"),
        (html("a <b>b</b> c"), html("a b c"), "<p>a <strong><del>b</del></strong> <ins>b</ins> c</p>"),
        (html("een <b>twee</b> drie"), html("een"), "<p>een <strong><del>twee</del></strong> <del>drie</del></p>"),
        (html("een twee"), html("een &lt;script&gt;"), "<p>een <del>twee</del> <ins>&lt;script&gt;</ins></p>"),
        ("<ul><li><p>a</p></li></ul>", "<ul><li><p>a</p></li><li><p>b</p></li></ul>",
         "<ul><li><p>a</p></li><li><p><ins>b</ins></p></li></ul>"),
        (html("een twee", "drie vier"), html("een twee drie vier"), "<p>een twee drie vier</p>"),
        (html("een", "twee", "drie vier"), html("een vier"), "<p>een <del>twee drie</del> vier</p>"),
    ],
)  # fmt: skip
def test_marked_differences(before: str, after: str, marked: str) -> None:
    assert marked_differences(before, after) == marked


@pytest.mark.parametrize(
    ("before", "after", "pieces"),
    [
        ("", "", []),
        ("a b c", "a x c", [("same", "a "), ("removed", "b"), ("added", "x"), ("same", " c")]),
        ("alles is goed", "niets is slecht", [("removed", "alles is goed"), ("added", "niets is slecht")]),
        ("een\ntwee", "een\nnieuw\ntwee", [("same", "een"), ("added", "\nnieuw"), ("same", "\ntwee")]),
        ("a", "<script>", [("removed", "a"), ("added", "<script>")]),
    ],
)
def test_plain_differences(before: str, after: str, pieces: list[tuple[str, str]]) -> None:
    assert plain_differences(before, after) == pieces


@given(st.text("ab \n.é", max_size=20), st.text("ab \n.é", max_size=20))
def test_plain_pieces_are_both_texts(before: str, after: str) -> None:
    pieces = plain_differences(before, after)
    assert "".join(text for kind, text in pieces if kind != "added") == before
    assert "".join(text for kind, text in pieces if kind != "removed") == after


def check(before: str, after: str) -> None:
    _check(before, after)
    with short_stretches():
        _check(before, after)


def _check(before: str, after: str) -> None:
    marked = marked_differences(before, after)
    # Tags are balanced, and nest.
    opened: list[str] = []
    for closing, tag in re.findall(r"<(/?)(\w+)[^>]*>", marked):
        if closing:
            assert opened.pop() == tag
        elif tag != "br":
            opened.append(tag)
    assert not opened
    left, new = (re.sub(f"<{tag}>.*?</{tag}>", "", marked) for tag in ("del", "ins"))
    assert _letters(words(clean(left))) == _letters(words(after))
    assert sorted(_letters(words(clean(new)))) == sorted(_letters(words(before)))


def _letters(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=80, deadline=None)
@given(worked_on())
def test_any_work_on_a_block_is_told_in_full(texts: tuple[str, str, str]) -> None:
    check(texts[1], texts[2])


@settings(max_examples=80, deadline=None)
@given(variants())
def test_any_change_of_a_tree_is_told_in_full(texts: tuple[str, str, str]) -> None:
    check(texts[0], texts[1])


@settings(max_examples=50, deadline=None)
@given(TEXTS, TEXTS)
def test_any_two_trees_are_told_apart(before: str, after: str) -> None:
    check(before, after)


@settings(max_examples=60, deadline=None)
@given(edited())
def test_any_edit_of_a_dutch_text_is_told_in_full(texts: tuple[str, str, str]) -> None:
    check(texts[1], texts[2])


def test_signs_of_its_own_in_a_text_do_no_harm() -> None:
    assert marked_differences("", html("\ue000b")) == "<p><ins>\ufffdb</ins></p>"
