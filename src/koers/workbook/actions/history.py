"""Going back: putting back a revision, keeping a version of the whole workbook, putting one back."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from koers.editions.structure import Field
from koers.organisations.actions import DeedRefused, record
from koers.organisations.models import User
from koers.workbook.actions.answers import Save, Saved, locked_rounds, save_answers
from koers.workbook.differences import lasting_text, still_fits
from koers.workbook.models import Origin, Revision, Version, VersionKind, Workbook
from koers.workbook.queries.versions import held_now, restore_plan
from koers.workbook.refusals import why_refused
from koers.workbook.values import Value


class NoLongerFits(DeedRefused):
    """The field does not take this answer any more; `text` is what it said, to copy."""

    def __init__(self, text: str) -> None:
        super().__init__(
            _(
                "This answer no longer fits the question, because the playbook changed. "
                "Nothing was changed; its text stands below, to copy."
            )
        )
        self.text = text


def restore_revision(workbook: Workbook, field: Field, revision: Revision, actor: User) -> Saved:
    """Put back what a revision said: a new revision, so that this can be undone as well.

    Raises `NoLongerFits`, or `DeedRefused` when the round is closed.
    """
    return _put_back(workbook, field, revision.value, actor)


def restore_field(workbook: Workbook, field: Field, version: Version, actor: User) -> Saved:
    """Put back what one field said in a version; nothing, when it was not answered then."""
    held = version.content.get(field.key, {}).get("revision")
    value = Revision.objects.get(workbook=workbook, field_key=field.key, pk=held).value if held else None
    return _put_back(workbook, field, value, actor)


def _put_back(workbook: Workbook, field: Field, value: Value, actor: User) -> Saved:
    if not still_fits(field, value):
        raise NoLongerFits(lasting_text(field, value))
    with transaction.atomic():
        (saved,) = save_answers([Save(workbook, field, value, None, actor, origin=Origin.RESTORE)])
    if refusal := why_refused(saved):
        raise DeedRefused(refusal)
    return saved


def keep_version(
    workbook: Workbook,
    name: str,
    actor: User | None,
    kind: VersionKind = VersionKind.NAMED,
    *,
    put_back: Version | None = None,
) -> Version:
    """Keep the whole workbook as it stands now. `put_back`: the version that comes in its place."""
    with transaction.atomic():
        (number, _open) = locked_rounds([workbook.pk])[workbook.pk]
        version = Version.objects.create(
            administration_id=workbook.administration_id, workbook=workbook, name=name[:160], kind=kind, round=number,
            edition_version=workbook.edition_version, by=actor, put_back=put_back.identity if put_back else {},
            content={
                key: {"revision": held.revision, "number": held.number, "standing": held.standing}
                for key, held in held_now(workbook).items()
            },
        )  # fmt: skip
        if kind == VersionKind.NAMED:
            record(
                workbook.administration, actor, "version.keep", version.name,
                workbook=str(workbook.pk), version=version.pk,
            )  # fmt: skip
    return version


@dataclass(frozen=True)
class Restored:
    """What putting back a version did: how many answers changed, which fields no longer took theirs."""

    changed: int
    unfit: tuple[Field, ...]
    before: Version | None


def restore_version(workbook: Workbook, version: Version, actor: User) -> Restored:
    """Put back a whole version. What stands there now is kept first, as a version of its own.

    Raises `DeedRefused` when the round is closed.
    """
    with transaction.atomic():
        require_open(workbook)
        plan = restore_plan(workbook, version)
        if not plan.values:
            return Restored(0, plan.unfit, None)
        before = keep_version(workbook, "", actor, VersionKind.BEFORE_RESTORE, put_back=version)
        fields = workbook.edition.fields
        save_answers(
            [
                Save(workbook, fields[key], value, None, actor, origin=Origin.RESTORE)
                for key, value in plan.values.items()
            ]
        )
        record(
            workbook.administration, actor, "version.restore", version.name,
            workbook=str(workbook.pk), version=version.pk, answers=len(plan.values), identity=version.identity,
        )  # fmt: skip
    return Restored(len(plan.values), plan.unfit, before)


def require_open(workbook: Workbook) -> None:
    """Within a transaction: the round stays open until it ends. Raises `DeedRefused` when it is closed."""
    (_number, is_open) = locked_rounds([workbook.pk])[workbook.pk]
    if not is_open:
        raise DeedRefused(_("This round is closed: nothing is changed in it any more."))
