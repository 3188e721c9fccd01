"""A form with a file that comes back with the form: browsers forget what was chosen whenever a page is shown again."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget

from archive.formats.cues import MAX_BYTES
from mediaexchange.core.admin_base import refusal
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import DomainError

_SALT = "archive.kept-file"
_SECONDS = 60 * 60
_MOST = 2_000_000  # characters: a form may hold DATA_UPLOAD_MAX_MEMORY_SIZE, 2.5 MB, besides its files


@dataclass(frozen=True, slots=True)
class KeptFile:
    name: str
    content: bytes


class _Serializer:
    """The name, a zero, the bytes."""

    def dumps(self, file: KeptFile) -> bytes:
        return file.name.encode() + b"\0" + file.content

    def loads(self, data: bytes) -> KeptFile:
        name, _zero, content = data.partition(b"\0")
        return KeptFile(name.decode(), content)


class KeptFileForm(HelpedForm):
    """``file`` is what was sent now or with the page before: signed, packed and for an hour."""

    document = forms.FileField(label=_("file"), widget=UnfoldAdminFileFieldWidget)
    kept = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.file = _unpacked(self.data.get("kept", ""))
        self.fields["document"].required = self.file is None

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        sent = answers.get("document")
        if sent is not None:
            self.file = self._taken(sent)
            self.fields["document"].required = self.file is None
        return answers

    def _taken(self, sent: UploadedFile) -> KeptFile | None:
        if (sent.size or 0) > MAX_BYTES:
            self.add_error("document", _("The file is larger than is read here."))
            return None
        return KeptFile((sent.name or "").replace("\0", ""), sent.read())

    @property
    def content(self) -> bytes:
        """Of a form that is valid: never empty."""
        return self.file.content if self.file else b""

    @cached_property
    def packed(self) -> str:
        """Of a form that was looked at: its file for the next page; "" for none or one that a form cannot hold."""
        if self.file is None:
            return ""
        packed = signing.dumps(self.file, salt=_SALT, serializer=_Serializer, compress=True)
        return packed if len(packed) <= _MOST else ""

    def refuse(self, error: DomainError, field: str | None = None) -> None:
        """A rule's refusal at the field that it is about, with what was found at that place."""
        found = error.details.get("found")
        self.add_error(field, f"{refusal(error)} “{found}”" if found else refusal(error))


def _unpacked(packed: str) -> KeptFile | None:
    """None for what is not ours or older than an hour: the file must be chosen again."""
    if not packed:
        return None
    try:
        file: KeptFile = signing.loads(packed, salt=_SALT, serializer=_Serializer, max_age=_SECONDS)
    except signing.BadSignature:
        return None
    return file
