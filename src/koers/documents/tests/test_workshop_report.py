"""The report of a workshop: what the room voted and agreed, as Word and PDF, and nothing of single people."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone
from pypdf import PdfReader

from conftest import Cast
from koers.assessment.actions.measuring import create_measurement, record_consensus
from koers.assessment.actions.planning import plan_workshop
from koers.assessment.instruments.loading import PLAYBOOK, asked_by, instrument, latest_version
from koers.assessment.models import Idea, IdeaVote, Mode, Respondent, Response, Status, Workshop
from koers.documents.composing.tree import Facts, Figure, Grid, Note
from koers.documents.report.composing import compose_report
from koers.documents.report.material import material_of
from koers.kit.richtext import to_plain
from koers.kit.tenancy import scope

KEY = "B.4.1/1"


def _participant(workshop: Workshop, role: str, *choices: int, size: int = 1) -> Respondent:
    """Somebody who takes part; her choices at the question, a ballot each."""
    who = {"administration_id": workshop.administration_id, "measurement_id": workshop.measurement_id}
    participant = Respondent.objects.create(**who, workshop=workshop, mode=Mode.WORKSHOP, role=role, size=size)
    for ballot, choice in enumerate(choices, 1):
        value = {"choice": choice}
        Response.objects.create(**who, respondent=participant, question=KEY, ballot=ballot, value=value)
    return participant


@pytest.fixture
def held(scoped: Cast) -> Workshop:
    """A workshop of seven: five heads of department, and a pair of IT at one phone."""
    measurement = create_measurement(
        scoped.workbook, instrument(PLAYBOOK, latest_version(PLAYBOOK)), "Nulmeting", ["B.4.1"], scoped.lead
    )
    workshop = plan_workshop(measurement, "Samen kijken", timezone.now(), scoped.lead)
    for choices in ((1, 2), (2, 2), (2, 2), (4, 2), (4, 4)):
        _participant(workshop, "head", *choices)
    pair = _participant(workshop, "it", 1, 1, size=2)
    question = asked_by(measurement).questions[KEY]
    record_consensus(
        measurement, question, {"choice": 2}, scoped.lead, reason="Er staat niets op papier.",
        arguments_for="Iedereen kent de zin.", arguments_against="Het college ziet meer.", workshop=workshop,
    )  # fmt: skip
    who = {"administration_id": workshop.administration_id, "workshop": workshop}
    best = Idea.objects.create(**who, kind="action", text="Eén eigenaar per proces")
    same = Idea.objects.create(**who, kind="action", text="Eigenaars", merged_into=best)
    Idea.objects.create(**who, kind="action", text="Een grap", hidden=True)
    for idea, points in ((best, 2), (same, 1)):
        IdeaVote.objects.create(
            administration_id=workshop.administration_id, idea=idea, respondent=pair, points=points
        )  # fmt: skip
    opened = timezone.now() - timedelta(days=2)
    Workshop.objects.filter(pk=workshop.pk).update(status=Status.ENDED, opened_at=opened, ended_at=opened)
    return Workshop.objects.select_related("measurement__workbook__administration").get(pk=workshop.pk)


def _said(note: Note) -> list[str]:
    """Every text of the report, one a piece."""
    found = []
    for element in note.walk():
        match element:
            case Facts(facts):
                found += [f"{fact.label}: {to_plain(fact.blocks)}" for fact in facts]
            case Figure(caption, alt):
                found += [caption, alt]
            case Grid(caption, header, rows):
                found += [caption, *header, *(to_plain(cell) for row in rows for cell in row)]
            case _:
                found.append(to_plain(element.blocks))
    return found


def test_it_tells_the_last_vote_beside_the_first_and_what_was_agreed_with_the_arguments(held: Workshop) -> None:
    note = compose_report(material_of(held), "en")
    (figure,) = [element for element in note.walk() if isinstance(element, Figure)]
    assert figure.caption.endswith("7 people voted; in grey the first vote")
    counts = [each.rsplit(": ", 1)[1].rstrip(".") for each in figure.alt.split("; ")]
    assert counts == ["2", "4", "0", "1"]
    said = _said(note)
    assert "Why: Er staat niets op papier." in said
    assert "Arguments for: Iedereen kent de zin." in said
    assert "Arguments against: Het college ziet meer." in said


def test_a_role_of_two_is_told_by_nobody_nor_by_what_is_left(held: Workshop) -> None:
    material = material_of(held)
    assert material.held.people == 7
    # Five heads alone could be told, but then two of IT are what is left.
    assert dict(material.held.roles) == {}
    assert not any("IT" in each.split() for each in _said(compose_report(material, "en")))


def test_merged_ideas_count_together_and_hidden_ones_are_not_there(held: Workshop) -> None:
    said = _said(compose_report(material_of(held), "en"))
    assert "Eén eigenaar per proces" in said
    assert said[said.index("Eén eigenaar per proces") + 1] == "6"
    assert not any("grap" in each or each == "Eigenaars" for each in said)


def test_a_reader_downloads_it_as_word_and_as_tagged_pdf(held: Workshop, scoped: Cast) -> None:
    address = f"/w/{scoped.workbook.pk}/workshops/{held.pk}/report"
    viewer = scoped.client("viewer")
    pdf = viewer.get(f"{address}/pdf/")
    assert pdf["Content-Disposition"].startswith('attachment; filename="workshop-gemeente-kastelbeke-')
    reader = PdfReader(io.BytesIO(pdf.content))
    assert reader.metadata is not None
    assert reader.metadata.title == "Samen kijken – Gemeente Kastelbeke"
    assert "Eén eigenaar per proces" in "".join(page.extract_text() for page in reader.pages)
    word = viewer.get(f"{address}/docx/")
    document = zipfile.ZipFile(io.BytesIO(word.content)).read("word/document.xml").decode()
    assert "Er staat niets op papier." in document
    assert viewer.get(f"{address}/html/").status_code == 404


def test_there_is_none_of_a_workshop_that_was_not_held_nor_of_another_administration(
    held: Workshop, scoped: Cast
) -> None:
    with scope(scoped.administration.pk):
        planned = plan_workshop(held.measurement, "Later", None, scoped.lead)
    assert scoped.client("lead").get(f"/w/{scoped.workbook.pk}/workshops/{planned.pk}/report/pdf/").status_code == 404
    other = f"/w/{scoped.other_workbook.pk}/workshops/{held.pk}/report/pdf/"
    assert scoped.client("outsider").get(other).status_code == 404


def test_it_takes_a_fixed_number_of_queries(held: Workshop, django_assert_num_queries: object) -> None:
    with django_assert_num_queries(6):  # type: ignore[operator]
        material_of(held)
    for role in ("head", "staff", "college"):
        _participant(held, role, 1, 3)
    with django_assert_num_queries(6):  # type: ignore[operator]
        material_of(held)
