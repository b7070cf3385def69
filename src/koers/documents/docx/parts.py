"""The parts of the Word file that are the same for every note: styles, numbering, settings, fonts."""

from typing import Final

W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
INK: Final = "16242B"
MUTED: Final = "54646C"
PETROL: Final = "0B5563"
HAIR: Final = "C9D2D6"
PALE: Final = "EDF4F6"
YELLOW: Final = "F2B705"

HEADINGS: Final = 1
BULLETS: Final = 2
NUMBERS: Final = 3
CELL_BULLETS: Final = 4
CELL_NUMBERS: Final = 5


def _style(
    style_id: str,
    name: str,
    *,
    ppr: str = "",
    rpr: str = "",
    based: str = "Normal",
    following: str = "",
    more: str = "",
) -> str:
    parent = f'<w:basedOn w:val="{based}"/>' if based else ""
    then = f'<w:next w:val="{following}"/>' if following else ""
    return (
        f'<w:style w:type="paragraph" w:styleId="{style_id}"><w:name w:val="{name}"/>{parent}{then}{more}<w:qFormat/>'
        f"<w:pPr>{ppr}</w:pPr><w:rPr>{rpr}</w:rPr></w:style>"
    )


def _font(size: float, *, bold: bool = False, color: str = "", italic: bool = False) -> str:
    weight = "<w:b/><w:bCs/>" if bold else ""
    slant = "<w:i/><w:iCs/>" if italic else ""
    tint = f'<w:color w:val="{color}"/>' if color else ""
    return f'{weight}{slant}{tint}<w:sz w:val="{round(size * 2)}"/><w:szCs w:val="{round(size * 2)}"/>'


def _space(before: float = 0, after: float = 0, line: int = 0) -> str:
    leading = f' w:line="{line}" w:lineRule="auto"' if line else ""
    return f'<w:spacing w:before="{round(before * 20)}" w:after="{round(after * 20)}"{leading}/>'


_KEEP: Final = "<w:keepNext/><w:keepLines/>"


def _heading_styles() -> str:
    def heading(level: int, size: float, before: float, after: float, color: str, numbered: bool) -> str:
        number = f'<w:numPr><w:ilvl w:val="{level - 1}"/><w:numId w:val="{HEADINGS}"/></w:numPr>' if numbered else ""
        line = (
            f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="6" w:color="{YELLOW}"/></w:pBdr>'
            if level == 1
            else ""
        )
        return _style(
            f"Heading{level}", f"heading {level}", following="BodyText",
            ppr=f'{_KEEP}{number}{line}{_space(before, after, 252)}<w:outlineLvl w:val="{level - 1}"/>',
            rpr=_font(size, bold=True, color=color),
        )  # fmt: skip

    return "".join(
        (
            heading(1, 22, 12, 16, INK, True),
            heading(2, 14, 20, 8, INK, True),
            heading(3, 11.5, 14, 5, PETROL, False),
            heading(4, 10.5, 12, 4, INK, False),
            heading(5, 10.5, 10, 4, MUTED, False),
            heading(6, 10.5, 10, 4, MUTED, False),
        )
    )


def _text_styles() -> str:
    bullet = f'<w:numPr><w:numId w:val="{BULLETS}"/></w:numPr>{_space(0, 4, 252)}<w:contextualSpacing/>'
    number = f'<w:numPr><w:numId w:val="{NUMBERS}"/></w:numPr>{_space(0, 4, 252)}<w:contextualSpacing/>'
    cell_bullet = f'<w:numPr><w:numId w:val="{CELL_BULLETS}"/></w:numPr>{_space(0, 2, 240)}'
    cell_number = f'<w:numPr><w:numId w:val="{CELL_NUMBERS}"/></w:numPr>{_space(0, 2, 240)}'
    bar = f'<w:pBdr><w:left w:val="single" w:sz="18" w:space="10" w:color="{YELLOW}"/></w:pBdr>'
    quote = f'{bar}{_space(4, 8, 252)}<w:ind w:left="284"/>'
    small = _font(9)
    end = '<w:spacing w:before="0" w:after="160" w:line="40" w:lineRule="exact"/>'
    return "".join(
        (
            _style("BodyText", "Body Text", ppr=_space(0, 7, 257)),
            _style("ListBullet", "List Bullet", based="BodyText", ppr=bullet),
            _style("ListNumber", "List Number", based="BodyText", ppr=number),
            _style("ListContinue", "List Continue", based="BodyText", ppr=f'{_space(0, 4, 252)}<w:ind w:left="340"/>'),
            _style("Quote", "Quote", based="BodyText", ppr=quote, rpr="<w:i/><w:iCs/>"),
            _style("Lead", "Lead", based="BodyText", ppr=_space(0, 14, 280), rpr=_font(12, color=MUTED)),
            _style(
                "Caption",
                "caption",
                following="BodyText",
                ppr=f"<w:keepLines/>{_space(10, 5)}",
                rpr=_font(9, color=MUTED),
            ),
            _style("TableText", "Table Text", ppr=_space(0, 2, 240), rpr=small),
            _style(
                "TableHead", "Table Head", based="TableText", ppr="<w:keepNext/>", rpr=_font(9, bold=True, color=PETROL)
            ),
            _style("TableBullet", "Table Bullet", based="TableText", ppr=cell_bullet),
            _style("TableNumber", "Table Number", based="TableText", ppr=cell_number),
            _style(
                "TableEnd",
                "Table End",
                ppr=end,
                rpr=_font(2),
            ),
            _style("TableNote", "Table Note", ppr=_space(4, 12), rpr=_font(8.5, color=MUTED)),
            _style("FactLabel", "Fact Label", following="BodyText", ppr=f"{_KEEP}{_space(9, 2)}", rpr="<w:b/><w:bCs/>"),
            _style("Remark", "Remark", based="BodyText", ppr=_space(0, 4, 264), rpr=f'<w:color w:val="{MUTED}"/>'),
            _style(
                "CalloutTitle", "Callout Title", ppr=f"{_KEEP}{_space(4, 5)}", rpr=_font(11, bold=True, color=PETROL)
            ),
        )
    )


