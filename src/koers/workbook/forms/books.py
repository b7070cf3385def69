"""What is asked about a workbook as a whole: its name, a file to take over."""

import base64
from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from koers.kit.located import MAX_BYTES
from koers.workbook.models import Workbook

_SALT = "koers.workbook.import"


class WorkbookForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the lead can change of a workbook itself."""

    class Meta:
        model = Workbook
        fields = ("title",)
        labels = {"title": _("Name of the workbook")}


class ImportForm(forms.Form):
    """An exchange file to take over: first uploaded and shown, then confirmed as `content` carries it, signed."""

    file = forms.FileField(
        label=_("Exchange file (YAML or JSON)"),
        error_messages={"required": _("Choose a file first.")},
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json"}),
    )
    content = forms.CharField(widget=forms.HiddenInput, required=False, strip=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].required = not self.data.get("content")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("content"):
            cleaned["data"] = self._signed(cleaned["content"])
            cleaned["confirmed"] = True
        elif cleaned.get("file"):
            if cleaned["file"].size > MAX_BYTES:
                message = _("The file is larger than %(limit)s MB.")
                self.add_error("file", forms.ValidationError(message, params={"limit": MAX_BYTES // 2**20}))
            else:
                cleaned["data"] = cleaned["file"].read()
        return cleaned

    def _signed(self, content: str) -> bytes:
        try:
            return base64.b64decode(signing.loads(content, salt=_SALT, max_age=3600))
        except signing.BadSignature:
            raise forms.ValidationError(_("This preview is too old. Choose the file again.")) from None


def sign_content(data: bytes) -> str:
    """A file's content for the hidden input of its preview."""
    return signing.dumps(base64.b64encode(data).decode(), salt=_SALT, compress=True)
