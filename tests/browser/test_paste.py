# ruff: noqa: E501 (clipboards are as they are)
"""What is pasted from elsewhere keeps its structure and nothing else: the exact text that is stored.

The clipboards are written for these tests, after what the programs put there.
"""

import html
import re
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignedIn
from tests.browser.office import Book, Office
from tests.browser.pages import editor, field, is_saved

TEXT: Final = "A.0/digital-government"

_PASTE: Final = """(element, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "wat er staat");
  element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def _item(words: str, sign: str, level: int = 1, list_: int = 0, place: str = "Middle", font: str = "Symbol") -> str:
    """A list item as desktop Word gives it: a paragraph with its sign in the text."""
    return f"""
<p class=MsoListParagraphCxSp{place} style='margin-left:{36 * level}.0pt;mso-add-space:auto;text-indent:-18.0pt;mso-list:l{list_} level{level} lfo{list_ + 1}'><![if !supportLists]><span
lang=NL-BE style='font-family:{font};mso-fareast-font-family:{font};mso-bidi-font-family:{font}'><span
style='mso-list:Ignore'>{sign}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]><span lang=NL-BE>{words}<o:p></o:p></span></p>
"""


WORD: Final = (
    """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15">
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings><o:AllowPNG/></o:OfficeDocumentSettings></xml><![endif]-->
<style><!-- p.MsoNormal {margin:0cm; font-family:"Calibri",sans-serif;} @list l0:level1 {mso-level-text:\\F0B7;} --></style>
</head><body lang=NL-BE style='tab-interval:35.4pt'><!--StartFragment-->
<h1><span lang=NL-BE>Onze <b>richting</b><o:p></o:p></span></h1>
<p class=MsoNormal><span lang=NL-BE>Een <b style='mso-bidi-font-weight:normal'>vet</b> en een <i>schuin</i>
woord in <st1:place w:st="on">Kastelbeke</st1:place>, en <a href="https://example.test/beleid">een link</a>.<o:p></o:p></span></p>
<p class=MsoNormal><span lang=NL-BE><o:p>&nbsp;</o:p></span></p>
"""
    + _item("Eerste punt", "·", place="First")
    + _item("Onder het eerste", "o", level=2, font='"Courier New"')
    + _item("Nog eronder", "§", level=3, font="Wingdings")
    + _item("Tweede punt", "·", place="Last")
    + """
<p class=MsoNormal style='mso-outline-level:4'><span lang=NL-BE>Stappen<o:p></o:p></span></p>
"""
    + _item("Begin", "1.", list_=1, place="First", font="Calibri")
    + _item("Deel a", "a.", level=2, list_=1, font="Calibri")
    + _item("Einde", "2.", list_=1, place="Last", font="Calibri")
    + """
<p class=MsoNormal><span style='display:none;mso-hide:all'>verborgen</span><span lang=NL-BE>Slot<span
style='mso-spacerun:yes'>  </span>hier.<o:p></o:p></span></p>
<!--EndFragment--></body></html>"""
)

WORD_STORED: Final = (
    "<h3>Onze richting</h3>"
    '<p>Een <strong>vet</strong> en een <em>schuin</em> woord in Kastelbeke, en <a href="https://example.test/beleid" rel="noopener noreferrer">een link</a>.</p>'
    "<ul><li><p>Eerste punt</p><ul><li><p>Onder het eerste</p><ul><li><p>Nog eronder</p></li></ul></li></ul></li><li><p>Tweede punt</p></li></ul>"
    "<h4>Stappen</h4>"
    "<ol><li><p>Begin</p><ol><li><p>Deel a</p></li></ol></li><li><p>Einde</p></li></ol>"
    "<p>Slot hier.</p>"
)


def _web_item(words: str, level: int, kind: str = "ul", list_: int = 3) -> str:
    """A list item as Word on the web gives it: a list each, with its level beside it."""
    return f"""<div class="ListContainerWrapper SCXW1 BCX0" style="margin:0;position:relative"><{kind} class="BulletListStyle1 SCXW1 BCX0" role="list"
style="margin:0"><li aria-setsize="-1" data-leveltext="" data-listid="{list_}" data-aria-posinset="1" data-aria-level="{level}" role="listitem"
class="OutlineElement Ltr SCXW1 BCX0"><p class="Paragraph SCXW1 BCX0" paraid="1" style="margin:0"><span data-contrast="auto" lang="NL-BE"
class="TextRun SCXW1 BCX0"><span class="NormalTextRun SCXW1 BCX0">{words}</span></span><span class="EOP SCXW1 BCX0">&nbsp;</span></p></li></{kind}></div>"""


WORD_ONLINE: Final = (
    """<meta charset='utf-8'><div class="OutlineElement Ltr SCXW1 BCX0"><p class="Paragraph SCXW1 BCX0" role="heading" aria-level="2" xml:lang="NL-BE"><span
