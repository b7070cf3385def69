"""The file of an instrument: what it gives, and what is said about a wrong one, with the line."""

import re
import time
import tracemalloc
from pathlib import Path

import pytest

from koers.assessment.instruments.reading import read_instrument
from koers.assessment.instruments.themes import THEMES
from koers.editions.loading import edition
from koers.kit.located import Refused

SCAN = (Path(__file__).parent / "service_scan.yaml").read_text()
DOCS = Path(__file__).resolve().parents[4] / "docs" / "instruments.md"


def refusals(text: str) -> list[str]:
    with pytest.raises(Refused) as caught:
        read_instrument(text.encode())
    return [str(each) for each in caught.value.problems]


def test_a_file_gives_its_instrument() -> None:
    scan = read_instrument(SCAN.encode())
    online, _finished, errors = scan.dimensions[0].questions
    assert (scan.id, scan.version, scan.languages, scan.edition) == ("service-scan", 1, ("nl", "en"), None)
    assert (online.kind, online.field.scoring, online.roles, online.seconds) == ("percent", "ordinal", (), 45)
    assert (errors.field.extra, errors.field.extra_label.say("nl")) == ("not-applicable", "Niet van toepassing")
    assert [
        (level.number, [(each.question, each.at_least) for each in level.conditions])
        for level in scan.dimensions[0].levels
    ] == [
        (0, []),
        (1, [("channels/online", 20)]),
        (2, [("channels/online", 60), ("channels/finished", 50), ("channels/errors", 3)]),
    ]
    (shares,) = scan.dimensions[1].questions
    assert (shares.kind, shares.total, shares.seconds) == ("shares", 100, 90)


def test_the_example_of_the_documentation_is_right() -> None:
    (example,) = re.findall(r"```yaml\n(.*?)```", DOCS.read_text(), re.DOTALL)
    read = read_instrument(example.encode())
    assert [each.kind for each in read.questions.values()] == ["percent", "single", "matrix", "open"]


def test_the_documentation_names_every_theme() -> None:
    assert [theme for theme in THEMES if f"`{theme}`" not in DOCS.read_text()] == []


def test_a_section_gives_its_questions_and_texts() -> None:
    read = read_instrument(
        b"format: koers-instrument/1\ninstrument: short-scan\nversion: 1\nlanguages: [nl]\ntitle: Kort\nsource: Wij\n"
        b"edition: {id: draaiboek, version: 1}\ndimensions:\n  - {dimension: B.4.5, from: B.4.5}\n"
    )
    (dimension,) = read.dimensions
    assert dimension.title.say("nl") == edition("draaiboek", 1).sections["B.4.5"].title.say("nl")
    assert [each.key for each in dimension.questions] == ["B.4.5/1", "B.4.5/2", "B.4.5/3"]


