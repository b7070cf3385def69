"""Rich text: whatever comes in becomes the closed schema, and Markdown says exactly the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers.kit.richtext import clean, from_markdown, from_plain, parse, to_html, to_markdown, words


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("", ""),
        ("<p> </p><p>\u00a0</p>", ""),
        ("plain", "<p>plain</p>"),
        ("<p>a <b>b</b> <i>c</i></p>", "<p>a <strong>b</strong> <em>c</em></p>"),
        ("<h1>Top</h1><h5>Sub</h5>", "<h3>Top</h3><h4>Sub</h4>"),
        ("<ul><li>a<ul><li>b</ul></ul>", "<ul><li><p>a</p><ul><li><p>b</p></li></ul></li></ul>"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("<p onclick='x()' style='color:red' class=MsoNormal>Word</p>", "<p>Word</p>"),
        ("<p>x<script>alert(1)</script></p>", "<p>x</p>"),
        ("<a href='javascript:alert(1)'>x</a>", "<p>x</p>"),
        (
            "<a href='https://example.org/a b'>x</a>",
            '<p><a href="https://example.org/a%20b" rel="noopener noreferrer">x</a></p>',
        ),
        ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
        (
            "<table><tr><td>a<td>b<tr><td>c</table>",
            "<table><tbody><tr><th><p>a</p></th><th><p>b</p></th></tr><tr><td><p>c</p></td><td><p></p></td></tr></tbody></table>",
        ),
    ],
)
def test_clean_gives_the_canonical_form(given: str, stored: str) -> None:
    assert clean(given) == stored


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("<h3>Kop</h3><p>a <strong>b</strong></p>", "### Kop\n\na **b**"),
        ("<ol><li><p>a</p></li><li><p>b</p></li></ol>", "1. a\n2. b"),
        ("<blockquote><p>q</p></blockquote>", "> q"),
        ("<p>2 * 3 * 4</p>", "2 \\* 3 \\* 4"),
        ("<p>1. geen lijst</p>", "1\\. geen lijst"),
    ],
)
def test_markdown_of_a_text(html: str, markdown: str) -> None:
    assert to_markdown(parse(html)) == markdown
    assert from_markdown(markdown) == html


def test_raw_html_in_markdown_is_text() -> None:
    assert from_markdown("<img src=x onerror=alert(1)>") == "<p>&lt;img src=x onerror=alert(1)&gt;</p>"


def test_words_are_the_text_without_marks() -> None:
    assert words("<p>a <strong>b</strong></p><ul><li><p>c</p></li></ul>") == "a b\nc"


def test_plain_text_keeps_its_lines() -> None:
    assert from_plain("a\nb\n\nc <d>") == "<p>a<br>b</p><p>c &lt;d&gt;</p>"


_PIECES = [
    *'ab1 *_[]()<>&;!|#-+=~.`\\"\n\t \u00a0é',
    *[
        "<p>",
        "</p>",
        "<b>",
        "</b>",
        "<i>",
        "</i>",
        "<ul>",
        "<ol>",
        "</ul>",
        "<li>",
        "</li>",
        "<br>",
        "<table>",
        "<tr>",
        "<td>",
        "</td>",
        "<h2>",
        "</h2>",
    ],
    *[
        "<blockquote>",
        "</blockquote>",
        '<a href="http://x.y/(z)">',
        "</a>",
        "&lt;",
        "&amp;",
        "---",
        "1. ",
        "    ",
        "&#35;",
    ],
]
_html = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)


def test_two_lists_after_another_are_one_within_a_quote_as_well() -> None:
    lists = "<ul><li>a</li></ul><ul><li>b</li></ul>"
    one = "<ul><li><p>a</p></li><li><p>b</p></li></ul>"
    assert clean(lists) == one
    assert clean(f"<blockquote>{lists}</blockquote>") == f"<blockquote>{one}</blockquote>"


@settings(max_examples=300, deadline=None)
@given(_html)
def test_any_html_settles_at_once_and_survives_markdown(html: str) -> None:
    stored = clean(html)
    assert clean(stored) == stored
    assert to_html(parse(stored)) == stored
    assert from_markdown(to_markdown(parse(stored))) == stored


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_any_plain_text_keeps_its_words(text: str) -> None:
    kept = words(from_plain(text))
    assert "".join(kept.split()) == "".join(ch for ch in "".join(text.split()) if ch >= " " and ch not in "\x7f\ufeff")
