"""Answers for the tests, as they are stored."""

from typing import Any

from koers.editions.loading import edition
from koers.editions.structure import Field
from koers.workbook.values import Value

HOSTILE = "</title><script>alert(\"x\")</script> & 'quoted' \x07"

PARTIAL: dict[str, Value] = {
    "B.4.1/1": {"choice": 3, "remark": "Stands in the multi-year plan since the spring."},
    "B.4.1/2": {"choice": "not-applicable"},
    "B.4.1/3": {"choice": 2},
    "B.4.1/7": {"choices": ["dont-know"]},
    "B.4.2/1": {"choice": 2},
    "B.4.2/7": {"choice": 4},
    "B.4.5/3": {"rows": {"vigilant": 2, "visionary": 4}, "remark": "The librarian follows everything."},
    "A.1/open/estimate": {"choice": 1},
    "C.2.3/inspired/share": {"percent": 15},
    "C.2.3/frustrated/share": {"percent": 30},
}


def _some(field: Field, number: int) -> Value:
    """A believable answer, different for each field."""
    value: dict[str, Any]
    match field.kind:
        case "single":
            value = {"choice": 1 + number * 7 % len(field.options)}
        case "multi":
            value = {"choices": [1, len(field.options)]}
        case "matrix":
            value = {"rows": {row.id: 1 + place % len(field.options) for place, row in enumerate(field.rows, number)}}
        case "percent":
            return {"percent": 25}
        case "list":
            value = {"items": [{field.columns[0].id: f"System {place}"} for place in range(3)]}
        case "line":
            return {"text": "By the end of 2029"}
        case _:
            return {"html": "<p>As far as we can see today.</p>"}
    return value | {"remark": "Checked with the department."} if field.remark else value


def full() -> dict[str, Value]:
    """An answer to every field of the playbook."""
    fields = edition("draaiboek").fields.values()
    return {field.key: _some(field, number) for number, field in enumerate(fields)}
