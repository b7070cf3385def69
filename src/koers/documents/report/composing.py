"""The report of a workshop as a note: the same tree, so that Word and PDF set it as they set the ambition note."""

from typing import Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from koers.assessment.instruments.structure import Dimension
from koers.assessment.models import IdeaKind, StepKind
from koers.assessment.queries.held import RankedIdea, Voted
from koers.assessment.suppression import K
from koers.assessment.values import answer_text
from koers.documents.composing import numbers, writer_labels
from koers.documents.composing.material import bullets, named, plain
from koers.documents.composing.tree import (
    Align,
    Cell,
    Chapter,
    Cover,
    Element,
    Fact,
    Facts,
    Figure,
    Grid,
    Note,
    Part,
    Prose,
    Waypoint,
    text,
)
from koers.documents.report.figures import Bar, vote_bars
from koers.documents.report.material import Material
from koers.workbook.values import Value

# The three questions on which the room lay furthest apart, and the five ideas with the most points.
_APART: Final = 3
_TOP: Final = 5
_ENDS: Final[tuple[Align, ...]] = ("end",) * 30


def compose_report(material: Material, language: str) -> Note:
    """The report in a language. Pure: the same workshop always gives the same report."""
    with translation.override(language):
        writer = _Writer(material, language)
        workshop = material.workshop
        day = timezone.localdate(workshop.opened_at or workshop.planned_at or workshop.created_at)
        chapters = [writer.summary(), *writer.dimensions(), writer.ideas(), writer.course()]
        return Note(
            language=language,
            day=day,
            cover=writer.cover(numbers.day(day, language)),
            chapters=tuple(chapter for chapter in chapters if not chapter.is_empty),
            labels={
                **writer_labels(),
                "keywords": _("workshop, context analysis, local government"),
                "route": _("How much of each dimension was agreed"),
            },
        )