BROKEN = {
    "an unknown key": ("    covers: [skills]", "    cover: [skills]", "51: Unknown key “cover”."),
    "an unknown theme": ("covers: [skills]", "covers: [magic]", "51: “magic” is not one of: strategy, services"),
    "a key twice": ("version: 1\n", "version: 1\nversion: 2\n", "5: “version” stands here a second time."),
    "another format": ("koers-instrument/1", "koers-instrument/2", "2: The format must be “koers-instrument/1”."),
    "a wrong id": (
        "instrument: service-scan",
        "instrument: Service Scan",
        "3: The id of an instrument is small letters",
    ),
    "a version that is no number": ("version: 1", "version: one", "4: This must be a whole number from 1 to 1000000."),
    "a version that is true": ("version: 1", "version: true", "4: This must be a whole number from 1 to 1000000."),
    "a language that lacks": ("{nl: Kanalen, en: Channels}", "{nl: Kanalen}", "11: The text in “en” is missing."),
    "a bare text": ("{nl: Kanalen, en: Channels}", "Kanalen", "11: Give this text in each language: nl, en."),
    "no title": ("title: {nl: Dienstscan, en: Service scan}\n", "", "2: “title” is missing."),
    "a mapping for a list": ("dimensions:\n", "dimensions: {}\nother:\n", "9: This must be a list."),
    "a question twice": ("key: channels/finished", "key: channels/online", "19: The question “channels/online” stands"),
    "a dimension twice": ("dimension: staff", "dimension: channels", "49: The dimension “channels” stands here a"),
    "a kind that is not": ("kind: shares", "kind: slider", "55: “slider” is not one of: single, multi"),
    "a role that is not": ("roles: [head, it]", "roles: [head, king]", "24: “king” is not one of: management"),
    "an unknown question in a gate": (
        "question: channels/finished,",
        "question: channels/none,",
        "47: The dimension has no question “channels/none”.",
    ),
    "an option that is not": (
        "channels/errors, at_least: 3",
        "channels/errors, at_least: 4",
        "48: This must be a whole number from 2 to 3",
    ),
    "a gate for all": (
        "channels/errors, at_least: 3",
        "channels/errors, at_least: 1",
        "48: This must be a whole number from 2 to 3",
    ),
    "a percentage too high": (
        "at_least: 60",
        "at_least: 101",
        "46: “at_least” must be a percentage above 0, at most 100.",
    ),
    "a gate that asks less": ("at_least: 60", "at_least: 20", "46: Of “channels/online” level 1 asks 20 already"),
    "a gate twice": (
        "channels/finished, at",
        "channels/online, at",
        "47: “channels/online” stands twice in this level.",
    ),
    "a row where there is none": (
        "{question: channels/errors, at_least: 3}",
        "{question: channels/errors, row: x, at_least: 3}",
        "48: “channels/errors” has no rows.",
    ),
    "a level left out": (
        "      - level: 2",
        "      - level: 3",
        "43: Levels begin at 0 and go up by one: this one is level 2.",
    ),
    "conditions of level 0": (
        "title: {nl: Begin, en: Start}\n",
        "title: {nl: Begin, en: Start}\n        when: [{question: channels/online, at_least: 2}]\n",
        "39: Level 0 needs nothing: leave “when” out.",
    ),
    "a gate on a question that is not ordinal": (
        "scoring: ordinal\n        label: {nl: Welk deel daarvan",
        "label: {nl: Welk deel daarvan",
        "46: “channels/finished” is not an ordinal question: it cannot open a gate.",
    ),
    "from without an edition": (
        "- key: staff/where\n        kind: shares",
        "- from: B.4.1",
        "54: “from” needs “edition”",
    ),
    "writes without an edition": (
        "kind: shares\n",
        "kind: shares\n        writes: {home: C.2.3/inspired/share}\n",
        "56: “writes” needs “edition”",
    ),
    "an open question that is scored": (
        "kind: shares\n",
        "kind: open\n        scoring: ordinal\n",
        "56: Only a single, matrix",
    ),
    "rows of an open question": ("kind: shares\n", "kind: open\n", "57: A question of the kind “open” has no rows."),
    "an edition that is not": (
        "dimensions:\n",
        "edition: {id: ../../etc, version: 1}\ndimensions:\n",
        "9: There is no version 1 of edition “../../etc”.",
    ),
    "a script for an address": (
        "dimensions:\n",
        "url: javascript:alert(1)\ndimensions:\n",
        "9: A web address begins with https://.",
    ),
    "nothing to ask": (
        "optional: true\n    questions:",
        "optional: true\n    levels:",
        "49: A dimension needs at least one question.",
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_wrong_is_said_with_its_line(what: str) -> None:
    good, bad, expected = BROKEN[what]
    assert good in SCAN
    found = refusals(SCAN.replace(good, bad, 1))
    assert any(each.startswith(expected) for each in found), found


def test_everything_that_is_wrong_is_said_at_once_in_the_order_of_the_file() -> None:
    text = SCAN.replace("version: 1", "version: 0").replace("kind: shares", "kind: slider").replace("[skills]", "[x]")
    assert [each.split(":")[0] for each in refusals(text)][:3] == ["4", "51", "55"]


def test_what_is_agreed_can_go_only_to_a_field_that_takes_it() -> None:
    text = SCAN.replace("dimensions:\n", "edition: {id: draaiboek, version: 1}\ndimensions:\n", 1)
    one = text.replace("kind: shares\n", "kind: shares\n        writes: {home: A.3/why}\n")
    assert any("The field “A.3/why” takes another kind of answer" in each for each in refusals(one))
    two = text.replace(
        "kind: shares\n", "kind: shares\n        writes: {home: C.2.3/inspired/share, office: C.2.3/inspired/share}\n"
    )
    assert any("both write to “C.2.3/inspired/share”" in each for each in refusals(two))
    good = text.replace("kind: shares\n", "kind: shares\n        writes: {home: C.2.3/inspired/share}\n")
    assert read_instrument(good.encode()).questions["staff/where"].writes == {"home": "C.2.3/inspired/share"}


HEAD = b"format: koers-instrument/1\ninstrument: bad-scan\nversion: 1\nlanguages: [nl]\ntitle: x\nsource: x\n"
QUESTION = b"      - {key: a/%d, kind: single, label: x, options: [a, b]}\n"
HOSTILE = {
    "a bomb of aliases": (b"a: &a [x, x]\nb: &b [*a, *a]\n", "Anchors and aliases"),
    "an object": (b"!!python/object/apply:os.system ['true']\n", "Tags"),
    "a deep nest": (HEAD + b"dimensions: " + b"[" * 50_000, "nested too deeply"),
    "a file that is too large": (HEAD + b"#" * 1024 * 1024, "larger than 1 MB"),
    "a hundred dimensions": (HEAD + b"dimensions:\n" + b"  - {dimension: a}\n" * 100, "too many here: at most 40"),
    "thousands of questions": (
        HEAD + b"dimensions:\n  - dimension: a\n    questions:\n" + b"".join(QUESTION % each for each in range(3_000)),
        "too many here: at most 300",
    ),
    "thousands of wrong things": (
        HEAD + b"dimensions: [" + b"x," * 40 + b"]\n" + b"y0: x\n",
        "This must be a mapping.",
    ),
    "a text without end": (HEAD + b"description: '" + b"x" * 900_000 + b"'\n", "too long: at most 4000"),
    "an expression that takes for ever": (HEAD + b"url: 'https://" + b"a/" * 200_000 + b" '\n", "too long"),
    "no text": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "not text in UTF-8"),
    "nothing": (b"", "The format must be"),
    "a list": (b"- a\n- b\n", "This must be a mapping."),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_instrument_is_refused_quickly_and_says_why(name: str) -> None:
    data, reason = HOSTILE[name]
    begun = time.process_time()
    tracemalloc.start()
    with pytest.raises(Refused) as caught:
        read_instrument(data, "scan.yaml")
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert reason in str(caught.value)
    assert len(str(caught.value)) < 50_000
    assert len(caught.value.problems) <= 200
    assert time.process_time() - begun < 2
    assert most < 100 * 2**20
