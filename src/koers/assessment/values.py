"""What an answer to a question is. The shapes are those of `workbook.values`, and one more:

shares  ``{"shares": {"inspired": 20, …}, "remark": "…"}``: whole or half percentages that add up to the total
"""

from typing import Any

from django.utils.translation import gettext as _

from koers.assessment.instruments.structure import Question
from koers.kit.located import Path
from koers.workbook.values import MAX_REMARK, InvalidValue, Value, plain_text, read_plain, read_value


def read_response(question: Question, raw: Any) -> Value:
    """What is stored for something from outside; None when nothing was answered. Raises `InvalidValue`."""
    return _read_shares(question, raw) if question.kind == "shares" else read_value(question.field, raw, "html")


def _read_shares(question: Question, raw: Any) -> Value:
    if raw is None:
        return None
    if not isinstance(raw, dict) or set(raw) - {"shares", "remark"} or not isinstance(raw.get("shares") or {}, dict):
        raise InvalidValue(_("This field expects: %(known)s.") % {"known": "shares, remark"})
    given, value = raw.get("shares") or {}, {}
    rows = [row.id for row in question.field.rows]
    for row in given:
        if row not in rows:
            raise InvalidValue(_("Unknown row “%(row)s”.") % {"row": str(row)[:60]}, ("shares", str(row)))
    for row in rows:
        if given.get(row) is not None:
            value[row] = _share(given[row], ("shares", row))
    if value and sum(value.values()) != question.total:
        message = _("The shares must add up to %(total)s; they make %(sum)s.")
        raise InvalidValue(message % {"total": question.total, "sum": sum(value.values())}, ("shares",))
    remark = read_plain(raw.get("remark"), MAX_REMARK, ("remark",))
    read: dict[str, Any] = {"shares": {row: value.get(row, 0) for row in rows}} if value else {}
    if remark:
        read["remark"] = remark
    return read or None


def _share(raw: Any, path: Path) -> float:
    if not isinstance(raw, int | float) or isinstance(raw, bool) or not 0 <= raw <= 100 or raw * 2 != int(raw * 2):
        raise InvalidValue(_("This must be a number."), path)
    return int(raw) if raw == int(raw) else raw


def answer_text(question: Question, value: Value, language: str | None = None) -> str:
    """The answer in words on one or more lines, its remark included."""
    if question.kind != "shares" or value is None:
        return plain_text(question.field, value, language)
    shares = value.get("shares", {})
    lines = [f"{row.label.say(language)}: {shares[row.id]} %" for row in question.field.rows if row.id in shares]
    return "\n".join([*lines, *([value["remark"]] if value.get("remark") else [])])
