"""Rows of a dopesheet as forms: timecodes as people type them, a field a language, places and platforms from lists."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminFileFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelect2MultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import LANGUAGES, STORED
from mediaexchange.core.validators import validate_language_tag
from newsexchange.admin.rights import platform_choices, territory_choices
from newsexchange.constants import ShotAudio, SpeaksAs
from newsexchange.formats.words import timecode

FRAMES = 25  # a second, in the television of both regions
_TIMECODE = re.compile(r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:\.(\d{1,3})|:(\d{2}))?")
_AUTONYMS = {language.code: language.autonym for language in LANGUAGES}


class TimecodeField(forms.Field):
    """Milliseconds from hh:mm:ss, hh:mm:ss.mmm or hh:mm:ss:ff with 25 frames a second."""

    def __init__(self, **kwargs: Any) -> None:
        widget = UnfoldAdminTextInputWidget({"placeholder": "00:00:00", "size": "12", "inputmode": "numeric"})
        super().__init__(required=False, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()
        if not text:
            return None
        match = _TIMECODE.fullmatch(text)
        if match is None:
            raise ValidationError(_("Write it as hh:mm:ss, hh:mm:ss.mmm or hh:mm:ss:ff."))
        hours, minutes, seconds, fraction, frames = match.groups()
        if (match.group(1) is not None and int(minutes) > 59) or int(seconds) > 59 or int(frames or 0) >= FRAMES:
            raise ValidationError(_("There is no such time: 60 minutes, 60 seconds, 25 frames."))
        whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
        return whole * 1000 + int((fraction or "0").ljust(3, "0")) + int(frames or 0) * 1000 // FRAMES

    def prepare_value(self, value: Any) -> Any:
        return timecode(value) if isinstance(value, int) else value


def line(label: Any, length: int = 300, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, widget=UnfoldAdminTextInputWidget, **kwargs)


def tag(label: Any) -> forms.CharField:
    help_text = _("A language tag such as sr-Latn or kk.")
    return line(label, 35, validators=[validate_language_tag], help_text=help_text)


def in_every_language(name: str, label: Any, rows: int = 2) -> dict[str, forms.CharField]:
    """A field a stored language, ``name_sr`` and so on."""
    return {
        f"{name}_{code}": forms.CharField(
            label=format_lazy("{} · {}", label, _AUTONYMS[code]),
            required=False,
            widget=UnfoldAdminTextareaWidget({"rows": rows, "lang": code}),
        )
        for code in STORED
    }


class RowForm(HelpedForm):
    """A row. ``by_language`` names what is typed a language at a time and kept together."""

    by_language: Sequence[str] = ()

    def row(self) -> dict[str, Any]:
        """What the service takes."""
        answers = {name: value for name, value in self.cleaned_data.items() if name not in ("DELETE", "ORDER")}
        for name in self.by_language:
            answers[name] = {code: answers.pop(f"{name}_{code}") for code in STORED}
        return answers

    @classmethod
    def initial_of(cls, item: Any) -> dict[str, Any]:
        initial = {name: getattr(item, name) for name in cls.base_fields if hasattr(item, name)}
        for name in cls.by_language:
            initial |= {f"{name}_{code}": getattr(item, name).get(code, "") for code in STORED}
        return initial

    def latin(self) -> Iterator[tuple[Any, str]]:
        """What is stored in Serbian Cyrillic as readers of Latin script will see it."""
        for name in self.by_language:
            if text := self.initial.get(f"{name}_sr"):
                yield self.fields[f"{name}_sr"].label, to_latin(text)

    def report(self, error: ValidationError) -> None:
        """Put a service's errors beside the fields they are about."""
        for name, messages in getattr(error, "message_dict", {None: error.messages}).items():
            shown = name if name in self.fields else f"{name}_sr" if f"{name}_sr" in self.fields else None
            self.add_error(shown, messages)


class StandingRowForm(RowForm):
    """A row that keeps its identity when it is changed."""

    uid = forms.UUIDField(required=False, widget=forms.HiddenInput)


class ShotForm(StandingRowForm):
    in_ms = TimecodeField(label=_("begins at"))
    out_ms = TimecodeField(label=_("ends at"))
    locals().update(in_every_language("description", _("what is seen")))
    location = line(_("location"))
    shot_on = line(_("shot on"), 40, help_text=_("EDTF: 2026-02-27."))
    language = tag(_("spoken language"))
    audio = forms.ChoiceField(
        label=_("sound"), choices=[("", "—"), *ShotAudio.choices], required=False, widget=UnfoldAdminSelectWidget
    )
    source = line(_("source"))
    by_language = ("description",)


