"""The route: how far each section and part is, and what comes next."""

from collections.abc import Collection
from dataclasses import dataclass

from koers.editions.structure import Edition, Part, Section
from koers.workbook.models import Answer, Workbook


@dataclass(frozen=True)
class Progress:
    """How far a section, a part or a workbook is: fields answered of all fields."""

    answered: int
    total: int

    @property
    def state(self) -> str:
        """``not-started``, ``under-way`` or ``complete``: the shape of the waypoint."""
        if self.answered == 0:
            return "not-started"
        return "complete" if self.answered >= self.total else "under-way"

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(self.answered + other.answered, self.total + other.total)


@dataclass(frozen=True)
class SectionProgress:
    section: Section
    progress: Progress


@dataclass(frozen=True)
class PartProgress:
    part: Part
    progress: Progress
    sections: tuple[SectionProgress, ...]


@dataclass(frozen=True)
class CourseMap:
    """The route: progress of each part and section, and the section to do next."""

    parts: tuple[PartProgress, ...]
    progress: Progress
    upcoming: Section | None

    @property
    def key(self) -> tuple[object, ...]:
        """What the drawing of the route depends on."""
        return (id(self.parts[0].part), *(each.progress.answered for part in self.parts for each in part.sections))


def section_progress(section: Section, answered: Collection[str]) -> Progress:
    """Progress of a section, given the keys of the fields that were answered."""
    return Progress(sum(field.key in answered for field in section.fields), len(section.fields))


def answered_fields(workbook: Workbook) -> set[str]:
    """The keys of the fields that were answered."""
    return set(Answer.objects.filter(workbook=workbook, answered=True).values_list("field_key", flat=True))


def stretch_of(part: Part, answered: Collection[str]) -> tuple[tuple[Section, str], ...]:
    """The sections of a part with the state of each, ``reading`` when there is nothing to answer."""
    return tuple(
        (section, section_progress(section, answered).state if section.fields else "reading")
        for section in part.sections
    )


def course_map(edition: Edition, answered: Collection[str]) -> CourseMap:
    """Progress over the whole edition. Next is the first section under way, else the first one not begun."""
    parts = []
    for part in edition.parts:
        sections = tuple(SectionProgress(section, section_progress(section, answered)) for section in part.sections)
        parts.append(PartProgress(part, sum((each.progress for each in sections), Progress(0, 0)), sections))
    every = [each for part in parts for each in part.sections]
    upcoming = next((each.section for each in every if each.progress.state == "under-way"), None) or next(
        (each.section for each in every if each.progress.state == "not-started"), None
    )
    return CourseMap(tuple(parts), sum((part.progress for part in parts), Progress(0, 0)), upcoming)
