"""Interface texts: collect them from code and templates (`update`), compile them for use (`compile`).

Babel does both, so that a machine needs no gettext tools. What is written depends on the texts and the code
only: no line numbers, no dates, and the same on every Python.
"""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "koers"
LANGUAGES = ("nl",)
# Which arguments of a function are a message; with "c" its context. None is the first argument alone.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Messages of Django that pages show and that its own Dutch does not have.
BORROWED = (
    (
        "This password is too short. It must contain at least %d character.",
        "This password is too short. It must contain at least %d characters.",
    ),
)
HEADER = r"""# Interface texts of Koers. `make messages` brings this file in line with the code.
msgid ""
msgstr ""
"Language: {language}\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: {plural}\n"

"""

Found = tuple[str | tuple[str, ...], str | None]


def po_path(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def _text(argument: ast.expr) -> str | None:
    return argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None


def _in_python(text: str) -> Iterator[Found]:
    """The messages of a module. Read as a tree, for tokens of an f-string differ between versions of Python."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in KEYWORDS:
            continue
        context: str | None = None
        texts: list[str | None] = []
        for place in KEYWORDS[name] or (1,):
            number = place[0] if isinstance(place, tuple) else place
            given = _text(node.args[number - 1]) if len(node.args) >= number else None
            if isinstance(place, tuple):
                context = given
            else:
                texts.append(given)
        found = tuple(each for each in texts if each)
        if len(found) == len(texts):
            yield (found if len(found) > 1 else found[0]), context


def _in_template(text: str, origin: str) -> Iterator[Found]:
    from django.utils.translation.template import templatize

    python = templatize(text, origin=origin)
    for _line, message, _comments, context in extract("python", BytesIO(python.encode()), keywords=KEYWORDS):
        yield message, context


def collect() -> Catalog:
    """Every message of the product, with the files in which it stands."""
    import django
    from django.conf import settings

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    catalog = Catalog(charset="utf-8")
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]):
        relative = path.relative_to(ROOT).as_posix()
        if {"tests", "static", "migrations"}.intersection(path.relative_to(SOURCE).parts):
            continue
        if path.suffix == ".py":
            found = _in_python(path.read_text(encoding="utf-8"))
        elif "templates" in path.parts:
            found = _in_template(path.read_text(encoding="utf-8"), relative)
        else:
            continue
        for message, context in found:
            catalog.add(message, None, [(relative, 1)], context=context)
    for borrowed in BORROWED:
        catalog.add(borrowed, None, [(Path(__file__).relative_to(ROOT).as_posix(), 1)])
    return catalog


def read(language: str) -> Catalog:
    """What the .po of a language says now."""
    path = po_path(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def updated(language: str) -> bytes:
    """The .po of a language in line with the code: new messages empty, gone ones left out, the rest as it was."""
    catalog = read(language)
    catalog.update(collect(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for message in catalog:
        message.locations = sorted(set(message.locations))
    body = BytesIO()
    write_po(body, catalog, width=110, sort_output=True, omit_header=True, include_lineno=False)
    header = HEADER.format(language=language, plural=f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};")
    return header.encode() + body.getvalue().lstrip(b"\n")


def is_translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Whether a message, with each of its plural forms, has a text."""
    return bool(string) and all([string] if isinstance(string, str) else string or [])


def update() -> None:
    """Bring the .po files in line with the code."""
    for language in LANGUAGES:
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(updated(language))
        messages = [message for message in read(language) if message.id]
        missing = sum(not is_translated(message.string) for message in messages)
        print(f"{language}: {len(messages)} messages, {missing} without a translation")


def compile_all() -> None:
    """Write the .mo files that are older than their .po."""
    for language in LANGUAGES:
        path = po_path(language)
        compiled = path.with_suffix(".mo")
        if not path.exists() or (compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime):
            continue
        catalog = read(language)
        with compiled.open("wb") as file:
            write_mo(file, catalog)
        print(f"compiled {compiled.relative_to(ROOT)}")


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
