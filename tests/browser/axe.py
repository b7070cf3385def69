"""What is wrong with a page: by axe, wide and narrow, light and dark; and that it is no wider than its screen."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, NARROW, NARROWEST = 1440, 390, 320

_RUN = """async (only) => {
  for (const fold of document.querySelectorAll("details:not([data-menu])")) fold.open = true;
  const found = await axe.run(document, { resultTypes: ["violations"], runOnly: only });
  return found.violations.map((each) =>
    `${each.id}: ${each.help} — ${each.nodes.length}×: ` +
    each.nodes.slice(0, 3).map((node) => `${node.target} ${node.html.slice(0, 160)}`).join(" | "));
}"""

_TOO_WIDE = """() => {
  const root = document.scrollingElement;
  if (root.scrollWidth <= innerWidth) return [];
  const wide = [...document.querySelectorAll("body *")].filter(
    (each) => each.getBoundingClientRect().right > innerWidth + 1);
  return [`${root.scrollWidth} > ${innerWidth}`, ...wide.slice(-3).map((each) => each.outerHTML.slice(0, 160))];
}"""


@cache
def _axe() -> str:
    return AXE.read_text()


def violations(page: Page, *, contrast_only: bool = False) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    only: Any = {"type": "rule", "values": ["color-contrast"]} if contrast_only else {"type": "tag", "values": TAGS}
    found: list[str] = page.evaluate(_RUN, only)
    return found


def examine(page: Page) -> dict[str, list[str]]:
    """What is wrong with a page, by how it was looked at."""
    found = {}
    page.set_viewport_size({"width": WIDE, "height": 900})
    found["wide"] = violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found["wide, dark"] = violations(page, contrast_only=True)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": NARROW, "height": 844})
    found["narrow"] = violations(page)
    found["narrow: too wide"] = page.evaluate(_TOO_WIDE)
    page.set_viewport_size({"width": NARROWEST, "height": 640})
    found["narrowest: too wide"] = page.evaluate(_TOO_WIDE)
    return {how: each for how, each in found.items() if each}
