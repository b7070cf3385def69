"""What every chart is drawn with: elements that escape, pens in two palettes, a frame with title and description.

Palette "page" says a class for each role and leaves the colour to the page's style sheet (light, dark, print);
palette "print" says the colour itself, for documents that carry no style sheet. Neither uses a style attribute: the
content security policy forbids it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal

from django.utils import formats
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

Palette = Literal["page", "print"]
Role = Literal[
    "ink", "quiet", "track", "hairline", "outline", "dashed", "hollow", "mark", "area", "spoke",
    "earlier", "hatch", "flag", "level-0", "level-1", "level-2", "level-3", "level-4",
]  # fmt: skip

WIDTH: Final = 340
"""Of every chart. On a phone of 390 pixels a unit is a little over one pixel."""

NORMAL: Final = 13.5
SMALL: Final = 12.5
LEAD: Final = 17
_ADVANCE: Final = 0.55
"""The mean width of a character, in ems: a careful guess, because a server cannot measure text."""

_INK, _QUIET, _LINE, _PAPER, _DEEP = "#16282d", "#4a5c62", "#8fa0a5", "#ffffff", "#0b545c"
_PRINT: Final[dict[Role, dict[str, str]]] = {
    "ink": {"fill": _INK},
    "quiet": {"fill": _QUIET},
    "track": {"fill": "#e8eeee"},
    "hairline": {"fill": "none", "stroke": _LINE, "stroke-width": "0.75"},
    "outline": {"fill": _PAPER, "stroke": "#6d8086", "stroke-width": "1"},
    "dashed": {"fill": "none", "stroke": _LINE, "stroke-width": "1", "stroke-dasharray": "2 2.5"},
    "hollow": {"fill": _PAPER, "stroke": _DEEP, "stroke-width": "1.5"},
    "mark": {"fill": _DEEP},
    "area": {"fill": _DEEP, "fill-opacity": "0.14", "stroke": _DEEP, "stroke-width": "2", "stroke-linejoin": "round"},
    "spoke": {"fill": "none", "stroke": _DEEP, "stroke-width": "2", "stroke-linecap": "round"},
    "earlier": {"fill": "none", "stroke": _QUIET, "stroke-width": "1.75", "stroke-dasharray": "5 3"},
    "hatch": {"fill": "none", "stroke": _LINE, "stroke-width": "1"},
    "flag": {"fill": "#ffc61a", "stroke": _INK, "stroke-width": "1", "stroke-linejoin": "round"},
    "level-0": {"fill": "#bcd6d8"},
    "level-1": {"fill": "#94bdc1"},
    "level-2": {"fill": "#639ea4"},
    "level-3": {"fill": "#327880"},
    "level-4": {"fill": _DEEP},
}

PRINT_FACE: Final = "'Atkinson Hyperlegible Next', Calibri, Arial, sans-serif"

_FORBIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


def _clean(text: object) -> str:
    """Escaped for XML, without the characters that XML cannot hold."""
    return escape(_FORBIDDEN.sub("", str(text)))


def _number(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".")


def element(name: str, *children: SafeString, **attributes: str | float) -> SafeString:
    """An SVG element; attribute names write ``_`` for ``-``. Children are elements, so text is always escaped."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_clean(value if isinstance(value, str) else _number(value))}"'
        for key, value in attributes.items()
    )
    inside = "".join(children)
    return mark_safe(f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>")  # noqa: S308


def decimal(index: float) -> str:
    """An index as people read it, with two decimals and the comma of the active language."""
    return str(formats.number_format(round(index, 2), 2))  # it cuts off what it is not asked for: round first


def percentage(share: float) -> str:
    digits = 0 if float(share).is_integer() else 1
    return f"{formats.number_format(round(share, digits), digits)}\u00a0%"


def wrapped(text: str, room: float, size: float = NORMAL) -> list[str]:
    """The text in lines that fit in `room`; a word that is longer keeps a line of its own."""
    fits = max(1, int(room / (size * _ADVANCE)))
    lines: list[str] = []
    for word in text.split():
        if lines and len(lines[-1]) + 1 + len(word) <= fits:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def length(text: str, size: float = NORMAL) -> float:
    return len(text) * size * _ADVANCE


@dataclass
class Drawing:
    """A chart under way. `title` and `summary` are what somebody hears who does not see it."""

    title: str
    summary: str
    palette: Palette
    id: str
    parts: list[SafeString] = field(default_factory=list)

    def _pen(self, role: Role) -> dict[str, str]:
        return {"class_": f"chart-{role}"} if self.palette == "page" else _PRINT[role]

    def text(
        self, x: float, y: float, words: str, role: Role = "ink", *, size: float = NORMAL, bold: bool = False,
        anchor: Literal["start", "middle", "end"] = "start", turn: float = 0,
    ) -> None:  # fmt: skip
        """One line of text with its baseline at `y`, turned by so many degrees."""
        extra: dict[str, str | float] = {"font_size": size}
        if turn:
            extra["transform"] = f"rotate({_number(turn)} {_number(x)} {_number(y)})"
        if bold:
            extra["font_weight"] = "700"
        if anchor != "start":
            extra["text_anchor"] = anchor
        content = mark_safe(_clean(words))  # noqa: S308
        self.parts.append(element("text", content, x=x, y=y, **extra, **self._pen(role)))

    def box(self, x: float, y: float, width: float, height: float, role: Role, *, round_: float = 1.5) -> None:
        self.parts.append(element("rect", x=x, y=y, width=width, height=height, rx=round_, **self._pen(role)))

    def circle(self, x: float, y: float, radius: float, role: Role) -> None:
        self.parts.append(element("circle", cx=x, cy=y, r=radius, **self._pen(role)))

    def line(self, x1: float, y1: float, x2: float, y2: float, role: Role = "hairline") -> None:
        self.parts.append(element("line", x1=x1, y1=y1, x2=x2, y2=y2, **self._pen(role)))

    def shape(self, points: Iterable[tuple[float, float]], role: Role) -> None:
        joined = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        self.parts.append(element("polygon", points=joined, **self._pen(role)))

    def path(self, points: Iterable[tuple[float, float]], role: Role) -> None:
        """Lines from point to point, not closed."""
        joined = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
        self.parts.append(element("polyline", points=joined, **self._pen(role)))

    def hatch(self, x: float, y: float, width: float, height: float) -> None:
        """A box with slanting lines in it: there is something, and it is not shown."""
        self.box(x + 0.5, y + 0.5, width - 1, height - 1, "dashed")
        for start in range(6, int(width + height), 6):
            left, right = max(0.0, start - height), min(float(start), width)
            self.line(x + left, y + start - left, x + right, y + start - right, "hatch")

    def row_words(self, y: float, left: str, right: str, *, quiet: bool = False) -> float:
        """What a row is about on the left, what it says on the right; returns the baseline of the last line."""
        room = WIDTH - length(right) - 12
        lines = wrapped(left, room if room > WIDTH / 3 else WIDTH)
        self.text(WIDTH, y, right, "quiet" if quiet else "ink", bold=not quiet, anchor="end")
        for number, line in enumerate(lines):
            self.text(0, y + number * LEAD, line)
        return y + (len(lines) - 1) * LEAD

    def diamond(self, x: float, y: float, radius: float, role: Role) -> None:
        self.shape([(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)], role)

    def finish(self, height: float, width: float = WIDTH) -> SafeString:
        """The whole picture; in print with its size and typeface, on the page as wide as its place."""
        heading = element("title", mark_safe(_clean(self.title)), id=f"{self.id}-title")  # noqa: S308
        summary = element("desc", mark_safe(_clean(self.summary)), id=f"{self.id}-desc")  # noqa: S308
        if self.palette == "page":
            extra: dict[str, str | float] = {"class_": "chart"}
        else:
            extra = {"width": width, "height": height, "font_family": PRINT_FACE}
        return element(
            "svg", heading, summary, *self.parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_number(width)} {_number(height)}",
            role="img",
            aria_labelledby=f"{self.id}-title {self.id}-desc",
            **extra,
        )  # fmt: skip

    def ornament(self, width: float, height: float) -> SafeString:
        """The picture as decoration beside text that says the same."""
        return element(
            "svg", *self.parts,
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {_number(width)} {_number(height)}",
            width=width,
            height=height,
            aria_hidden="true",
            focusable="false",
            class_="chart-sample",
        )  # fmt: skip


