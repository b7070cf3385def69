"""A file of a measurement to take over."""

import base64
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from koers.assessment.models import Measurement
from koers.kit.located import MAX_BYTES
from koers.workbook.models import Workbook

_SALT = "koers.measurement.import"


class TakeOverForm(forms.Form):
    """First a file and where it goes; then, confirmed, both as `content` carries them, signed."""

    file = forms.FileField(
        label=_("File of a measurement (JSON, CSV or XLSX)"),
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".json,.csv,.xlsx"}),
    )
    into = forms.ChoiceField(label=_("Where it goes"), required=False)
    content = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, workbook: Workbook, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.workbook = workbook
        self.open = {str(each.pk): each for each in Measurement.objects.filter(workbook_id=workbook.pk, closed_at=None)}
        into: Any = self.fields["into"]
        into.choices = [("", _("Into a new measurement"))] + [(pk, str(each)) for pk, each in self.open.items()]
        self.fields["file"].required = not self.data.get("content")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        into = cleaned.get("into") or ""
        if cleaned.get("content"):
            cleaned["data"], into = self._signed(cleaned["content"])
            cleaned["confirmed"] = True
        elif cleaned.get("file"):
            if cleaned["file"].size > MAX_BYTES:
                message = _("The file is larger than %(limit)s MB.")
                self.add_error("file", forms.ValidationError(message, params={"limit": MAX_BYTES // 2**20}))
            else:
                cleaned["data"] = cleaned["file"].read()
        if into and into not in self.open:
            self.add_error("into", _("This measurement is closed, or it is gone."))
        cleaned["measurement"] = self.open.get(into)
        return cleaned

    def _signed(self, content: str) -> tuple[bytes, str]:
        try:
            given = signing.loads(content, salt=_SALT, max_age=3600)
            if given["workbook"] != str(self.workbook.pk):
                raise signing.BadSignature
            return base64.b64decode(given["data"]), given["into"]
        except (signing.BadSignature, KeyError):
            raise forms.ValidationError(_("This preview is too old. Choose the file again.")) from None


def sign_file(workbook: Workbook, data: bytes, into: Measurement | None) -> str:
    """A file and where it goes, for the hidden input of its preview."""
    given = {
        "workbook": str(workbook.pk),
        "into": str(into.pk) if into else "",
        "data": base64.b64encode(data).decode(),
    }
    return signing.dumps(given, salt=_SALT, compress=True)
