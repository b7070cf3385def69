"""A measurement with one of everything: for the tests of taking it along and over."""

from typing import Any

from django.utils import timezone

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement, give_answers
from koers.assessment.exchange import files
from koers.assessment.exchange.content import gather
from koers.assessment.instruments.loading import PLAYBOOK, instrument
from koers.assessment.models import Consensus, Measurement, Mode, Respondent, Workshop

FORMS = ("json", "csv", "xlsx")
CUSTOM: list[dict[str, Any]] = [
    {"id": "parking", "kind": "single", "label": "Parkeren?", "options": ["Ja", "Nee"], "extra": "dont-know",
     "remark": True},
    {"id": "wish", "kind": "open", "label": {"nl": "Je wens", "en": "Your wish"}},
]  # fmt: skip
FORMULA = "=HYPERLINK(\"http://x\";'a')"


def one_of_everything(scoped: Cast) -> Measurement:
    """An own estimate, an interview with every kind of answer, a workshop of eleven with two ballots, a consensus."""
    measurement = create_measurement(
        scoped.workbook, instrument(PLAYBOOK, 1), "Nulmeting; =2+2", ["B.4.1", "B.4.4", "B.4.5", "C.2.3"],
        scoped.lead, custom=CUSTOM,
    )  # fmt: skip
    here: dict[str, Any] = {"administration": scoped.administration, "measurement": measurement}
    own = Respondent.objects.create(mode=Mode.ESTIMATE, person=scoped.lead, role="management", **here)
    asked = Respondent.objects.create(
        mode=Mode.INTERVIEW, name="Jan Peeters", email="jan@example.test", role="head", department="Burgerzaken",
        finished_at=timezone.now(), questions=["B.4.1/1", "B.4.1/6", "B.4.5/3"], **here,
    )  # fmt: skip
    Respondent.objects.create(mode=Mode.INTERVIEW, name="Nog Niets", withdrawn_at=None, **here)
    Respondent.objects.create(mode=Mode.INTERVIEW, name="Weg", withdrawn_at=timezone.now(), **here)
    give_answers(own, {"B.4.1/1": {"choice": 2, "remark": FORMULA}, "C.2.3/adoption": {
        "shares": {"inspired": 12.5, "indifferent": 37.5, "frustrated": 40, "oppressed": 10}
    }})  # fmt: skip
    give_answers(asked, {
        "B.4.1/1": {"choice": 3}, "B.4.1/6": {"choices": [1, 3], "remark": "Regel één\nregel “twee”; met , en '"},
        "B.4.5/3": {"rows": {"vigilant": 2, "voyager": 1}}, "B.4.1/2": {"choice": "not-applicable"},
        "B.4.4/1": {"items": [{"name": "-1+1", "note": "xy"}, {"name": "@B", "supplier": "Z"}]},
        "custom/parking": {"choice": "dont-know"}, "custom/wish": {"html": "<p>Meer <strong>fietsen</strong></p>"},
    })  # fmt: skip
    workshop = Workshop.objects.create(title="Dinsdag", administration=scoped.administration, measurement=measurement)
    for number in range(10):
        seat = Respondent.objects.create(
            mode=Mode.WORKSHOP, workshop=workshop, role="staff" if number < 6 else "it", size=2 if number == 9 else 1,
            **here,
        )  # fmt: skip
        give_answers(seat, {"B.4.1/1": {"choice": 1 + number % 3, "remark": "r9" if number == 9 else ""}})
        if number < 9:
            give_answers(seat, {"B.4.1/2": {"choice": 1 + number % 2}})
        if number != 4:
            give_answers(seat, {"B.4.1/1": {"choice": 2}}, ballot=2)
    Consensus.objects.create(
        question="B.4.1/1", value={"choice": 2, "remark": "samen"}, reason="Omdat\nhet zo is", arguments_for="+1",
        arguments_against="@nee", decided_by=scoped.lead, **here,
    )  # fmt: skip
    return measurement


def taken(form: str, measurement: Measurement) -> bytes:
    return files.written(gather(measurement), form)
