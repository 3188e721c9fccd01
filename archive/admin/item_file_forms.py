"""What is said of files that are brought to an item: subtitles, transcripts and shot lists."""

from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from archive.admin.kept_file import KeptFileForm
from archive.constants import TextKind, TextOrigin
from archive.formats.charset import CHARSETS
from archive.models import Instantiation, Item
from archive.timecode import TimecodeError, rate_near
from mediaexchange.core.validators import LONGEST_TAG, validate_language_tag

TAGS = "ar-tags"  # the list of languages that the page proposes


class TextFileForm(KeptFileForm):
    """What is said of a file beside its bytes."""

    charset = forms.ChoiceField(
        label=_("charset"), required=False, widget=UnfoldAdminSelectWidget,
        choices=[("", _("found out from the file")), *((name, name) for name in CHARSETS)],
    )  # fmt: skip
    origin = forms.ChoiceField(label=_("how it was made"), choices=TextOrigin.choices, widget=UnfoldAdminSelectWidget)
    tool = forms.CharField(label=_("tool"), required=False, max_length=100, widget=UnfoldAdminTextInputWidget)


class NewTextForm(TextFileForm):
    kind = forms.ChoiceField(label=_("kind"), choices=TextKind.choices, widget=UnfoldAdminSelectWidget)
    language = forms.CharField(
        label=_("language"), required=False, max_length=LONGEST_TAG, validators=[validate_language_tag],
        widget=UnfoldAdminTextInputWidget({"list": TAGS, "autocapitalize": "none", "autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("document", "kind", "language")


class ShotListForm(KeptFileForm):
    """What is said of a list beside its bytes; its format is found out."""

    instantiation = forms.ModelChoiceField(
        Instantiation.objects.none(), label=_("carrier or file"), required=False, widget=UnfoldAdminSelectWidget,
        empty_label=_("the item as a whole, from 00:00:00:00 on"),
    )  # fmt: skip
    rate = forms.CharField(label=_("frame rate"), required=False, max_length=20, widget=UnfoldAdminTextInputWidget)
    charset = forms.ChoiceField(
        label=_("charset"), required=False, widget=UnfoldAdminSelectWidget,
        choices=[("", _("found out from the file")), *((name, name) for name in CHARSETS)],
    )  # fmt: skip

    def __init__(self, *args: Any, item: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        copies = item.instantiations.prefetch_related("tracks")
        self.fields["instantiation"].queryset = copies  # type: ignore[attr-defined]

    def clean_rate(self) -> Fraction | None:
        typed = self.cleaned_data["rate"].strip()
        try:
            return rate_near(typed) if typed else None
        except TimecodeError:
            raise forms.ValidationError(_("A frame rate is such as 25, 29.97 or 30000/1001.")) from None
