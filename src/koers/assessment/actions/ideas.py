"""What hosts do with the ideas of the room: add, merge, reword, hide, and put them in the workbook."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.utils.html import escape
from django.utils.translation import gettext as _

from koers.assessment.actions.workshops import hosting, require_open
from koers.assessment.models import Idea, IdeaKind, Status, Workshop
from koers.editions.structure import Field
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import User
from koers.workbook.actions import Save, save_answers
from koers.workbook.actions.answers import locked_answers
from koers.workbook.models import Workbook
from koers.workbook.refusals import why_refused
from koers.workbook.values import InvalidValue, Value, as_given, read_value

MAX_IDEA: Final = 400
# Where ideas land: the field, and of a list the column.
LANDS: Final = {
    IdeaKind.HOOK: ("A.3/hooks", ""),
    IdeaKind.OBSTACLE: ("C.1.2/obstacles", "obstacle"),
    IdeaKind.ACTION: ("C.1.2/actions", "action"),
}


def clean_idea(text: str) -> str:
    """An idea on one line. Raises `DeedRefused` when it says nothing, or too much."""
    cleaned = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    if not cleaned:
        raise DeedRefused(_("Write your idea first."))
    if len(cleaned) > MAX_IDEA:
        raise DeedRefused(_("An idea has at most %(limit)s characters. Make it shorter.") % {"limit": MAX_IDEA})
    return cleaned


def add_idea(workshop: Workshop, actor: User, text: str, kind: str = "", version: int | None = None) -> None:
    """An idea of the host; of the kind that the present step collects, unless another is named."""
    with hosting(workshop, version) as present:
        require_open(present)
        kind = kind or (present.step.idea_kind if present.step else "")
        if kind not in IdeaKind.values:
            raise DeedRefused(_("This step collects no ideas."))
        Idea.objects.create(
            administration_id=present.administration_id, workshop=present, kind=kind, text=clean_idea(text)
        )


def _found(present: Workshop, ids: Collection[int]) -> list[Idea]:
    found = list(Idea.objects.filter(workshop_id=present.pk, pk__in=ids).order_by("pk"))
    if not found or len(found) != len(set(ids)):
        raise DeedRefused(_("One of these ideas is not there any more."))
    return found


def merge_ideas(
    workshop: Workshop, actor: User, ids: Sequence[int], into: int, version: int | None = None
) -> None:  # fmt: skip
    """Ideas that say the same count as one. What was merged into them goes along."""
    with hosting(workshop, version) as present:
        (target,) = _found(present, [into])
        others = _found(present, [each for each in ids if each != into])
        if target.merged_into_id is not None or any(each.kind != target.kind for each in others):
            raise DeedRefused(_("Only ideas of the same kind can be merged."))
        here = {each.pk for each in others}
        Idea.objects.filter(workshop_id=present.pk, merged_into_id__in=here).update(merged_into=target)
        Idea.objects.filter(workshop_id=present.pk, pk__in=here).update(merged_into=target)


def unmerge_idea(workshop: Workshop, actor: User, idea: int, version: int | None = None) -> None:
    """It stands by itself again."""
    with hosting(workshop, version) as present:
        Idea.objects.filter(pk__in=[each.pk for each in _found(present, [idea])]).update(merged_into=None)


def hide_idea(workshop: Workshop, actor: User, idea: int, is_hidden: bool, version: int | None = None) -> None:
    """Take an idea from every screen but the host's, or show it again."""
    with hosting(workshop, version) as present:
        Idea.objects.filter(pk__in=[each.pk for each in _found(present, [idea])]).update(hidden=is_hidden)


def reword_idea(workshop: Workshop, actor: User, idea: int, text: str, version: int | None = None) -> None:
    """Say it more clearly."""
    with hosting(workshop, version) as present:
        Idea.objects.filter(pk__in=[each.pk for each in _found(present, [idea])]).update(text=clean_idea(text))


def place_ideas(workshop: Workshop, actor: User, ids: Sequence[int], version: int | None = None) -> int:
    """Put ideas in the workbook, after what stands there. One that was placed before is not placed twice.

    Also after the workshop. Returns how many were placed now.
    """
    with hosting(workshop, version, status=(Status.OPEN, Status.ENDED)) as present:
        require_open(present)
        waiting = [each for each in _found(present, ids) if not each.placed and each.merged_into_id is None]
        if not waiting:
            return 0
        workbook = present.measurement.workbook
        by_kind = {kind: [each for each in waiting if each.kind == kind] for kind in IdeaKind}
        _save(workbook, {kind: ideas for kind, ideas in by_kind.items() if ideas}, actor)
        for kind, ideas in by_kind.items():
            Idea.objects.filter(pk__in=[each.pk for each in ideas]).update(placed=LANDS[kind][0])
        record(
            present.administration, actor, "workshop.place", present.title, workbook=str(workbook.pk),
            ideas=len(waiting),
        )  # fmt: skip
        return len(waiting)


def _save(workbook: Workbook, placed: dict[IdeaKind, list[Idea]], actor: User) -> None:
    fields: dict[IdeaKind, Field] = {}
    for kind in placed:
        key = LANDS[kind][0]
        if key not in workbook.edition.fields:
            raise DeedRefused(_("This workbook has no field for these ideas."))
        fields[kind] = workbook.edition.fields[key]
    standing = locked_answers({(workbook.pk, each.key): workbook for each in fields.values()})
    saves = []
    for kind, ideas in placed.items():
        field = fields[kind]
        try:
            value = _with(field, LANDS[kind][1], standing[workbook.pk, field.key].value, [each.text for each in ideas])
        except InvalidValue as error:
            raise DeedRefused(error.message) from None
        saves.append(Save(workbook, field, value, None, actor))
    for saved in save_answers(saves):
        if not saved.is_written:
            raise DeedRefused(why_refused(saved))


def _with(field: Field, column: str, value: Value, texts: Sequence[str]) -> Value:
    """What stands there, with these texts after it: items of the list, or of a list at the end of the text."""
    stands: Any = as_given(field, value)
    if column:
        given = dict(stands or {})
        return read_value(field, {**given, "items": [*given.get("items", []), *({column: text} for text in texts)]},
                          "html")  # fmt: skip
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    html = stands or ""
    whole = f"{html.removesuffix('</ul>')}{items}</ul>" if html.endswith("</ul>") else f"{html}<ul>{items}</ul>"
    return read_value(field, whole, "html")
