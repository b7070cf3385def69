"""Embedding the fonts of the note in the Word file, so that it looks the same where they are not installed."""

import functools
import uuid
from typing import Final

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from koers.documents.pdf.engine import FONTS

FAMILY: Final = "Atkinson Hyperlegible Next"
FALLBACK: Final = "Calibri"
_FACES: Final = {
    "embedRegular": "Regular",
    "embedBold": "Bold",
    "embedItalic": "Italic",
    "embedBoldItalic": "BoldItalic",
}
_CONTENT_TYPE: Final = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_R: Final = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


@functools.cache
def _faces() -> dict[str, bytes]:
    found = {slot: FONTS / f"AtkinsonHyperlegibleNext-{face}.ttf" for slot, face in _FACES.items()}
    return {slot: path.read_bytes() for slot, path in found.items() if path.is_file()}


def family() -> str:
    """The family that the styles name."""
    return FAMILY if _faces() else FALLBACK


def _obfuscated(font: bytes, key: uuid.UUID) -> bytes:
    """The first 32 bytes mixed with the key, as the file format asks."""
    mask = key.bytes[::-1]
    return bytes(byte ^ mask[index % 16] for index, byte in enumerate(font[:32])) + font[32:]


def embed(document: Document) -> bool:
    """Put the fonts in; returns whether there were any."""
    table = document.part.part_related_by(RT.FONT_TABLE)
    slots = []
    for index, (slot, font) in enumerate(_faces().items(), 1):
        key = uuid.uuid5(uuid.NAMESPACE_URL, f"koers:{slot}")
        part = Part(
            PackURI(f"/word/fonts/font{index}.odttf"), _CONTENT_TYPE, _obfuscated(font, key), document.part.package
        )
        relation = table.relate_to(part, RT.FONT)
        slots.append(f'<w:{slot} r:id="{relation}" w:fontKey="{{{str(key).upper()}}}"/>')
    face = (
        f'<w:font w:name="{FAMILY}"><w:altName w:val="{FALLBACK}"/><w:family w:val="swiss"/><w:pitch w:val="variable"/>'
        f"{''.join(slots)}</w:font>"
        if slots
        else f'<w:font w:name="{FALLBACK}"><w:family w:val="swiss"/><w:pitch w:val="variable"/></w:font>'
    )
    table._blob = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {_W} {_R}>{face}</w:fonts>'.encode()
    return bool(slots)