_FRAME: Final = 16
_HEADING: Final = 15.0


def standalone(picture: str, title: str, source: str) -> SafeString:
    """A picture of the palette "print" as a file of its own: on white, with its heading and where it comes from."""
    found = re.match(r'<svg [^>]*?viewBox="0 0 ([0-9.]+) ([0-9.]+)"[^>]*?aria-labelledby="([^"]+)"', picture)
    assert found is not None
    width, height = float(found[1]), float(found[2])
    frame = Drawing("", "", "print", "")
    y = 0.0
    for line in wrapped(title, width, _HEADING + 1):
        y += 20
        frame.text(0, y, line, size=_HEADING, bold=True)
    top = y + 14
    inner = mark_safe(picture.replace("<svg ", f'<svg x="0" y="{_number(top)}" ', 1))  # noqa: S308
    y = top + height + 8
    for line in wrapped(source, width, SMALL):
        y += 16
        frame.text(0, y, line, "quiet", size=SMALL)
    whole = (width + 2 * _FRAME, y + 2 * _FRAME)
    paper = element("rect", x=-_FRAME, y=-_FRAME, width=whole[0], height=whole[1], fill=_PAPER)
    return element(
        "svg", paper, *frame.parts, inner,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"{-_FRAME} {-_FRAME} {_number(whole[0])} {_number(whole[1])}",
        width=whole[0],
        height=whole[1],
        font_family=PRINT_FACE,
        role="img",
        aria_labelledby=found[3],
    )  # fmt: skip


def level(rank: float) -> Role:
    """The shade that goes with a rank: five, from pale to deep."""
    shades: tuple[Role, ...] = ("level-0", "level-1", "level-2", "level-3", "level-4")
    return shades[round(min(max(rank, 0), 1) * 4)]
