"""Interface texts: collect them from code and templates (`update`), compile them for use (`compile`).

Babel does both, so that a machine needs no gettext tools.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "koers"
LANGUAGES = ("nl",)
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def _po(language: str) -> Path:
    return SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"


def collect() -> Catalog:
    """Every message of the product, with where it stands."""
    import django
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    catalog = Catalog(project="koers", charset="utf-8")
    for path in sorted([*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]):
        relative = path.relative_to(ROOT).as_posix()
        if "/tests/" in relative or "/static/" in relative or "/migrations/" in relative:
            continue
        if path.suffix == ".py":
            text = path.read_text()
        elif "/templates/" in relative:
            text = templatize(path.read_text(), origin=relative)
        else:
            continue
        for line, message, comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
            catalog.add(message, None, [(relative, line)], auto_comments=comments, context=context)
    return catalog


def update() -> None:
    """Bring the .po files in line with the code: new messages empty, gone ones removed."""
    template = collect()
    for language in LANGUAGES:
        path = _po(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = Catalog(locale=language)
        if path.exists():
            with path.open("rb") as file:
                catalog = read_po(file, locale=language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, width=110, sort_output=True, omit_header=False, include_lineno=False)
        missing = len([message for message in catalog if message.id and not all(_texts(message.string))])
        print(f"{language}: {len(catalog)} messages, {missing} without a translation")


def _texts(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [string] if isinstance(string, str) else list(string or [""])


def compile_all() -> None:
    """Write the .mo files that are older than their .po."""
    for language in LANGUAGES:
        path = _po(language)
        compiled = path.with_suffix(".mo")
        if not path.exists() or (compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime):
            continue
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        with compiled.open("wb") as file:
            write_mo(file, catalog)
        print(f"compiled {compiled.relative_to(ROOT)}")


if __name__ == "__main__":
    {"update": update, "compile": compile_all}[sys.argv[1]]()
