"""Reading an answer to a question, from a plain form or as a script sends it."""

from typing import Any

from django.http import QueryDict

from koers.assessment.instruments.structure import Question
from koers.assessment.values import read_response
from koers.kit import richtext
from koers.workbook.forms.answers import number_typed, posted
from koers.workbook.values import MAX_TEXT, Value


def read_typed(question: Question, raw: Any) -> Value:
    """What is stored for what a page sent; a text comes as plain lines. Raises `InvalidValue`."""
    if question.field.is_rich and isinstance(raw, str) and len(raw) <= 4 * MAX_TEXT:
        raw = richtext.from_plain(raw)
    return read_response(question, raw)


def posted_answer(question: Question, post: QueryDict) -> tuple[bool, Any]:
    """Whether the form held the question at all, and its raw value as `read_typed` takes it."""
    if question.kind != "shares":
        return posted(question.field, post)
    key = question.key
    typed = {row.id: post.get(f"{key}:{row.id}", "") for row in question.field.rows}
    shares = {row: number_typed(text) for row, text in typed.items() if text.strip()}
    remark = {"remark": post.get(f"{key}:remark", "")} if question.field.remark else {}
    return f"{key}:base" in post, {"shares": shares, **remark}
