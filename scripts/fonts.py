"""Make the fonts of the documents: TrueType, for the PDF engine and for embedding in Word, from the web fonts of npm.

    python scripts/fonts.py [--from frontend/node_modules] [--to src/koers/documents/fonts]

The Latin and extended Latin subsets of a face become one file each weight. The folder is built, not kept in git; it
goes along in the wheel. Without it documents fall back on the PDF engine's own font.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from fontTools import merge
from fontTools.ttLib import TTFont

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "@fontsource/atkinson-hyperlegible-next"
FAMILY = "Atkinson Hyperlegible Next"
STYLES = {
    "Regular": (400, "normal"),
    "Italic": (400, "italic"),
    "SemiBold": (600, "normal"),
    "Bold": (700, "normal"),
    "BoldItalic": (700, "italic"),
}
SUBSETS = ("latin", "latin-ext")
# One date in every font, so that the same input gives the same bytes (2025-01-01 in seconds since 1904).
DATE = 3_818_534_400


def _subset(folder: Path, subset: str, weight: int, slant: str) -> Path:
    name = f"{PACKAGE.rsplit('/', 1)[-1]}-{subset}-{weight}-{slant}"
    for suffix in ("woff2", "woff"):
        path = folder / f"{name}.{suffix}"
        if path.is_file():
            return path
    raise FileNotFoundError(folder / f"{name}.woff2")


def _merged(sources: list[Path]) -> TTFont:
    with tempfile.TemporaryDirectory() as scratch:
        plain = []
        for index, source in enumerate(sources):
            font = TTFont(source)
            font.flavor = None
            for table in ("STAT", "DSIG"):
                if table in font:
                    del font[table]
            path = Path(scratch) / f"{index}.ttf"
            font.save(path)
            plain.append(str(path))
        return merge.Merger().merge(plain)


def _name(font: TTFont, style: str, weight: int, slant: str) -> None:
    """One family of four as every word processor knows it; semibold is a family of its own."""
    in_family = style in {"Regular", "Italic", "Bold", "BoldItalic"}
    family = FAMILY if in_family else f"{FAMILY} {style}"
    words = {"BoldItalic": "Bold Italic"}.get(style, style) if in_family else "Regular"
    table = font["name"]
    names = {1: family, 2: words, 4: f"{FAMILY} {style}", 6: f"{FAMILY.replace(' ', '')}-{style}"}
    if not in_family:
        names |= {16: FAMILY, 17: style}
    for number in (16, 17, 21, 22, 25):
        table.removeNames(nameID=number)
    for number, text in names.items():
        table.setName(text, number, 3, 1, 0x409)
    bold, italic = weight == 700, slant == "italic"
    font["OS/2"].usWeightClass = weight
    font["OS/2"].fsSelection = (font["OS/2"].fsSelection & ~0b1100001) | (
        (0b1 if italic else 0) | (0b100000 if bold else 0) | (0 if bold or italic else 0b1000000)
    )
    font["head"].macStyle = (1 if bold else 0) | (2 if italic else 0)
    font["head"].created = font["head"].modified = DATE
    font.recalcTimestamp = False


def build(modules: Path, target: Path) -> list[Path]:
    """Write the fonts; returns their paths. Raises `FileNotFoundError` when the npm package is not there."""
    files = modules / PACKAGE / "files"
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for style, (weight, slant) in STYLES.items():
        font = _merged([_subset(files, subset, weight, slant) for subset in SUBSETS])
        _name(font, style, weight, slant)
        path = target / f"AtkinsonHyperlegibleNext-{style}.ttf"
        font.save(path)
        written.append(path)
    licence = modules / PACKAGE / "LICENSE"
    if licence.is_file():
        (target / "LICENSE.txt").write_bytes(licence.read_bytes())
    return written


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--from", dest="modules", type=Path, default=ROOT / "frontend" / "node_modules")
    parser.add_argument("--to", dest="target", type=Path, default=ROOT / "src" / "koers" / "documents" / "fonts")
    given = parser.parse_args()
    try:
        written = build(given.modules, given.target)
    except FileNotFoundError as error:
        print(f"{error}: not there; run npm ci in frontend/ first.", file=sys.stderr)
        return 1
    print(f"{len(written)} fonts in {given.target}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