class="TextRun SCXW1 BCX0"><span class="NormalTextRun SCXW1 BCX0">Wat we doen</span></span><span class="EOP">&nbsp;</span></p></div>
<div class="OutlineElement Ltr SCXW1 BCX0"><p class="Paragraph SCXW1 BCX0"><span class="TextRun" style="font-weight:bold"><span
class="NormalTextRun">Samen</span></span><span class="TextRun"><span class="NormalTextRun">&nbsp;met </span></span><span class="TextRun"
style="font-style:italic"><span class="NormalTextRun">iedereen</span></span><span class="TextRun">.</span><span class="EOP">&nbsp;</span></p></div>"""
    + _web_item("Een", 1)
    + _web_item("Binnen een", 2)
    + _web_item("Twee", 1)
    + _web_item("Geteld", 1, "ol", 7)
)

WORD_ONLINE_STORED: Final = (
    "<h3>Wat we doen</h3><p><strong>Samen</strong>\u00a0met <em>iedereen</em>.</p>"
    "<ul><li><p>Een</p><ul><li><p>Binnen een</p></li></ul></li><li><p>Twee</p></li></ul><ol><li><p>Geteld</p></li></ol>"
)

GOOGLE: Final = """<meta charset='utf-8'><meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-5f0c2a7e-7fff-1a2b">
<h2 dir="ltr" style="line-height:1.38;margin-top:18pt"><span style="font-size:16pt;font-weight:400">Uitgangspunten</span></h2>
<p dir="ltr" style="line-height:1.38"><span style="font-size:11pt;font-weight:400;white-space:pre-wrap">Gewoon, </span><span
style="font-size:11pt;font-weight:700;white-space:pre-wrap">vet</span><span style="font-weight:400;white-space:pre-wrap"> en </span><span
style="font-weight:400;font-style:italic;white-space:pre-wrap">schuin</span><span style="font-weight:400">.</span></p><br />
<ul style="margin-top:0"><li dir="ltr" style="list-style-type:disc;font-weight:400" aria-level="1"><p dir="ltr" role="presentation"><span
style="font-weight:400">Burger</span></p></li><ul><li dir="ltr" style="list-style-type:circle" aria-level="2"><p dir="ltr"
role="presentation"><span style="font-weight:400">Jong en oud</span></p></li></ul><li dir="ltr" aria-level="1"><p dir="ltr"
role="presentation"><span style="font-weight:700">Bestuur</span></p></li></ul></b><br class="Apple-interchange-newline">"""

GOOGLE_STORED: Final = (
    "<h3>Uitgangspunten</h3><p>Gewoon, <strong>vet</strong> en <em>schuin</em>.</p>"
    "<ul><li><p>Burger</p><ul><li><p>Jong en oud</p></li></ul></li><li><p><strong>Bestuur</strong></p></li></ul>"
)

LIBRE: Final = """<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/><title></title>
<meta name="generator" content="LibreOffice 24.2 (Linux)"/><style type="text/css">@page { margin: 2cm } p { line-height: 115% }</style></head>
<body lang="nl-BE" link="#000080" dir="ltr"><h5 class="western">Kleine kop</h5>
<p style="line-height: 100%; margin-bottom: 0cm"><font face="Liberation Serif, serif"><font size="3">Tekst met <b>nadruk</b>.</font></font></p>
<p style="margin-bottom: 0cm"><br/></p>
<ol><li><p style="margin-bottom: 0cm">Eerst</p></li><li><p style="margin-bottom: 0cm">Dan</p><ul><li><p>Of niet</p></li></ul></li></ol>
<table width="100%" cellpadding="4" cellspacing="0"><col width="128*"/><col width="128*"/><thead><tr valign="top"><th width="50%"
style="border: 1px solid #000"><p>Wie</p></th><th><p>Wat</p></th></tr></thead><tbody><tr valign="top"><td><p>Dienst A</p><p>en B</p></td>
<td><ul><li><p>lezen</p></li><li><p>schrijven</p></li></ul></td></tr><tr><td colspan="2"><p>Samen</p></td></tr></tbody></table></body></html>"""

LIBRE_STORED: Final = (
    "<h4>Kleine kop</h4><p>Tekst met <strong>nadruk</strong>.</p>"
    "<ol><li><p>Eerst</p></li><li><p>Dan</p><ul><li><p>Of niet</p></li></ul></li></ol>"
    "<table><tbody><tr><th><p>Wie</p></th><th><p>Wat</p></th></tr>"
    "<tr><td><p>Dienst A en B</p></td><td><p>lezen; schrijven</p></td></tr>"
    "<tr><td><p>Samen</p></td><td><p></p></td></tr></tbody></table>"
)

OUTLOOK: Final = """<html xmlns:v="urn:schemas-microsoft-com:vml"><body lang=NL-BE link="#0563C1"><div class=WordSection1>
<table class=MsoNormalTable border=0 cellspacing=0 cellpadding=0 role=presentation><tr><td style='padding:0cm'>
<p class=MsoNormal>Dag Lieve,<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoNormal><v:shape id="_x0000_i1025" style='width:1pt'><v:imagedata src="cid:image001.png@01D"/></v:shape><img width=1 height=1
src="https://example.test/spoor.gif">Zie <a href="mailto:karel@example.test"><b><span style='color:#0563C1'>Karel</span></b></a> of
<a href="javascript:alert(1)">dit</a>.<o:p></o:p></p></td></tr></table>
<blockquote style='border-left:solid #CCCCCC 1.0pt'><p class=MsoNormal>Wat jij schreef.<o:p></o:p></p></blockquote>
<p class=MsoNormal>Groet,<br>Tine<br><br>Dienst digitalisering<o:p></o:p></p></div></body></html>"""

OUTLOOK_STORED: Final = (
    "<p>Dag Lieve,</p>"
    '<p>Zie <a href="mailto:karel@example.test" rel="noopener noreferrer"><strong>Karel</strong></a> of dit.</p>'
    "<blockquote><p>Wat jij schreef.</p></blockquote>"
    "<p>Groet,<br>Tine</p><p>Dienst digitalisering</p>"
)

WEB: Final = """<nav><ul><li><a href="/">Start</a></li></ul></nav><main class="content"><article><h1 id="top" style="color:red">Digitaal
<em>Vlaanderen</em></h1><div>Losse tekst<br><br>en een tweede alinea.</div><script>globalThis.ran = true</script>
<style>p { color: red }</style><p onclick="globalThis.ran = true">Met een <a href="https://example.test/?utm_source=x" onmouseover="globalThis.ran=1"
target="_blank">link</a>, een <a href="/relatief">halve</a> en <code>code</code>.</p><img src="https://example.test/x.png"
onerror="globalThis.ran = true"><iframe src="https://example.test/"></iframe><aside>Reclame</aside><p> </p><p hidden>Niet te zien</p>
<form><p>In een formulier</p><button>Verstuur</button></form><pre>een
twee</pre><div><span>Een</span> <b>lijn</b> <span>tekst</span></div></article></main>"""

WEB_STORED: Final = (
    "<h3>Digitaal <em>Vlaanderen</em></h3><p>Losse tekst</p><p>en een tweede alinea.</p>"
    '<p>Met een <a href="https://example.test/?utm_source=x" rel="noopener noreferrer">link</a>, een halve en code.</p>'
    "<p>In een formulier</p><p>een<br>twee</p><p>Een <strong>lijn</strong> tekst</p>"
)

CLIPBOARDS: Final = {
    "word": (WORD, WORD_STORED),
    "word on the web": (WORD_ONLINE, WORD_ONLINE_STORED),
    "google docs": (GOOGLE, GOOGLE_STORED),
    "libreoffice": (LIBRE, LIBRE_STORED),
    "outlook": (OUTLOOK, OUTLOOK_STORED),
    "a web page": (WEB, WEB_STORED),
}


@pytest.fixture(scope="module")
def book(office: Office) -> Book:
    return office.book()


@pytest.fixture
def page(signed_in: SignedIn, office: Office, book: Book) -> Page:
    office.lead.put(book.id, TEXT, "")
    made = signed_in(office.lead)
    made.goto(book.section("A.0"))
    field(made, TEXT).locator("[data-rich]").click()
    expect(editor(made, TEXT)).to_be_focused()
    return made


def stored(office: Office, book: Book) -> str:
    found = re.search(r"data-rich-html>(.*?)</div></div>", office.lead.field(book.id, TEXT), re.DOTALL)
    assert found
    return html.unescape(found[1])


@pytest.mark.parametrize("origin", CLIPBOARDS)
def test_what_is_pasted_is_stored_as_it_was_meant(page: Page, office: Office, book: Book, origin: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    clipboard, wanted = CLIPBOARDS[origin]
    editor(page, TEXT).evaluate(_PASTE, clipboard)
    is_saved(page, TEXT)
    assert stored(office, book) == wanted
    assert page.evaluate("globalThis.ran") is None
    assert [url for url in asked if "example.test" in url] == []


def test_a_few_words_join_the_line_where_they_are_pasted(page: Page, office: Office, book: Book) -> None:
    page.keyboard.type("Voor  na")
    for _step in range(3):
        page.keyboard.press("ArrowLeft")
    editor(page, TEXT).evaluate(_PASTE, '<meta charset="utf-8"><span style="font-weight:700">midden</span>')
    is_saved(page, TEXT)
    assert stored(office, book) == "<p>Voor <strong>midden</strong> na</p>"


def test_what_was_copied_here_stays_as_it_was(page: Page, office: Office, book: Book) -> None:
    copied = '<p data-pm-slice="1 1 []">Een <strong>stuk</strong> zin<br>met een regel<script>globalThis.ran = 1</script></p>'
    editor(page, TEXT).evaluate(_PASTE, copied)
    is_saved(page, TEXT)
    assert stored(office, book) == "<p>Een <strong>stuk</strong> zin<br>met een regel</p>"
    assert page.evaluate("globalThis.ran") is None
