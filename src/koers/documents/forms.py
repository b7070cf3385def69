"""The composer's form: works without JavaScript, also for moving a chapter."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from koers.documents.actions import Composition
from koers.documents.composing import CHAPTERS, chapter_titles, ordered_chapters
from koers.documents.models import NoteSettings
from koers.documents.queries import choices_of, language_of
from koers.kit import richtext
from koers.workbook.models import Workbook

TITLE_LENGTH = 120


class NoteForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    subtitle = forms.CharField(label=_("Subtitle"), max_length=200, required=False)
    author = forms.CharField(
        label=_("Authors"), max_length=200, required=False, help_text=_("Stands on the cover, as you write it here.")
    )
    day = forms.DateField(
        label=_("Date"), required=False, help_text=_("Leave it empty for the date of the day itself."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), input_formats=["%Y-%m-%d"],
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language of the note"))
    introduction = forms.CharField(
        label=_("Introduction"), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Your own words at the beginning. Empty lines make paragraphs, a dash makes a list."),
    )  # fmt: skip
    with_appendix = forms.BooleanField(
        label=_("With the appendix"), required=False,
        help_text=_(
            "The appendix holds every answer and remark that does not stand in the chapters, "
            "also those of hidden chapters."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, languages: Iterable[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["language"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(languages)


@dataclass(frozen=True)
class ChapterRow:
    """A chapter in the composer."""

    id: str
    usual_title: str
    title: str
    is_shown: bool
    is_first: bool
    is_last: bool


def note_form(
    workbook: Workbook, settings: NoteSettings, posted: QueryDict | None, names: Mapping[str, str]
) -> NoteForm:
    languages = [(code, names.get(code, code)) for code in workbook.edition.languages]
    initial = {
        "title": settings.title,
        "subtitle": settings.subtitle,
        "author": settings.author,
        "day": settings.day,
        "language": language_of(workbook, settings),
        "introduction": richtext.to_markdown(richtext.parse(settings.introduction)) if settings.introduction else "",
        "with_appendix": settings.with_appendix,
    }
    return NoteForm(posted, initial=initial, languages=languages)


def chapter_rows(settings: NoteSettings) -> list[ChapterRow]:
    titles = chapter_titles()
    ordered = ordered_chapters(choices_of(settings))
    return [
        ChapterRow(
            id=each,
            usual_title=titles[each],
            title=settings.titles.get(each, ""),
            is_shown=each not in settings.hidden,
            is_first=index == 0,
            is_last=index == len(ordered) - 1,
        )
        for index, each in enumerate(ordered)
    ]


def _moved(order: list[str], move: str) -> list[str]:
    """The order after a press on a button: ``plan:up`` or ``plan:down``."""
    chapter, _colon, way = move.partition(":")
    if chapter not in order:
        return order
    here = order.index(chapter)
    there = max(0, min(len(order) - 1, here + {"up": -1, "down": 1}.get(way, 0)))
    order.insert(there, order.pop(here))
    return order


def composition_of(form: NoteForm, posted: QueryDict) -> Composition:
    """What was chosen, of a form that is valid."""
    given = form.cleaned_data
    order = [each for each in dict.fromkeys(posted.getlist("order")) if each in CHAPTERS]
    shown = set(posted.getlist("show"))
    titles = {each: " ".join(posted.get(f"title:{each}", "").split())[:TITLE_LENGTH] for each in CHAPTERS}
    return Composition(
        title=given["title"],
        subtitle=given["subtitle"],
        day=given["day"],
        author=given["author"],
        language=given["language"],
        hidden=tuple(each for each in CHAPTERS if each not in shown),
        order=tuple(_moved(order, posted.get("move", ""))),
        titles=tuple((each, title) for each, title in titles.items() if title),
        with_appendix=given["with_appendix"],
        introduction=richtext.from_markdown(given["introduction"]),
    )