def _cover_styles() -> str:
    rule = f'<w:pBdr><w:bottom w:val="single" w:sz="8" w:space="4" w:color="{PETROL}"/></w:pBdr>'
    hair = f'<w:pBdr><w:top w:val="single" w:sz="4" w:space="6" w:color="{HAIR}"/></w:pBdr>'
    tabs = '<w:tabs><w:tab w:val="right" w:pos="9071"/></w:tabs>'
    return "".join(
        (
            _style("CoverName", "Cover Name", ppr=rule, rpr=_font(14, bold=True, color=PETROL)),
            _style("Title", "Title", following="Subtitle", ppr=_space(150, 8, 228), rpr=_font(38, bold=True)),
            _style("Subtitle", "Subtitle", following="BodyText", ppr=_space(0, 36, 264), rpr=_font(16, color=MUTED)),
            _style("CoverLine", "Cover Line", ppr=_space(0, 3), rpr=_font(11)),
            _style("CoverPurpose", "Cover Purpose", ppr=_space(176, 3), rpr=_font(12, bold=True)),
            _style("CoverProgress", "Cover Progress", ppr=f"{hair}{_space(12, 3)}", rpr=_font(8, color=MUTED)),
            _style("CoverSmall", "Cover Small", ppr=_space(0, 3), rpr=_font(8, color=MUTED)),
            _style(
                "TOCHeading",
                "TOC Heading",
                following="BodyText",
                ppr=f"{_KEEP}<w:pageBreakBefore/>{_space(0, 16)}",
                rpr=_font(22, bold=True),
            ),
            _style(
                "TOC1",
                "toc 1",
                ppr=f'<w:tabs><w:tab w:val="left" w:pos="480"/></w:tabs>{_space(4, 0)}',
                rpr=_font(9.5, bold=True),
            ),
            _style(
                "TOC2",
                "toc 2",
                ppr=f'<w:tabs><w:tab w:val="left" w:pos="1080"/></w:tabs>{_space(0, 0, 240)}<w:ind w:left="480"/>',
                rpr=_font(9.5),
            ),
            _style("Header", "header", ppr=f"{tabs}{_space(0, 0)}", rpr=_font(8.5, color=MUTED)),
            _style("Footer", "footer", ppr=f"{tabs}{_space(0, 0)}", rpr=_font(8.5, color=MUTED)),
        )
    )


def _table_styles() -> str:
    def border(side: str, size: int, color: str) -> str:
        return f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{color}"/>'

    margins = (
        '<w:tblCellMar><w:top w:w="70" w:type="dxa"/><w:left w:w="100" w:type="dxa"/>'
        '<w:bottom w:w="50" w:type="dxa"/><w:right w:w="100" w:type="dxa"/></w:tblCellMar>'
    )
    return (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:uiPriority w:val="99"/>'
        '<w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="108" w:type="dxa"/>'
        '<w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>'
        '<w:style w:type="table" w:customStyle="1" w:styleId="KoersTable"><w:name w:val="Koers Table"/>'
        '<w:basedOn w:val="TableNormal"/>'
        "<w:tblPr>"
        f"<w:tblBorders>{border('bottom', 4, HAIR)}{border('insideH', 4, HAIR)}</w:tblBorders>{margins}</w:tblPr>"
        f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:tcBorders>{border("bottom", 10, PETROL)}</w:tcBorders>'
        "</w:tcPr></w:tblStylePr>"
        '<w:tblStylePr w:type="lastRow"><w:rPr><w:b/></w:rPr><w:tcPr>'
        f"<w:tcBorders>{border('top', 8, PETROL)}</w:tcBorders></w:tcPr></w:tblStylePr>"
        "</w:style>"
        '<w:style w:type="table" w:customStyle="1" w:styleId="KoersCallout"><w:name w:val="Koers Callout"/>'
        '<w:basedOn w:val="TableNormal"/>'
        f"<w:tblPr><w:tblBorders>{border('left', 24, PETROL)}</w:tblBorders>"
        '<w:tblCellMar><w:top w:w="120" w:type="dxa"/><w:left w:w="240" w:type="dxa"/><w:bottom w:w="60" w:type="dxa"/>'
        '<w:right w:w="200" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{PALE}"/></w:tcPr></w:style>'
    )


