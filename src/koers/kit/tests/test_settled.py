"""What is taken for canonical at a glance is canonical; nothing else gets past the sanitiser."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers.kit.richtext.build import cleaned
from koers.kit.richtext.settled import is_settled

_WORDS = st.lists(
    st.one_of(
        st.sampled_from([
            "loket", "1.", "#", "**", "_x_", "[a](b)", "`", "<strong>dit</strong>", "<em>dat</em>", "(zo)", "http://a.b",
            "<strong>een twee</strong>,", "<em>x</em>.", "\\", "|", "-", "+", "&amp;", "&lt;", "<br>", "\u00a0", "=",
            "~~~", "<strong>x.</strong>", "a<strong>b</strong>", "€", "é", "!",
        ]),
        st.text(max_size=6),
    ),
    max_size=8,
)  # fmt: skip
_LINES = st.lists(_WORDS.map(" ".join), min_size=1, max_size=3)
_HTML = st.one_of(
    _LINES.map(lambda each: f"<p>{'</p><p>'.join(each)}</p>"),
    _LINES.map(lambda each: f"<ul><li><p>{'</p></li><li><p>'.join(each)}</p></li></ul>"),
)


@settings(deadline=None, max_examples=300)
@given(_HTML)
def test_what_is_taken_for_canonical_is_canonical(html: str) -> None:
    if is_settled(html):
        assert cleaned(html) == html


@settings(deadline=None)
@given(st.from_regex(r"<p>[^<]{0,40}(</p><p>[^<]{0,40}){0,3}</p>", fullmatch=True))
def test_plain_paragraphs_of_any_signs(html: str) -> None:
    if is_settled(html):
        assert cleaned(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "<p>Wij doen dit <strong>omdat</strong> het loket vergrijst, poging 3.</p><p>Al jaren één dossier.</p>",
        "<p>Kort</p>",
        "<p>Met <em>nadruk</em>.</p>",
        "<ol><li><p>Eén loket.</p></li><li><p>1. Twee - drie</p></li></ol>",
    ],
)
def test_what_people_type_is_seen_at_a_glance(html: str) -> None:
    assert is_settled(html)
    assert cleaned(html) == html


@pytest.mark.parametrize(
    "html",
    [
        "", "x", "<p></p>", "<p> x</p>", "<p>x </p>", "<p>x  y</p>", "<p>x\ny</p>", "<p>x&y</p>", "<p>x<y</p>",
        "<p>x</p> <p>y</p>", "<p>x</p><p>", "<p>x<script>y</script></p>", "<p>x <strong>y</p>", "<p onclick=a>x</p>",
        "<p>x <strong onclick=a>y</strong></p>", "<p>x\u00a0y</p>", "<p>x\x00y</p>",
        "<ul><li><p></p></li></ul>", "<ul><li><p>x</p></li></ol>", "<ul><li><p>x</p><p>y</p></li></ul>",
    ],
)  # fmt: skip
def test_anything_else_goes_the_long_way(html: str) -> None:
    assert not is_settled(html)
