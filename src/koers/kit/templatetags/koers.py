"""What the templates of every app can use: built assets, guidance, avatars, the words of the scripts."""

import functools
import hashlib
import html
import json
import re
from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Protocol

from django import template
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.template.base import FilterExpression, Parser
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy
from markdown_it import MarkdownIt
from markdown_it.token import Token

from koers.kit.scripts import words_of_scripts

register = template.Library()

MANIFEST: Final = Path(__file__).resolve().parent.parent / "static" / "koers" / "dist" / "manifest.json"

_json_escapes: Final = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


def _read_manifest(manifest: Path) -> dict[str, str]:
    try:
        entries = json.loads(manifest.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ImproperlyConfigured("The assets of the pages are not built yet: run “make build”.") from None
    return {Path(source).name: f"koers/dist/{entry['file']}" for source, entry in entries.items()}


@functools.lru_cache(maxsize=1)
def _kept_manifest(manifest: Path) -> dict[str, str]:
    return _read_manifest(manifest)


def _files() -> dict[str, str]:
    return _read_manifest(MANIFEST) if settings.DEBUG else _kept_manifest(MANIFEST)


def _file(name: str) -> str:
    files = _files()
    if name not in files:
        raise ImproperlyConfigured(f"There is no built asset “{name}”: run “make build”.")
    return files[name]


@register.simple_tag
def asset(name: str) -> str:
    """The address of a built file by the name of its source: ``{% asset "app.ts" %}``."""
    return static(_file(name))


def built() -> list[str]:
    """The addresses of all built files."""
    return [static(file) for file in _files().values()]


def built_file(name: str) -> bytes:
    """What stands in a built file, by the name of its source."""
    return (MANIFEST.parents[2] / _file(name)).read_bytes()


@functools.lru_cache(maxsize=8)
def _words_json(language: str) -> SafeString:
    text = json.dumps(words_of_scripts(), ensure_ascii=False).translate(_json_escapes)
    return mark_safe(text)  # noqa: S308


@register.simple_tag
def script_words() -> SafeString:
    """The words that scripts say, as JSON in the active language."""
    return _words_json(get_language() or "")


@register.simple_tag
def icon(name: str) -> SafeString:
    """An icon of the sprite in `kit/sprite.html`; the words stand beside it."""
    return format_html('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def mark(state: str) -> SafeString:
    """The waypoint of a state (``not-started``, ``under-way``, ``to-discuss``, …): a shape, beside words."""
    return format_html(
        '<svg class="mark {}" viewBox="0 0 24 24" aria-hidden="true"><use href="#m-{}"/></svg>', state, state
    )


_STATES: Final = {
    "not-started": gettext_lazy("Not started"),
    "under-way": gettext_lazy("Under way"),
    "to-discuss": gettext_lazy("To discuss"),
    "complete": gettext_lazy("Complete"),
    "agreed": gettext_lazy("Agreed"),
}


@register.filter
def state_words(state: str) -> str:
    """A state of progress in words."""
    return str(_STATES.get(state, ""))


@register.filter
def initials(person: object) -> str:
    """One or two letters for an avatar, of a name or of an email address."""
    given = getattr(person, "initials", None)
    if isinstance(given, str):
        return given
    words = [word for word in re.split(r"[\s._-]+", str(person).split("@")[0]) if word[:1].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper() or "?"


@register.filter
def tint(person: object) -> str:
    """One of six avatar colours, the same for a person everywhere."""
    return str(hashlib.blake2b(str(person).encode(), digest_size=1).digest()[0] % 6)


# Guidance: Markdown of an edition, with the terms of its vocabulary.


class Term(Protocol):
    @property
    def term(self) -> Any: ...
    @property
    def meaning(self) -> Any: ...
    @property
    def also(self) -> Any: ...


class HasVocabulary(Hashable, Protocol):
    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def vocabulary(self) -> Iterable[Term]: ...


class _Marker:
    """Marks the first occurrence of each term in a text."""

    def __init__(self, meanings: dict[str, tuple[str, str]]) -> None:
        self.meanings = meanings
        spellings = sorted(meanings, key=len, reverse=True)
        self.pattern = re.compile(
            rf"(?<![\w-])({'|'.join(re.escape(each) for each in spellings)})(?![\w-])", re.IGNORECASE
        )

    def mark(self, tokens: list[Token], name: str) -> str:
        """Split the text of the tokens at the terms; returns the popovers that hold the meanings."""
        seen: dict[str, str] = {}
        for token in tokens:
            if token.type == "inline" and token.children and token.map is not None:
                token.children = list(self._inline(token.children, seen, name))
        return "".join(seen.values())

    def _inline(self, children: list[Token], seen: dict[str, str], name: str) -> Iterator[Token]:
        links = 0
        for child in children:
            links += {"link_open": 1, "link_close": -1}.get(child.type, 0)
            if child.type != "text" or links:
                yield child
                continue
            rest = 0
            for match in self.pattern.finditer(child.content):
                term, meaning = self.meanings[match[0].casefold()]
                if term in seen:
                    continue
                target = f"{name}-{len(seen) + 1}"
                seen[term] = (
                    f'<div class="meaning" id="{target}" popover role="note">'
                    f"<strong>{html.escape(term)}</strong> {html.escape(meaning)}</div>"
                )
                yield _text(child.content[rest : match.start()])
                yield _html(
                    f'<button type="button" class="term" popovertarget="{target}" popovertargetaction="show">'
                    f"{html.escape(match[0])}</button>"
                )
                rest = match.end()
            yield _text(child.content[rest:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _html(content: str) -> Token:
    return Token("html_inline", "", 0, content=content)


_markdown: Final = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image"])


@functools.lru_cache(maxsize=16)
def _marker(edition: HasVocabulary, language: str) -> _Marker | None:
    meanings: dict[str, tuple[str, str]] = {}
    for term in edition.vocabulary:
        entry = (str(term.term), str(term.meaning))
        for spelling in (entry[0], *term.also.get(language[:2], ())):
            meanings.setdefault(spelling.casefold(), entry)
    return _Marker(meanings) if meanings else None


def _render(text: str, edition: HasVocabulary | None, language: str) -> SafeString:
    tokens = _markdown.parse(text)
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open":
                child.attrSet("rel", "noopener noreferrer")
    marker = _marker(edition, language) if edition is not None else None
    meanings = ""
    if marker is not None:
        name = "m" + hashlib.blake2b(text.encode(), digest_size=5).hexdigest()
        meanings = marker.mark(tokens, name)
    rendered: str = _markdown.renderer.render(tokens, _markdown.options, {})
    return mark_safe(rendered + meanings)  # noqa: S308


_rendered = functools.lru_cache(maxsize=2048)(_render)


@register.filter
def guidance(text: object, edition: HasVocabulary | None = None) -> SafeString:
    """Markdown of an edition as HTML; with the edition, the first occurrence of each term shows its meaning."""
    words = str(text)
    if not words.strip():
        return SafeString("")
    return _rendered(words, edition, get_language() or "")


MAX_STILL: Final = 2_000


class _StillNode(template.Node):
    """A piece of a page that is the same for everybody: rendered once a process, language and set of keys."""

    def __init__(self, nodelist: template.NodeList, keys: list[FilterExpression]) -> None:
        self.nodelist = nodelist
        self.keys = keys
        self.rendered: dict[tuple[object, ...], SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), *(each.resolve(context) for each in self.keys))
        found = self.rendered.get(key)
        if found is None:
            if len(self.rendered) >= MAX_STILL:
                self.rendered.clear()
            found = self.rendered[key] = self.nodelist.render(context)
        return found


@register.tag
def still(parser: Parser, token: template.base.Token) -> _StillNode:
    """``{% still section.id %}…{% endstill %}``: what stands between depends on the keys and the language alone."""
    keys = [parser.compile_filter(each) for each in token.split_contents()[1:]]
    nodelist = parser.parse(("endstill",))
    parser.delete_first_token()
    return _StillNode(nodelist, keys)
