"""The tags that every template can use."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.template import Context, Template
from django.utils.translation import override

from koers.kit.scripts import words_of_scripts
from koers.kit.templatetags import koers as tags

WORDS_IN_TYPESCRIPT = Path(__file__).resolve().parents[4] / "frontend" / "src"


@dataclass(frozen=True)
class Term:
    term: str
    meaning: str
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Playbook:
    vocabulary: tuple[Term, ...] = ()
    id: str = "test"
    version: int = 1


@pytest.fixture
def manifest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"src/app.ts": {"file": "assets/app-1a2b.js"}}))
    monkeypatch.setattr(tags, "MANIFEST", path)
    tags._kept_manifest.cache_clear()
    yield path
    tags._kept_manifest.cache_clear()


def render(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


def test_an_asset_is_found_by_the_name_of_its_source(manifest: Path) -> None:
    assert render('{% asset "app.ts" %}') == "/static/koers/dist/assets/app-1a2b.js"


def test_the_manifest_is_read_once_but_for_developers(manifest: Path, settings: Any) -> None:
    render('{% asset "app.ts" %}')
    manifest.write_text(json.dumps({"src/app.ts": {"file": "assets/app-3c4d.js"}}))
    assert "1a2b" in render('{% asset "app.ts" %}')
    settings.DEBUG = True
    assert "3c4d" in render('{% asset "app.ts" %}')


def test_assets_that_are_not_built_say_what_to_do(manifest: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match="make build"):
        render('{% asset "other.ts" %}')
    manifest.unlink()
    tags._kept_manifest.cache_clear()
    with pytest.raises(ImproperlyConfigured, match="make build"):
        render('{% asset "app.ts" %}')


def test_the_words_of_scripts_cannot_end_their_element(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tags, "words_of_scripts", lambda: {"saved": "</script><b>&"})
    tags._words_json.cache_clear()
    try:
        with override("en"):
            text = render("{% script_words %}")
    finally:
        tags._words_json.cache_clear()
    assert "<" not in text
    assert json.loads(text) == {"saved": "</script><b>&"}


def test_scripts_say_only_words_that_there_are() -> None:
    said: set[str] = set()
    for path in WORDS_IN_TYPESCRIPT.glob("*.ts"):
        source = path.read_text(encoding="utf-8")
        if "./live/words" in source:
            # A page of a workshop, which has words of its own.
            continue
        said |= set(re.findall(r'\bsay\("(\w+)"', source)) | set(re.findall(r'\{ name: "(\w+)", glyph', source))
    assert said
    assert said <= words_of_scripts().keys()


@pytest.mark.parametrize(
    ("person", "letters"),
    [("An Peeters", "AP"), ("Jan Van den Broeck", "JB"), ("els", "E"), ("an.peeters@stad.be", "AP"), ("", "?")],
)
def test_initials(person: str, letters: str) -> None:
    assert tags.initials(person) == letters


def test_guidance_is_markdown_without_raw_html() -> None:
    html = tags.guidance("**Nu** en [ginder](https://example.org) <script>x</script>\n\n[x](javascript:alert(1))")
    assert "<strong>Nu</strong>" in html
    assert 'rel="noopener noreferrer"' in html
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert tags.guidance("  ") == ""


def test_the_first_occurrence_of_a_term_shows_its_meaning() -> None:
    book = Playbook((Term("kapstok", 'Wat "loopt" & <hangt>', {"nl": ("kapstokken",)}), Term("nota", "Een tekst")))
    with override("nl"):
        html = tags.guidance("Twee Kapstokken, een kapstok, een ambitienota en [nota](https://example.org).", book)
    assert html.count('class="term"') == 1
    assert ">Kapstokken</button>" in html
    assert "Wat &quot;loopt&quot; &amp; &lt;hangt&gt;" in html
    (target,) = re.findall(r'popovertarget="([^"]+)"', html)
    assert f'id="{target}" popover' in html


def test_two_texts_on_a_page_have_meanings_of_their_own() -> None:
    book = Playbook((Term("nota", "Een tekst"),))
    with override("nl"):
        both = tags.guidance("Een nota.", book) + tags.guidance("De nota.", book)
    names = re.findall(r'id="([^"]+)"', both)
    assert len(names) == len(set(names)) == 2


def test_marks_and_states_are_shapes_and_words() -> None:
    with override("en"):
        assert render("{{ state|state_words }}", state="under-way") == "Under way"
    assert 'href="#m-under-way"' in render("{% mark state %}", state="under-way")
    assert 'href="#i-check"' in render('{% icon "check" %}')
