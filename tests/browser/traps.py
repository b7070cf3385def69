"""Whether a script that somebody wrote into the work runs, or could."""

from collections.abc import Callable, Iterable

from playwright.sync_api import BrowserContext, Page

Trap = Callable[[BrowserContext], Page]

# What would run, tells; a dialog would too.
TRAP = 'window.hit = () => console.error("HIT " + new Error().stack); window.alert = window.hit;'

# What could run, even when nothing touches it: handlers, foreign addresses, elements that nobody may write.
TRACES = """() => {
  const found = [];
  const show = (element) => element.outerHTML.slice(0, 160);
  const bad = /^[\\s\\u0000-\\u0020]*(javascript|vbscript|data|feed|view-source):/i;
  const trees = [document, ...[...document.querySelectorAll("template")].map((each) => each.content)];
  for (const element of trees.flatMap((tree) => [...tree.querySelectorAll("*")])) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || name === "srcdoc") found.push(`${name}: ${show(element)}`);
      else if (/^(href|src|action|formaction|xlink:href|data)$/.test(name) && bad.test(value))
        found.push(show(element));
    }
  }
  for (const element of document.querySelectorAll(
    "iframe, object, embed, base, meta[http-equiv], marquee, foreignObject, animate, set, math," +
    "main script, main link, main style, main [style], main img, main image, main video," +
    "main audio, main form:not([method]), x-y")) {
    if (!element.matches(".ProseMirror *, .placed")) found.push(show(element));
  }
  return found;
}"""


def unharmed(page: Page, paths: Iterable[str]) -> dict[str, list[str]]:
    """Open each page, touch everything on it; what of the payloads is left in a form that could run."""
    found = {}
    for path in paths:
        page.goto(path)
        page.evaluate(
            """() => { for (const fold of document.querySelectorAll("details")) fold.open = true;
              for (const each of document.querySelectorAll("main *"))
                for (const kind of ["mouseover", "pointerenter", "focus", "animationstart", "beforeinput"])
                  each.dispatchEvent(new Event(kind)); }"""
        )
        if traces := page.evaluate(TRACES):
            found[path] = traces[:5]
    return found