class SoundbiteForm(StandingRowForm):
    in_ms = TimecodeField(label=_("begins at"))
    out_ms = TimecodeField(label=_("ends at"))
    speaker = line(_("speaker"), 200)
    language = tag(_("spoken language"))
    locals().update(in_every_language("speaker_role", _("role of the speaker"), 1))
    speaks_as = forms.ChoiceField(
        label=_("speaks as"), choices=[("", "—"), *SpeaksAs.choices], required=False, widget=UnfoldAdminSelectWidget,
        help_text=_("Empty where nobody has said it: such soundbites are counted apart, never guessed."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("words as spoken"), required=False, widget=UnfoldAdminTextareaWidget({"rows": 3}), max_length=20_000
    )
    locals().update(in_every_language("translations", _("translation"), 3))
    by_language = ("speaker_role", "translations")


class RenditionForm(StandingRowForm):
    rel = line(_("role"), 100, help_text=_("Such as “web”."))
    title = line(_("title"), 500)
    language = tag(_("language"))
    href = line(_("address"), 2000, help_text=_("Where the file is, if it is not attached here."))


class UploadForm(HelpedForm):
    file = forms.FileField(label=_("file"), widget=UnfoldAdminFileFieldWidget)
    rel = line(_("role"), 100, help_text=_("Such as “web”."))
    title = line(_("title"), 500)
    language = tag(_("language"))


class RestrictionForm(RowForm):
    """Restrictions have no identity: they are replaced whole."""

    shot = forms.TypedChoiceField(
        label=_("about"), coerce=int, empty_value=None, required=False, widget=UnfoldAdminSelectWidget
    )
    territories = forms.MultipleChoiceField(
        label=_("territories"),
        required=False,
        widget=UnfoldAdminSelect2MultipleWidget,
        help_text=_("None: everywhere."),
    )
    is_elsewhere = forms.BooleanField(
        label=_("everywhere else"), required=False, widget=UnfoldBooleanSwitchWidget,
        help_text=_("Holds outside these territories instead of inside."),
    )  # fmt: skip
    platforms = forms.MultipleChoiceField(
        label=_("platforms"), required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget, help_text=_("None: all.")
    )
    starts_at = forms.SplitDateTimeField(
        label=pgettext_lazy("moment", "from"), required=False, widget=UnfoldAdminSplitDateTimeWidget
    )
    ends_at = forms.SplitDateTimeField(label=_("until"), required=False, widget=UnfoldAdminSplitDateTimeWidget)
    is_barred = forms.BooleanField(label=_("no use"), required=False, widget=UnfoldBooleanSwitchWidget)
    barred_competitors = line(_("not for"), 5000, help_text=_("Names of organisations, separated by commas."))
    max_seconds = forms.IntegerField(
        label=_("at most, in seconds"), required=False, min_value=1, max_value=86_400,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip
    reimport_hours = forms.IntegerField(
        label=_("no re-importation, in hours"), required=False, min_value=1, max_value=720,
        widget=UnfoldAdminIntegerFieldWidget,
    )  # fmt: skip
    no_archive = forms.BooleanField(label=_("no archiving"), required=False, widget=UnfoldBooleanSwitchWidget)
    no_online = forms.BooleanField(label=_("no online use"), required=False, widget=UnfoldBooleanSwitchWidget)
    no_edit = forms.BooleanField(label=_("no editing"), required=False, widget=UnfoldBooleanSwitchWidget)
    no_resale = forms.BooleanField(label=_("no resale"), required=False, widget=UnfoldBooleanSwitchWidget)
    note = forms.CharField(
        label=_("in words"), required=False, max_length=2000, widget=UnfoldAdminTextareaWidget({"rows": 2})
    )

    def __init__(self, *args: Any, shots: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [("", _("the whole story"))]
        self.fields["shot"].choices = [*whole, *((str(place), name) for place, name in enumerate(shots))]  # type: ignore[attr-defined]
        said = self.initial.get("territories", ())
        known = territory_choices()
        unknown = [(name, name) for name in said if name not in dict(known)]  # as a feed said it
        self.fields["territories"].choices = [*known, *unknown]  # type: ignore[attr-defined]
        self.fields["platforms"].choices = platform_choices()  # type: ignore[attr-defined]

    def clean_barred_competitors(self) -> list[str]:
        return [name.strip() for name in self.cleaned_data["barred_competitors"].split(",") if name.strip()]

    @classmethod
    def initial_of(cls, item: Any) -> dict[str, Any]:
        names = ", ".join(item.barred_competitors)
        return super().initial_of(item) | {"barred_competitors": names}


class Rows(BaseFormSet):
    """Rows in an order, each of which can be taken away."""

    deletion_widget = UnfoldBooleanSwitchWidget
    ordering_widget = UnfoldAdminIntegerFieldWidget

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Take away")
        if "ORDER" in form.fields:
            form.fields["ORDER"].label = _("Position")

    def wanted(self) -> list[Any]:
        """The forms that stay, in the order wanted; empty ones left out."""
        kept = [form for form in self.forms if form not in self.deleted_forms]
        filled = [form for form in kept if form.has_changed() or form.initial]
        if not self.can_order:
            return filled
        last = len(filled) + 1
        return sorted(filled, key=lambda form: form.cleaned_data.get("ORDER") or last)


def rows_of(form: type[RowForm], *, is_ordered: bool = True) -> Any:
    return formset_factory(
        form, formset=Rows, extra=1, can_delete=True, can_order=is_ordered, max_num=300, absolute_max=400
    )


def initial_rows(form: type[RowForm], items: Sequence[Any]) -> list[Mapping[str, Any]]:
    return [form.initial_of(item) for item in items]
