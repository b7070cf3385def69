"""Two people change one text: nothing that anybody wrote is lost, and only the same words clash."""

import random
import re
from collections import Counter
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from koers.kit.richtext import alignment, clean, from_plain, merge, merge_plain, parse, to_html
from koers.kit.richtext.alignment import hunks
from koers.kit.richtext.lines import linearise, rebuild
from koers.kit.richtext.reading import read
from koers.kit.tests.texts import DUTCH, TEXTS, bag, edited, html, short_stretches, variants, worked_on

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


def check(base: str, stored: str, incoming: str) -> None:
    _check(base, stored, incoming)
    with short_stretches():
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
@given(worked_on())
def test_any_block_that_people_worked_on_merges_without_loss(texts: tuple[str, str, str]) -> None:
    check(*texts)


@settings(max_examples=80, deadline=None)
@given(variants())
def test_any_trees_merge_without_loss(texts: tuple[str, str, str]) -> None:
    check(*texts)


@settings(max_examples=50, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_any_unrelated_trees_merge_without_loss(base: str, stored: str, incoming: str) -> None:
    check(base, stored, incoming)


@settings(max_examples=60, deadline=None)
@given(edited())
def test_any_edits_of_a_dutch_text_merge_without_loss(texts: tuple[str, str, str]) -> None:
    check(*texts)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_any_tree_is_its_tokens(text: str) -> None:
    assert read(text) == parse(text)
    assert to_html(rebuild(linearise(parse(text)))) == text


@settings(max_examples=80, deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=3), st.randoms(use_true_random=False))
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
