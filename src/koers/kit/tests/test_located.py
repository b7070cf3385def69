"""Files from outside: plain data with lines, or a clear refusal."""

import pytest

from koers.kit.located import MAX_BYTES, Refused, read


def refusal(text: str | bytes) -> str:
    with pytest.raises(Refused) as caught:
        read(text if isinstance(text, bytes) else text.encode(), "f.yaml")
    (problem,) = caught.value.problems
    return str(problem)


def test_values_come_with_their_lines() -> None:
    located = read(b"a: 1\nb:\n  - x\n  - {c: true, d: 1.5}\ne: 2026-01-01\nf: no\nnis: 01234\n")
    assert located.value == {
        "a": 1, "b": ["x", {"c": True, "d": 1.5}], "e": "2026-01-01", "f": "no", "nis": "01234",
    }  # fmt: skip
    assert located.line(("b", 1, "c")) == 4
    assert located.line(("e",)) == 5
    assert located.line(("b", 1, "unknown")) == 4


def test_json_is_read_the_same_way() -> None:
    located = read(b'{"a": [1, 2.5, null],\n "b": "\\ud83d\\ude00 \\\\ud83d \\/"}')
    assert located.value == {"a": [1, 2.5, None], "b": "\U0001f600 \\ud83d /"}
    assert located.line(("b",)) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a: &x [1]\nb: *x\n",
            "f.yaml:1: Anchors and aliases (& and *) are not accepted: they can expand without end.",
        ),
        ("a: !!python/object/apply:os.system [ls]", "f.yaml:1: Tags (!) are not accepted."),
        ("a: 1\na: 2", "f.yaml:2: “a” stands here a second time."),
        ("a: 1\n---\nb: 2", "f.yaml:2: The file holds more than one document."),
        (b"a: \xff\xfe", "f.yaml: The file is not text in UTF-8."),
        ("[" * 50, "f.yaml:1: The file is nested too deeply."),
        ("? [a]\n: b", "f.yaml:1: A key must be plain text."),
        (b" " * (MAX_BYTES + 1), "f.yaml: The file is larger than 8 MB."),
    ],
)
def test_what_is_not_plain_finite_data_is_refused_with_its_line(text: str | bytes, message: str) -> None:
    assert refusal(text) == message


def test_a_syntax_error_names_its_line() -> None:
    message = "f.yaml:3: This is not valid YAML or JSON. Look at this line and the one before it."
    assert refusal("a: 1\nb: [1, 2\nc: 3") == message
