"""The management summary, built from what is there."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from koers.analysis.scoring import attention_points, strengths
from koers.documents.composing import numbers
from koers.documents.composing.chapters.ask import decisions
from koers.documents.composing.chapters.plan import year_totals
from koers.documents.composing.material import (
    Callout,
    Element,
    Fact,
    Facts,
    Item,
    Material,
    Part,
    Prose,
    bullets,
    named,
    text,
)
from koers.kit.richtext import Block, Paragraph, Run

ACTIONS = 3
DECISIONS = 6
FINDINGS = (2, 2)


def build(m: Material) -> tuple[list[Element], list[Part]]:
    elements = [*_glance(m), *_asked(m), *_picture(m), *_findings(m), *_actions(m)]
    return elements, []


def _glance(m: Material) -> list[Element]:
    facts = [
        (pgettext("note", "Path"), m.answers.peek_choice("A.2/choice"), "A.2/choice"),
        (pgettext("note", "Period"), _period(m), "C.1.3/timeline"),
        (_("Budget"), _budget(m), "C.1.3/budget"),
        (_("Actions"), _count(m), "C.1.2/actions"),
    ]
    told = [(label, said, key) for label, said, key in facts if said]
    if len(told) < 2:
        return []
    return [
        Facts(
            tuple(Fact(label, text(said)) for label, said, _key in told), tuple(key for *_rest, key in told), "glance"
        )
    ]


def _period(m: Material) -> str:
    years = [
        year
        for item in m.answers.peek_items("C.1.3/timeline")
        for year in (item.raw.get("from"), item.raw.get("until"))
        if isinstance(year, int)
    ]
    if not years:
        return ""
    return str(years[0]) if min(years) == max(years) else f"{min(years)}–{max(years)}"


def _budget(m: Material) -> str:
    items = m.answers.peek_items("C.1.3/budget")
    totals = year_totals(items)
    if totals:
        whole = _rough(sum(total.money for total in totals), m.language)
        if len(totals) == 1:
            return _("%(money)s in %(year)s") % {"money": whole, "year": totals[0].year}
        return _("%(money)s over %(from)s–%(until)s") % {
            "money": whole, "from": totals[0].year, "until": totals[-1].year,
        }  # fmt: skip
    once = sum(item.raw.get("one-off", 0) for item in items)
    return _("%(money)s once") % {"money": _rough(once, m.language)} if once else ""


def _rough(amount: float, language: str) -> str:
    """An amount as one says it in a summary: not more exact than the estimate is."""
    step = 1000 if amount >= 50_000 else 100 if amount >= 5000 else 1
    rounded = round(amount / step) * step
    written = numbers.money(rounded, language)
    return written if rounded == amount else _("about %(money)s") % {"money": written}


def _count(m: Material) -> str:
    count = len(m.answers.peek_items("C.1.2/actions"))
    return ngettext("%(count)s action", "%(count)s actions", count) % {"count": count} if count else ""


def _first_paragraph(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    return next(((block,) for block in blocks if isinstance(block, Paragraph)), ())


def _picture(m: Material) -> list[Element]:
    for key in ("C.1.1/target-picture", "A.0/digital-government"):
        first = _first_paragraph(m.answers.peek_rich(key))
        if first:
            return [Prose(first, (key,), _("Where we want to go"))]
    return []


def _findings(m: Material) -> list[Element]:
    """What stands out in the measurement: what goes well, then what asks for attention."""
    entries, used = [], []
    well, poor = FINDINGS
    for question in strengths(m.analysis, well):
        entries.append(_finding(_("Goes well"), question.field.short.say(m.language), _rowless(m, question.field.key)))
        used.append(question.field.key)
    for question in attention_points(m.analysis, poor):
        entries.append(
            _finding(_("Asks for attention"), question.field.short.say(m.language), _rowless(m, question.field.key))
        )
        used.append(question.field.key)
    return [Prose(bullets(entries), tuple(used), _("What stands out"))] if entries else []


def _rowless(m: Material, key: str) -> str:
    return m.answers.peek_choice(key)


def _finding(verdict: str, topic: str, answer: str) -> tuple[Run, ...]:
    said = f"{topic[:1].lower()}{topic[1:]}" if topic[1:2].islower() else topic
    return (
        (Run(f"{verdict}: {said}. ", strong=True), Run(answer))
        if answer
        else (Run(f"{verdict}: {said}.", strong=True),)
    )


def _actions(m: Material) -> list[Element]:
    items: list[Item] = [item for item in m.answers.peek_items("C.1.2/actions") if item["action"]]
    entries = [named(item["action"], item["owner"]) for item in items[:ACTIONS]]
    rest = len(items) - ACTIONS
    if rest > 0:
        more = ngettext("and %(count)s more action", "and %(count)s more actions", rest) % {"count": rest}
        entries.append((Run(more),))
    return [Prose(bullets(entries), ("C.1.2/actions",), _("What we will do"))] if entries else []


def _asked(m: Material) -> list[Element]:
    purpose = m.answers.peek_choice("C.1.1/purpose")
    blocks = list(text(purpose))
    sources = ["C.1.1/purpose"] if purpose else []
    items = decisions(m)
    entries = [
        (Run(f"{item['decision'] or '–'} "), Run(f"({item['level']})" if item["level"] else "", em=True))
        for item in items[:DECISIONS]
    ]
    rest = len(items) - DECISIONS
    if rest > 0:
        more = ngettext("and %(count)s more decision", "and %(count)s more decisions", rest) % {"count": rest}
        entries.append((Run(more), Run("")))
    blocks += bullets(entries, ordered=True)
    sources += ["C.1.3/decisions"] if entries else []
    return [Callout(_("What we ask"), tuple(blocks), tuple(sources))] if blocks else []