class _Writer:
    """Writes one report in the active language."""

    def __init__(self, material: Material, language: str) -> None:
        self.m = material
        self.language = language
        self.number = 0

    def _numbered(self) -> str:
        self.number += 1
        return str(self.number)

    def _answer(self, voted: Voted, value: Value) -> str:
        given = {key: part for key, part in (value or {}).items() if key != "remark"}
        return answer_text(voted.question, given or None, self.language)

    # ---- cover and summary ------------------------------------------------------------------------------------

    def cover(self, day: str) -> Cover:
        workshop = self.m.workshop
        measurement = workshop.measurement
        route = []
        for dimension in self.m.dimensions:
            voted = self.m.of(dimension)
            agreed = sum(each.consensus is not None for each in voted)
            route.append(Waypoint(dimension.id, "", agreed / len(voted)))
        return Cover(
            administration=str(measurement.workbook.administration),
            title=workshop.title,
            subtitle=_("Report of the workshop of the measurement “%(name)s”") % {"name": measurement.name},
            date=day,
            author="",
            purpose="",
            progress=self._took_part(),
            credit=_("What single people answered is in nobody's hands: this report tells what the room said."),
            route=tuple(route),
        )

    def _took_part(self) -> str:
        count = self.m.held.people
        return ngettext("%(count)s person took part.", "%(count)s people took part.", count) % {"count": count}

    def summary(self) -> Chapter:
        agreed = sum(each.consensus is not None for each in self.m.held.voted)
        shown = [f"{role.label}: {size}" for role, size in self.m.held.roles.items()]
        facts = [
            Fact(_("People"), text(str(self.m.held.people))),
            Fact(_("Questions voted on"), text(str(sum(each.spread.answered > 0 for each in self.m.held.voted)))),
            Fact(_("Agreed"), text(str(agreed))),
            Fact(_("Ideas"), text(str(len(self.m.held.ideas)))),
        ]
        elements: list[Element] = [Facts(tuple(facts), look="glance")]
        if shown:
            elements.append(Prose(text(", ".join(shown)), lead=_("Who was there")))
        elements += self._apart()
        top = sorted((idea for idea in self.m.held.ideas if idea.points), key=lambda idea: -idea.points)[:_TOP]
        if top:
            entries = [named(idea.text, self._points(idea)) for idea in top]
            elements.append(Prose(bullets(entries), lead=_("The ideas with the most points")))
        return Chapter("summary", _("In short"), elements=(*elements, *self._overview()))

    def _overview(self) -> list[Element]:
        """Everything that was agreed, on one page if it fits."""
        rows: list[tuple[Cell, ...]] = []
        for each in self.m.held.voted:
            if each.consensus is not None:
                asked = each.question.field.short.say(self.language)
                rows.append((text(asked, strong=True), text(self._answer(each, each.consensus.value))))
        header = (_("Question"), _("What we agreed"))
        return [Grid(_("What we agreed"), header, tuple(rows), (), (), (1.5, 3.5))] if rows else []

    def _apart(self) -> list[Element]:
        """Where the room lay furthest apart: what there was most to talk about."""
        measured = [
            each for each in self.m.held.voted if each.spread.disagreement is not None and each.spread.answered >= K
        ]
        furthest = sorted(measured, key=lambda each: -(each.spread.disagreement or 0))[:_APART]
        entries = [
            named(each.question.field.short.say(self.language), self._agreed_words(each))
            for each in furthest
            if each.spread.disagreement
        ]
        return [Prose(bullets(entries), lead=_("Where we lay furthest apart"))] if entries else []

    def _agreed_words(self, voted: Voted) -> str:
        if voted.consensus is None:
            return _("nothing was agreed yet")
        return self._answer(voted, voted.consensus.value).replace("\n", "; ")

    # ---- dimensions -------------------------------------------------------------------------------------------

    def dimensions(self) -> list[Chapter]:
        return [self._dimension(each) for each in self.m.dimensions]

    def _dimension(self, dimension: Dimension) -> Chapter:
        parts = tuple(self._question(each) for each in self.m.of(dimension))
        title = dimension.title.say(self.language)
        return Chapter(f"dimension-{dimension.id}", title, self._numbered(), parts=parts)

    def _question(self, voted: Voted) -> Part:
        field = voted.question.field
        asked = field.label.say(self.language)
        elements: list[Element] = []
        bars = self._bars(voted)
        if bars:
            said = "; ".join(f"{bar.label}: {bar.count:g}{bar.unit}" for bar in bars)
            alt = f"{asked} {self._votes(voted)}. {said}."
            elements.append(Figure(self._caption(voted, asked), alt, vote_bars(bars, _("agreed")), (field.key,)))
        elif voted.question.kind == "matrix" and voted.spread.answered:
            elements.append(self._matrix(voted, asked))
        else:
            elements.append(Prose(text(asked, em=True), (field.key,)))
        if voted.spread.texts:
            elements.append(Prose(bullets([plain(said) for said in voted.spread.texts]), lead=_("What people wrote")))
        elements += self._agreed(voted)
        return Part(field.short.say(self.language), tuple(elements))

    def _votes(self, voted: Voted) -> str:
        said = ngettext("%(count)s person voted", "%(count)s people voted", voted.spread.answered)
        return said % {"count": voted.spread.answered}

    def _caption(self, voted: Voted, asked: str) -> str:
        """The question with how many voted; it stands with the figure, so that no page ends in a heading alone."""
        caption = f"{asked} {self._votes(voted)}"
        return caption if voted.first is None else f"{caption}; {_('in grey the first vote')}"

    def _bars(self, voted: Voted) -> list[Bar]:
        question, spread, first = voted.question, voted.spread, voted.first
        if not voted.spread.answered:
            return []
        if question.kind == "shares":
            return [
                Bar(row.label.say(self.language), round(spread.shares.get(row.id, 0), 1), unit=" %")
                for row in question.field.rows
            ]
        if question.kind not in {"single", "multi"}:
            return []
        value = (voted.consensus.value if voted.consensus else None) or {}
        chosen = {value.get("choice"), *value.get("choices", [])}
        bars = [
            Bar(
                option.say(self.language),
                spread.counts[index],
                first.counts[index] if first else None,
                index + 1 in chosen,
            )
            for index, option in enumerate(question.field.options)
        ]
        if question.field.extra:
            label = question.field.extra_label.say(self.language)
            before = first.extra if first else None
            bars.append(Bar(label, spread.extra, before, question.field.extra in chosen))
        return bars

    def _matrix(self, voted: Voted, asked: str) -> Grid:
        field = voted.question.field
        header = ("", *(option.say(self.language) for option in field.options))
        rows = [
            (
                text(row.label.say(self.language), strong=True),
                *(text(str(count)) for count in voted.spread.rows.get(row.id, ())),
            )
            for row in field.rows
        ]
        return Grid(
            self._caption(voted, asked), header, tuple(rows), (field.key,), ("start", *_ENDS[: len(field.options)])
        )

    def _agreed(self, voted: Voted) -> list[Element]:
        consensus = voted.consensus
        if consensus is None:
            return [Prose(text(_("Nothing was agreed on this question yet."), em=True))]
        told = [
            (_("What we agreed"), self._answer(voted, consensus.value)),
            (_("Why"), consensus.reason),
            (_("Arguments for"), consensus.arguments_for),
            (_("Arguments against"), consensus.arguments_against),
        ]
        return [Facts(tuple(Fact(label, text(said)) for label, said in told if said.strip()))]

    # ---- ideas and agenda -------------------------------------------------------------------------------------

    def _points(self, idea: RankedIdea) -> str:
        return ngettext("%(count)s point", "%(count)s points", idea.points) % {"count": idea.points}

    def ideas(self) -> Chapter:
        titles = {
            IdeaKind.HOOK: _("Hooks to open the subject"),
            IdeaKind.OBSTACLE: _("Obstacles on the way"),
            IdeaKind.ACTION: _("Actions to take"),
        }
        edition = self.m.workshop.measurement.workbook.edition
        parts = []
        for kind, title in titles.items():
            rows: list[tuple[Cell, ...]] = []
            for idea in (each for each in self.m.held.ideas if each.kind == kind):
                place = edition.fields.get(idea.placed)
                rows.append(
                    (text(idea.text), text(str(idea.points)), text(place.short.say(self.language) if place else ""))
                )
            if rows:
                header = (_("Idea"), _("Points"), _("Taken over in the workbook"))
                parts.append(Part(title, (Grid(title, header, tuple(rows), (), ("start", "end"), (5, 1, 2.4)),)))
        number = self._numbered() if parts else ""
        return Chapter("ideas", _("Ideas"), number, parts=tuple(parts))

    def course(self) -> Chapter:
        rows: list[tuple[Cell, ...]] = [
            (text(step.title or str(StepKind(step.kind).label)), text(str(step.minutes))) for step in self.m.steps
        ]
        header = (_("Step"), _("Minutes planned"))
        elements: list[Element] = []
        if rows:
            elements.append(Grid(_("The agenda"), header, tuple(rows), (), ("start", "end"), (5, 1)))
        elements.append(
            Prose(
                text(
                    _(
                        "Everybody voted first and saw the spread after. No name, address or device was kept with a "
                        "vote. What a role answered is shown only where at least %(k)s people of it did."
                    )
                    % {"k": K}
                ),
                lead=_("How the voting went"),
            )
        )
        return Chapter("course", _("How the workshop went"), self._numbered(), elements=tuple(elements))
