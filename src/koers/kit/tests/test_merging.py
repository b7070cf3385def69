"""Two people change one text: nothing that anybody wrote is lost, and only the same words clash."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers.kit.richtext import alignment, clean, folding, from_plain, merge, merge_plain, parse, to_html, words
from koers.kit.richtext.alignment import hunks
from koers.kit.richtext.build import cleaned
from koers.kit.richtext.lines import linearise, rebuild
from koers.kit.richtext.reading import read

DUTCH = """\
De gemeente wil tegen 2027 elke burger digitaal én menselijk helpen, zonder dat iemand uit de boot valt.
Onze ambitie: minder papier, meer tijd voor gesprekken aan het loket (en thuis, waar dat nodig is).

Het bestuur keurde op 12.05.2025 een budget van 1.250.000 euro goed; de raad vroeg om een jaarlijkse evaluatie.
De collega's van het OCMW, de bibliotheek en de technische dienst schreven mee aan deze visie.

Wat doen we eerst? We brengen alle processen in kaart, kiezen er drie uit en verbeteren die samen met inwoners."""


def html(*paragraphs: str) -> str:
    return clean("".join(f"<p>{each}</p>" for each in paragraphs))


def bag(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", words(text)))


A, B, C = "Een twee drie vier vijf zes.", "Zeven acht negen tien elf.", "Twaalf dertien veertien."
LINK = '<a href="https://example.org/{}" rel="noopener noreferrer">hier</a>'


@pytest.mark.parametrize(
    ("base", "stored", "incoming", "result"),
    [
        pytest.param("", html("a"), html("b"), html("a", "b"), id="both begin in an empty field"),
        pytest.param("", html("a"), html("a"), html("a"), id="both say the same"),
        pytest.param("", html("Hallo"), html("Hallo allemaal"), html("Hallo allemaal"), id="one typed on"),
        pytest.param(html(A), "", html(A), "", id="one clears, the other does nothing"),
        pytest.param(html(A, B), html(A), "", "", id="both only delete"),
        pytest.param(html(A, B), html("EEN" + A[3:], B), html(A, B[:-4] + "11."),
                     html("EEN" + A[3:], B[:-4] + "11."), id="different paragraphs"),
        pytest.param(html(A), html(A.replace("twee", "2")), html(A.replace("vijf", "5")),
                     html("Een 2 drie vier 5 zes."), id="different words of one paragraph"),
        pytest.param(html(A), html(A.replace("twee", "2")), html(A.replace("drie", "3")),
                     html("Een 2 3 vier vijf zes."), id="neighbouring words"),
        pytest.param(html(A), html("Een twee drie", "vier vijf zes."), html(A.replace("vijf", "5")),
                     html("Een twee drie", "vier 5 zes."), id="Enter while the other edits the second half"),
        pytest.param(html(A, B), html(A + " " + B), html(A, B.replace("acht", "8")),
                     html(A + " " + B.replace("acht", "8")), id="paragraphs joined while the other edits one"),
        pytest.param(html(A, B), html(A, "x", B), html(A + " Erbij.", B), html(A + " Erbij.", "x", B),
                     id="a new paragraph after a line that the other continues"),
        pytest.param(html(A, B), html(A, "x", B), html(A, "y", B), html(A, "x", "y", B), id="two new paragraphs"),
        pytest.param(html(A, B), html(A, "x", B), html(A, "Nu " + B, C), html(A, "x", "Nu " + B, C),
                     id="a new paragraph before a line that the other begins otherwise"),
        pytest.param(html("een <strong>twee</strong> drie"), html("een <strong>twee drie</strong>"),
                     html("een <em>twee</em> drie vier"), html("een <em>twee</em> <strong>drie</strong> vier"),
                     id="marks of one, words of the other"),
        pytest.param(html("een twee drie"), html("een <strong>twee</strong> drie"), html("een 2 drie"),
                     html("een 2 drie"), id="marks on words that the other replaced"),
        pytest.param("<p>Kop</p><p>a b</p>", "<h3>Kop</h3><p>a b</p>", "<p>Kop</p><p>a b c</p>",
                     "<h3>Kop</h3><p>a b c</p>", id="a paragraph becomes a heading"),
        pytest.param("<p>a b</p><p>c d</p>", "<ul><li><p>a b</p></li><li><p>c d</p></li></ul>", "<p>a b</p><p>c e</p>",
                     "<ul><li><p>a b</p></li><li><p>c e</p></li></ul>", id="paragraphs become a list"),
        pytest.param("<ul><li><p>a</p></li></ul>", "<ul><li><p>a</p></li><li><p>b</p></li></ul>",
                     "<ul><li><p>a</p><ul><li><p>c</p></li></ul></li></ul>",
                     "<ul><li><p>a</p></li><li><p>b</p><ul><li><p>c</p></li></ul></li></ul>", id="items"),
        pytest.param(html("a<br>b"), html("a x<br>b"), html("a<br>b y"), html("a x<br>b y"), id="a line break"),
        pytest.param(html("12.500 euro"), html("13.500 euro"), html("12.800 euro"),
                     html("13.500 12.800 euro"), id="a number is one word"),
        pytest.param(
            clean("<table><tr><td>a<td>b<tr><td>1<td>2</table>"),
            clean("<table><tr><td>a<td>b<tr><td>1 x<td>2</table>"),
            clean("<table><tr><td>a<td>b<tr><td>1<td>2<tr><td>3<td>4</table>"),
            clean("<table><tr><td>a<td>b<tr><td>1 x<td>2<tr><td>3<td>4</table>"), id="a table"),
        pytest.param(html("a\u00a0b c"), html("a\u00a0b c d"), html("é a\u00a0b c"), html("é a\u00a0b c d"), id="nbsp"),
        pytest.param(html("a b"), html("a\u00a0b"), html("a b c"), html("a\u00a0b c"), id="a space becomes hard"),
    ],
)  # fmt: skip
def test_what_two_people_did(base: str, stored: str, incoming: str, result: str) -> None:
    assert merge(base, stored, incoming).result == result


@pytest.mark.parametrize(
    ("base", "stored", "incoming"),
    [
        (html(A, B), html("EEN" + A[3:], B), html(A, B[:-4] + "11.")),
        (html(A), html("Een twee drie", "vier vijf zes."), html(A.replace("vijf", "5"))),
        (html(A, B), html(A), ""),
        ("", html("a"), html("b")),
    ],
)
def test_no_clash(base: str, stored: str, incoming: str) -> None:
    merged = merge(base, stored, incoming)
    assert merged.clashes == ()
    assert merged.result == merged.with_stored == merged.with_incoming


def test_the_same_word_changed_by_both_is_a_clash_with_both_in_the_result() -> None:
    merged = merge(html(A), html(A.replace("twee", "2")), html(A.replace("twee", "II")))
    assert merged.result == html("Een 2 II drie vier vijf zes.")
    assert merged.with_stored == html("Een 2 drie vier vijf zes.")
    assert merged.with_incoming == html("Een II drie vier vijf zes.")
    (clash,) = merged.clashes
    assert (clash.stored, clash.incoming, clash.before, clash.after) == ("2", "II", "Een", "drie vier vijf zes.")


def test_two_clashes_in_a_paragraph_give_two_paragraphs() -> None:
    stored, incoming = html("Een 2 drie vier V zes.", B), html("Een II drie vier 5 zes.", B)
    merged = merge(html(A, B), stored, incoming)
    assert merged.result == html("Een 2 drie vier V zes.", "Een II drie vier 5 zes.", B)
    assert (merged.with_stored, merged.with_incoming, len(merged.clashes)) == (stored, incoming, 1)


def test_two_rewritten_paragraphs_stand_under_each_other_as_they_were_written() -> None:
    base = "De gemeente wil tegen 2027 elke burger helpen, zonder dat iemand uit de boot valt."
    stored = "Wij kiezen voor een stad waarin niemand uit de boot valt en iedereen de weg vindt."
    incoming = "Tegen 2030 helpt het OCMW samen met de stad alle inwoners, digitaal waar het kan."
    merged = merge(html(base, B), html(stored, B), html(incoming, B, C))
    assert merged.result == html(stored, incoming, B, C)
    assert [(clash.stored, clash.incoming) for clash in merged.clashes] == [(stored, incoming)]


def test_a_deleted_paragraph_that_the_other_edited_stays_and_clashes() -> None:
    edited = html(A.replace("vijf", "5"), B)
    merged = merge(html(A, B), html(B), edited)
    assert (merged.result, merged.with_stored, merged.with_incoming) == (edited, html(B), edited)
    assert [(clash.stored, clash.incoming) for clash in merged.clashes] == [("", "Een twee drie vier 5 zes.")]


def test_words_added_to_the_end_of_a_deleted_paragraph_keep_that_paragraph() -> None:
    merged = merge(html(A, B, C), html(A, C), html(A, B + " Erbij.", C))
    assert merged.result == html(A, B + " Erbij.", C)
    assert merged.with_stored == html(A, C)


def test_two_links_on_one_word_clash() -> None:
    merged = merge(*(html(f"zie {LINK.format(page)} nu") for page in "abc"))
    assert merged.result == html(f"zie {LINK.format('b')} {LINK.format('c')} nu")
    assert merged.with_incoming == html(f"zie {LINK.format('c')} nu")


ONE_LIST, TWO = (
    "<ul><li><p>a</p></li><li><p>b</p></li><li><p>a</p></li></ul>",
    "<ul><li><p>{}</p></li><li><p>{}</p></li></ul>",
)


@pytest.mark.parametrize(
    ("base", "stored", "incoming", "result"),
    [
        (html(A, B, A), html(B, A), html(A, B), html(B, A)),
        (ONE_LIST, TWO.format("b", "a"), TWO.format("a", "b"), TWO.format("b", "a")),
        (html(A, B, A, C, A), html(B, A, C, A), html(A, B, C, A), html(B, C, A)),
        (html(A, A), html(A), html(A), html(A)),
    ],
)
def test_of_a_line_that_stood_there_twice_one_stays_when_each_takes_away_another(
    base: str, stored: str, incoming: str, result: str
) -> None:
    merged = merge(base, stored, incoming)
    assert (merged.result, merged.clashes) == (result, ())


def test_each_takes_away_another_of_two_equal_plain_lines() -> None:
    assert merge_plain("a\nb\na", "b\na", "a\nb").result == "b\na"
    assert merge_plain("a\n\nb\n\nc", "a\nb\n\nc", "a\n\nb\nc").result == "a\nb\nc"


def test_a_table_that_becomes_too_long_goes_on_in_another() -> None:
    def table(*rows: str) -> str:
        return clean("<table>" + "".join(f"<tr><td>{row}<td>x" for row in ("kop", *rows)) + "</table>")

    rows = [f"rij{number}" for number in range(198)]
    merged = merge(table(*rows), table("eerst", *rows), table(*rows, "laatst"))
    assert clean(merged.result) == merged.result
    assert bag(merged.result) == bag(table("eerst", *rows)) + Counter({"laatst": 1, "x": 1})
    assert merge(table(*rows[:-1]), table("eerst", *rows[:-1]), table(*rows)).result == table("eerst", *rows)


def test_a_clash_in_a_long_paragraph_is_of_the_words_that_clash() -> None:
    long = [f"woord{number}" for number in range(300)]
    stored, incoming = ([*long[:150], new, *long[151:]] for new in ("mijn tekst", "jouw tekst"))
    merged = merge(*(html(" ".join(each)) for each in (long, stored, incoming)))
    assert merged.result == html(" ".join([*long[:150], "mijn jouw tekst", *long[151:]]))
    (clash,) = merged.clashes
    assert (clash.stored, clash.incoming) == ("mijn", "jouw")
    assert clash.before == " ".join(long[144:150])
    stored = [*stored[:10], "begin", *stored[11:]]
    incoming = [*incoming[:10], "start", *incoming[11:]]
    merged = merge(*(html(" ".join(each)) for each in (long, stored, incoming)))
    assert merged.result == html(" ".join(stored), " ".join(incoming))


def test_words_never_glue_together() -> None:
    merged = merge(html("a (b) c"), html("(b) c"), html("a (b) x"))
    assert bag(merged.result) == Counter({"b": 1, "x": 1})
    assert merge_plain("", "a", "b").result == "a\nb"


def test_plain_lines_merge() -> None:
    base = "eerste regel\n\n  - ingesprongen  twee"
    merged = merge_plain(base, base + "\nvierde", base.replace("eerste", "1e"))
    assert merged.result == "1e regel\n\n  - ingesprongen  twee\nvierde"
    merged = merge_plain("eind 2027", "eind 2028", "eind 2030")
    assert (merged.result, merged.with_stored, merged.with_incoming) == ("eind 2028 2030", "eind 2028", "eind 2030")


# For all texts

_inline = st.lists(
    st.sampled_from(
        [*"ab1 ,.'_é\u00a0\u0301👍", "aa", " de ", " het ", "<b>", "</b>", "<i>", "</i>", "<br>", "&lt;", "</p><p>",
         "<a href='http://x.y/'>", "<a href='http://x.z/'>", "</a>"]
    ),
    max_size=8,
).map("".join)  # fmt: skip
_simple = st.recursive(
    _inline.map(lambda text: f"<p>{text}</p>"),
    lambda inner: st.tuples(
        st.sampled_from(["ul", "ol"]), st.lists(inner.map(lambda x: f"<li>{x}</li>"), max_size=3)
    ).map(lambda list_: f"<{list_[0]}>{''.join(list_[1])}</{list_[0]}>"),
    max_leaves=4,
)
_tables = st.lists(st.lists(_inline.map(lambda x: f"<td>{x}</td>"), max_size=3).map("".join), max_size=3).map(
    lambda rows: "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"
)
_headings = st.tuples(st.sampled_from(["h3", "h4"]), _inline).map(lambda each: f"<{each[0]}>{each[1]}</{each[0]}>")
_blocks = st.one_of(_simple, _tables, _headings, _simple.map(lambda inside: f"<blockquote>{inside}</blockquote>"))
_texts = st.lists(_blocks, max_size=4).map("".join).map(clean)


@st.composite
def _variants(draw: st.DrawFn) -> tuple[str, str, str]:
    """A text of blocks, and two that share many of its blocks."""
    blocks = draw(st.lists(_blocks, max_size=4))
    sides = []
    for _side in range(2):
        side = [
            piece
            for block in blocks
            for piece in draw(st.sampled_from([[block], [block], [], [draw(_blocks)], [block, draw(_blocks)]]))
        ]
        sides.append(clean("".join(side)))
    return clean("".join(blocks)), sides[0], sides[1]


@st.composite
def _edited(draw: st.DrawFn) -> tuple[str, str, str]:
    """The Dutch text, and two that were edited by a random script each."""
    sides = []
    for name in "si":
        pieces = re.findall(r"\n+|\S+", DUTCH)
        for number in range(draw(st.integers(0, 6))):
            at, width = draw(st.integers(0, len(pieces))), draw(st.integers(0, 12))
            new = draw(
                st.lists(st.sampled_from([f"{name}{number}", "de", "<b>het</b>", "\n\n", "\n", "x,"]), max_size=4)
            )
            pieces[at : at + width] = new
        text = " ".join(pieces)
        sides.append(clean("".join(f"<p>{each.replace(chr(10), '<br>')}</p>" for each in text.split("\n\n"))))
    return from_plain(DUTCH), sides[0], sides[1]


@st.composite
def _worked_on(draw: st.DrawFn) -> tuple[str, str, str]:
    """Some lines in any block, and two that people worked on; the block may have become another."""
    chance = random.Random(draw(st.integers(0, 2**32)))

    def words_(most: int) -> list[str]:
        return [
            chance.choice(_SAMPLE) if chance.random() < 0.5 else f"w{chance.randrange(99)}" for _word in range(most)
        ]

    def worked_on(lines: list[list[str]]) -> list[list[str]]:
        lines = [list(line) for line in lines]
        for _edit in range(chance.randrange(5)):
            at = chance.randrange(len(lines))
            line, place = lines[at], chance.randrange(len(lines[at]) + 1)
            lines[at : at + 1] = chance.choice([
                [[*line[:place], *words_(chance.randrange(3)), *line[place + chance.randrange(3) :]]],
                [line[:place], line[place:]], [["nieuw"], line], [[*line, *(lines[at + 1] if lines[at + 1 :] else [])]],
            ])  # fmt: skip
        return lines

    base = [words_(chance.randint(1, 12)) for _line in range(chance.randint(1, 9))]
    kind = chance.choice(_KINDS)
    kinds = (kind, chance.choice([kind, kind, kind, chance.choice(_KINDS)]), kind)
    texts = (
        _in_block([" ".join(line) for line in lines], which)
        for lines, which in zip((base, worked_on(base), worked_on(base)), kinds, strict=True)
    )
    return next(texts), next(texts), next(texts)


_SAMPLE = ["de", "het", "stad", "(zo)", "x.", "<b>vet</b>", "<i>en schuin</i>", "<a href='http://x.y/'>hier</a>",
           "&amp;", "*", "_", "1.", "-", "`", "é", "\u00a0"]  # fmt: skip
_KINDS = ["p", "br", "ul", "nested", "quote", "table", "headings", "mixed"]


def _in_block(lines: list[str], kind: str) -> str:
    paragraphs = [f"<p>{line}</p>" for line in lines]
    items = ["<ul>", *(f"<li>{each}</li>" for each in paragraphs), "</ul>"]
    cells = [f"<td>{each}" for each in paragraphs]
    parts = {
        "p": paragraphs,
        "br": ["<p>", "<br>".join(lines), "</p>"],
        "ul": items,
        "nested": ["<ol><li><p>x</p>", *items, *paragraphs[:2], "</li><li>y</li></ol>"],
        "quote": ["<blockquote>", *paragraphs[:3], *items, "</blockquote>"],
        "table": ["<table><tr><td>kop", *(f"<tr>{''.join(cells[at : at + 3])}" for at in range(0, len(cells), 3))],
        "headings": [f"<h3>{line}</h3>{paragraph}" for line, paragraph in zip(lines, paragraphs[1:], strict=False)],
        "mixed": [*paragraphs[:3], *items, "<h3>kop</h3>", *paragraphs[4:]],
    }
    return clean("".join(parts[kind]))


@contextmanager
def _short_stretches() -> Iterator[None]:
    """Three words that nobody touched are a long stretch."""
    with mock.patch.multiple(folding, _WORTH=3, _EDGE=1, _SHORT=2):
        yield


def check(base: str, stored: str, incoming: str) -> None:
    _check(base, stored, incoming)
    with _short_stretches():
        _check(base, stored, incoming)


def _check(base: str, stored: str, incoming: str) -> None:
    merged = merge(base, stored, incoming)
    swapped = merge(base, incoming, stored)
    for text in (merged.result, merged.with_stored, merged.with_incoming):
        assert clean(text) == text
    assert bag(merged.result) == bag(swapped.result)
    for side in (stored, incoming):
        assert not (bag(side) - bag(base)) - bag(merged.result)
    once = {word for word, count in bag(base).items() if count == 1}
    assert once & set(bag(stored)) & set(bag(incoming)) <= set(bag(merged.result))
    if not merged.clashes:
        assert bag(merged.result) == bag(merged.with_stored) == bag(merged.with_incoming)
    assert merge(base, stored, base).result == stored
    assert merge(base, base, incoming).result == incoming
    assert merge(base, stored, stored).result == stored


@settings(max_examples=80, deadline=None)
@given(_worked_on())
def test_any_block_that_people_worked_on_merges_without_loss(texts: tuple[str, str, str]) -> None:
    check(*texts)


@settings(max_examples=80, deadline=None)
@given(_variants())
def test_any_trees_merge_without_loss(texts: tuple[str, str, str]) -> None:
    check(*texts)


@settings(max_examples=50, deadline=None)
@given(_texts, _texts, _texts)
def test_any_unrelated_trees_merge_without_loss(base: str, stored: str, incoming: str) -> None:
    check(base, stored, incoming)


@settings(max_examples=60, deadline=None)
@given(_edited())
def test_any_edits_of_a_dutch_text_merge_without_loss(texts: tuple[str, str, str]) -> None:
    check(*texts)


@settings(max_examples=150, deadline=None)
@given(_texts)
def test_any_tree_is_its_tokens(text: str) -> None:
    assert read(text) == parse(text)
    assert to_html(rebuild(linearise(parse(text)))) == text


@settings(max_examples=80, deadline=None)
@given(st.lists(_texts, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_any_row_of_tokens_is_a_tree(texts: list[str], chance: random.Random) -> None:
    tokens = [token for text in texts for token in linearise(parse(text))]
    chance.shuffle(tokens)
    built = clean(to_html(rebuild(tokens)))
    expected = Counter(part for token in tokens if token.runs for part in re.findall(r"\w+", token.key))
    assert bag(built) == expected


_plain = st.text(st.sampled_from("ab1 ,.\n\té\u00a0"), max_size=30)


@settings(max_examples=150, deadline=None)
@given(_plain, _plain, _plain)
def test_any_plain_texts_merge_without_loss(base: str, stored: str, incoming: str) -> None:
    base, stored, incoming = (
        "\n".join(line.rstrip() for line in each.split("\n")).strip() for each in (base, stored, incoming)
    )
    merged = merge_plain(base, stored, incoming)
    result = Counter(re.findall(r"\w+", merged.result))
    assert result == Counter(re.findall(r"\w+", merge_plain(base, incoming, stored).result))
    for side in (stored, incoming):
        inserted = Counter(re.findall(r"\w+", side)) - Counter(re.findall(r"\w+", base))
        assert not inserted - result
    assert merge_plain(base, stored, base).result == merge_plain(base, base, stored).result == stored


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_edits_to_different_words_never_clash(data: st.DataObject) -> None:
    """Each word of the text has at most one editor, who replaces it, deletes it, or writes something after it."""
    pieces = re.findall(r"\n\n|\S+", DUTCH)
    at = data.draw(st.lists(st.integers(0, len(pieces) - 1), unique=True, max_size=12))
    sides = {"stored": list(pieces), "incoming": list(pieces)}
    expected = list(pieces)
    for number, place in enumerate(at):
        if pieces[place] == "\n\n":
            continue
        side = sides[data.draw(st.sampled_from(sorted(sides)))]
        side[place] = expected[place] = f"nieuw{number}"
    merged = merge(*(from_plain(" ".join(each)) for each in (pieces, sides["stored"], sides["incoming"])))
    assert merged.clashes == ()
    assert merged.result == from_plain(" ".join(expected))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_edits_to_different_paragraphs_never_clash(data: st.DataObject) -> None:
    paragraphs = [f"Alinea {number} over onderwerp{number} van de gemeente." for number in range(8)]
    editors = data.draw(st.lists(st.sampled_from([None, "stored", "incoming"]), min_size=8, max_size=8))
    sides: dict[str, list[str]] = {"stored": [], "incoming": []}
    expected = []
    for number, (paragraph, editor) in enumerate(zip(paragraphs, editors, strict=True)):
        new = data.draw(
            st.sampled_from([[], [f"Nieuw {number}."], [paragraph + " Erbij."], [f"Voor {number}.", paragraph]])
        )
        for name, side in sides.items():
            side += new if name == editor else [paragraph]
        expected += new if editor else [paragraph]
    merged = merge(html(*paragraphs), html(*sides["stored"]), html(*sides["incoming"]))
    assert merged.clashes == ()
    assert merged.result == html(*expected)


@given(st.text("ab\n", max_size=12), st.text("ab\n", max_size=12))
def test_hunks_say_how_one_becomes_the_other(base: str, side: str) -> None:
    built, at = "", 0
    for hunk in hunks(base, side, lambda key: key == "\n"):
        assert not at or hunk.start > at
        built += base[at : hunk.start]
        assert len(built) == hunk.side_start
        built += side[hunk.side_start : hunk.side_end]
        at = hunk.end
    assert built + base[at:] == side


@given(
    st.text("ab", max_size=40), st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["", "a", "xb"])), max_size=4)
)
def test_equal_stretches_are_all_that_a_few_edits_left(base: str, edits: list[tuple[int, str]]) -> None:
    side = base
    for place, new in edits:
        side = side[:place] + new + side[place + 1 :]
    at, side_at, left = 0, 0, 0
    with mock.patch.object(alignment, "_SHINGLE", 1):
        found = alignment.equal_stretches(base, side)
    for start, side_start, length in found:
        assert start >= at
        assert side_start >= side_at
        assert base[start : start + length] == side[side_start : side_start + length] != ""
        at, side_at, left = start + length, side_start + length, left + length
    assert left >= len(base) - len(edits)


# Speed: a machine may be busy, so the bounds are such that only work of another order breaks them


def _long(seed: int) -> list[str]:
    chance, known = random.Random(seed), DUTCH.split()
    return [chance.choice(known) for _word in range(9_500)]


def _edited_long(text: list[str], seed: int) -> list[str]:
    edited = list(text)
    for place in random.Random(seed).sample(range(len(text)), 3):
        edited[place] = f"nieuw{seed} {edited[place]}"
    return edited


_SHAPES = {
    "one paragraph": lambda text: f"<p>{' '.join(text)}</p>",
    "lines": lambda text: f"<p>{'<br>'.join(' '.join(text[at : at + 8]) for at in range(0, len(text), 8))}</p>",
    "words": lambda text: "".join(f"<p>{word}</p>" for word in text[:4_700]),
    "a list": lambda text: f"<ul>{''.join(f'<li><p>{word}</p></li>' for word in text[:2_700])}</ul>",
    "marks": lambda text: f"<p>{' '.join(f'<b>{word}</b> en' for word in text[:2_700])}</p>",
}


def _took(work: Callable[[], object]) -> float:
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


def _times_cleaning(work: Callable[[], object]) -> float:
    """How long work takes, in times that cleaning a long text takes on this machine at this moment."""
    text = _SHAPES["one paragraph"](_long(9))
    before, taken, after = _took(lambda: cleaned(text)), _took(work), _took(lambda: cleaned(text))
    return taken / max(before, after)


@pytest.mark.parametrize("shape", _SHAPES)
def test_small_edits_of_a_long_text_are_quick(shape: str) -> None:
    base = _long(1)
    texts = [clean(_SHAPES[shape](each)) for each in (base, _edited_long(base, 2), _edited_long(base, 3))]
    assert _times_cleaning(lambda: merge(*texts)) < 40


@pytest.mark.parametrize("shape", _SHAPES)
def test_three_quite_different_long_texts_are_bearable(shape: str) -> None:
    texts = [clean(_SHAPES[shape](_long(seed))) for seed in range(3)]
    assert _times_cleaning(lambda: merge(*texts)) < 400