def styles(language: str, family: str) -> str:
    """The style sheet: real styles, so that people can restyle the note in Word."""
    fonts = f'<w:rFonts w:ascii="{family}" w:hAnsi="{family}" w:eastAsia="{family}" w:cs="{family}"/>'
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr>{fonts}<w:color w:val="{INK}"/><w:sz w:val="21"/><w:szCs w:val="21"/>'
        f'<w:lang w:val="{language}" w:eastAsia="{language}" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault/></w:docDefaults>"
    )
    normal = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/>'
        f"<w:pPr><w:widowControl/>{_space(0, 0, 264)}</w:pPr></w:style>"
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/>'
        '<w:uiPriority w:val="1"/><w:semiHidden/></w:style>'
        '<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/><w:rPr>'
        f'<w:color w:val="{PETROL}"/>'
        '<w:u w:val="single"/></w:rPr></w:style>'
        '<w:style w:type="numbering" w:default="1" w:styleId="NoList"><w:name w:val="No List"/><w:semiHidden/>'
        "</w:style>"
    )
    paragraphs = f"{_heading_styles()}{_text_styles()}{_cover_styles()}"
    return f"<w:styles {W}>{defaults}{normal}{paragraphs}{_table_styles()}</w:styles>"


def _level(
    level: int, form: str, said: str, left: int, hanging: int, *, style: str = "", suffix: str = "tab", rpr: str = ""
) -> str:
    linked = f'<w:pStyle w:val="{style}"/>' if style else ""
    return (
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{linked}<w:suff w:val="{suffix}"/>'
        f'<w:lvlText w:val="{said}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{left}" w:hanging="{hanging}"/>'
        "</w:pPr>"
        f"<w:rPr>{rpr}</w:rPr></w:lvl>"
    )


def numbering(ordered_lists: list[int]) -> str:
    """Numbering: the headings, bullets, and for each numbered list a start of its own (`ordered_lists`: which kind)."""
    tint = f'<w:color w:val="{PETROL}"/>'
    marks = ("•", "–", "•", "–", "•")
    headings = _level(0, "decimal", "%1", 0, 0, style="Heading1", suffix="space", rpr=tint) + _level(
        1, "decimal", "%1.%2", 0, 0, style="Heading2", suffix="space", rpr=tint
    )

    def bullets(step: int) -> str:
        return "".join(_level(n, "bullet", mark, step * (n + 1), step, rpr=tint) for n, mark in enumerate(marks))

    def numbers(step: int) -> str:
        return "".join(
            _level(n, "decimal" if n % 2 == 0 else "lowerLetter", f"%{n + 1}.", step * (n + 1), step, rpr=tint)
            for n in range(5)
        )

    kinds = {
        HEADINGS: headings,
        BULLETS: bullets(340),
        NUMBERS: numbers(340),
        CELL_BULLETS: bullets(200),
        CELL_NUMBERS: numbers(264),
    }
    abstract = "".join(
        f'<w:abstractNum w:abstractNumId="{kind}"><w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
        for kind, levels in kinds.items()
    )
    plain = "".join(f'<w:num w:numId="{kind}"><w:abstractNumId w:val="{kind}"/></w:num>' for kind in kinds)
    restarts = "".join(
        f'<w:lvlOverride w:ilvl="{level}"><w:startOverride w:val="1"/></w:lvlOverride>' for level in range(5)
    )
    own = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{restarts}</w:num>'
        for number, kind in enumerate(ordered_lists, FIRST_LIST)
    )
    return f"<w:numbering {W}>{abstract}{plain}{own}</w:numbering>"


FIRST_LIST: Final = 10


def settings(language: str, *, embeds: bool) -> str:
    embedded = "<w:embedTrueTypeFonts/><w:saveSubsetFonts/>" if embeds else ""
    comma = "," if language.startswith("nl") else "."
    return (
        f'<w:settings {W}><w:zoom w:percent="100"/>{embedded}<w:defaultTabStop w:val="709"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/><w:compat>'
        '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
        '<w:compatSetting w:name="overrideTableStyleFontSizeAndJustification"'
        ' w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>'
        '<w:compatSetting w:name="enableOpenTypeFeatures" w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>'
        '<w:compatSetting w:name="doNotFlipMirrorIndents" w:uri="http://schemas.microsoft.com/office/word" w:val="1"/>'
        f'</w:compat><w:themeFontLang w:val="{language}"/><w:decimalSymbol w:val="{comma}"/>'
        '<w:listSeparator w:val=";"/></w:settings>'
    )
