"""What we mean and why now."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from koers.documents.composing.material import Element, Material, Part, Prose, bold, text


def build(m: Material) -> tuple[list[Element], list[Part]]:
    definition = [
        *m.prose("C.1.1/definition"),
        *m.prose("C.1.1/not", _("What it is not")),
    ]
    now = [*m.prose("C.1.1/why-now"), *m.prose("A.3/why", _("What moves us"))]
    parts = [
        m.part(_("What digital transformation means to us"), definition, ["C.1.1/definition", "C.1.1/not"]),
        m.part(_("Why now"), now, ["C.1.1/why-now"]),
        m.part(_("What this note is for"), _purpose(m), ["C.1.1/purpose"]),
        m.part(_("Words we share"), _vocabulary(m)),
    ]
    return [], parts


def _purpose(m: Material) -> list[Element]:
    key = "C.1.1/purpose"
    chosen = m.answers.choice(key)
    remark = m.answers.remark(key)
    return [Prose((*text(chosen), *text(remark)), (key,))] if chosen or remark else []


def _vocabulary(m: Material) -> list[Element]:
    key = "A.3/vocabulary"
    rows = [(bold(item["term"]), item.cell("meaning")) for item in m.items(key)]
    header = [pgettext("note", "Term"), _("What it means to us")]
    return m.grid(key, _("What words mean in this note"), header, rows, weights=[1, 3])
