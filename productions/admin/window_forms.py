"""Forms about windows: days and hours by the clocks of the window, not of whoever types."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextInputWidget,
)

from archive.admin.footage_words import TerritoriesField, line, platform_choices, several, tags
from archive.periods import last_day, start_of
from broadcasters.models import Broadcaster, Channel
from mediaexchange.core.admin_base import ServiceForm, refusal
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import ConflictError, DomainError
from mediaexchange.core.validators import validate_day, validate_language_tag
from productions.constants import FigureKind
from productions.models import Production, Window
from productions.services.window import save_window

_MADE_OF = {"starts_on": "starts_at", "starts_time": "starts_at", "ends_on": "ends_at", "ends_time": "ends_at"}


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, localize=True, widget=UnfoldAdminSingleDateWidget, help_text=help_text,
        validators=[validate_day],
    )  # fmt: skip


def _hour(label: Any, *, required: bool = False, help_text: Any = "") -> forms.TimeField:
    return forms.TimeField(label=label, required=required, widget=UnfoldAdminSingleTimeWidget, help_text=help_text)


class WindowForm(ServiceForm):
    """What stands against the window is named with links, before anything is stored."""

    production: Production
    refused: ConflictError | None = None
    territories = TerritoriesField()
    platforms = several(gettext_lazy("platforms"), platform_choices, gettext_lazy("None is every platform."))
    languages = line(
        gettext_lazy("language versions"), 200,
        help_text=gettext_lazy("Tags such as kk, sr-Latn; none is every language."),
    )  # fmt: skip
    starts_on = day_field(gettext_lazy("first day"), help_text=gettext_lazy("By the clocks of the window’s time zone."))
    starts_time = _hour(gettext_lazy("from"), help_text=gettext_lazy("Empty: from the beginning of the day."))
    ends_on = day_field(gettext_lazy("last day"), required=False, help_text=gettext_lazy("Empty: for ever."))
    ends_time = _hour(gettext_lazy("until"), help_text=gettext_lazy("Empty: to the end of the day."))

    class Meta:
        model = Window
        fields = (
            "holder", "is_elsewhere", "is_exclusive", "time_zone", "runs", "repeat_length", "repeat_unit", "note",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        instance = kwargs.get("instance")
        if instance is not None and instance.pk:
            kwargs["initial"] = _shown(instance) | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        if "time_zone" in self.fields:
            self.fields["time_zone"].required = False
            self.fields["time_zone"].help_text = _("Empty: that of the holder.")

    def clean_languages(self) -> list[str]:
        found = tags(self.cleaned_data["languages"])
        for tag in found:
            validate_language_tag(tag)
        return found

    def perform(self, answers: dict[str, Any]) -> Model:
        window = self.instance
        if window.pk is None:
            window.production = self.production
        window.time_zone = answers["time_zone"] or answers["holder"].broadcaster.time_zone
        for name in ("territories", "platforms", "languages"):
            setattr(window, name, answers[name])
        window.starts_at = at_clock(answers["starts_on"], answers["starts_time"] or time(), window.time_zone)
        window.ends_at = _end(answers["ends_on"], answers["ends_time"], window.time_zone)
        changed = {_MADE_OF.get(name, name) for name in self.changed_data}
        if "time_zone" in changed:  # the same clocks elsewhere are other moments
            changed |= {"starts_at", "ends_at"}
        try:
            return save_window(window, actor=self.user, changed=changed)
        except ConflictError as error:
            self.refused = error
            raise

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.refused is not None:
            self.errors.pop(NON_FIELD_ERRORS, None)
            self.add_error(None, [ValidationError(each) for each in linked_reasons(self.refused)])

    def _get_validation_exclusions(self) -> set[str]:
        """The service checks, and says better what is wrong."""
        return {field.name for field in Window._meta.fields}

    def validate_constraints(self) -> None:
        """The database does, once the service has filled what they compare."""


class ShowingForm(HelpedForm):
    """A showing by the clocks of its window; ``zone`` is theirs."""

    channel = forms.ModelChoiceField(
        label=gettext_lazy("channel"), queryset=Channel.objects.none(), widget=UnfoldAdminSelectWidget
    )
    day = day_field(gettext_lazy("day"))
    hour = _hour(gettext_lazy("hour"), required=True)
    platform = forms.ChoiceField(
        label=gettext_lazy("platform"), required=False, widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Empty: what viewers of the channel watch on."),
    )  # fmt: skip
    language = line(gettext_lazy("language"), 35, help_text=gettext_lazy("A tag such as kk or sr-Latn."))

    def __init__(self, *args: Any, window: Window, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = window.time_zone
        house = window.holder.broadcaster
        self.fields["channel"].queryset = Channel.objects.filter(broadcaster=house)  # type: ignore[attr-defined]
        self.fields["platform"].choices = [("", "—"), *platform_choices()]  # type: ignore[attr-defined]
        self.fields["hour"].help_text = _("By the clocks of %(zone)s.") % {"zone": self.zone}

    def clean_language(self) -> str:
        if tag := str(self.cleaned_data["language"]):
            validate_language_tag(tag)
        return str(self.cleaned_data["language"])

    def answers(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return given | {"starts_at": at_clock(given.pop("day"), given.pop("hour"), self.zone)}


class AiredForm(ShowingForm):
    minutes = forms.DecimalField(
        label=gettext_lazy("duration in minutes"), min_value=0, max_value=24 * 60, decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip

    def answers(self) -> dict[str, Any]:
        given = super().answers()
        return given | {"duration_ms": int(given.pop("minutes") * 60_000)}


class FigureForm(HelpedForm):
    kind = forms.ChoiceField(
        label=gettext_lazy("kind"), choices=FigureKind.choices, widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Shares and ratings are per cent, the others people or views."),
    )  # fmt: skip
    value = forms.DecimalField(
        label=gettext_lazy("value"), min_value=0, max_digits=14, decimal_places=2,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    source = line(
        gettext_lazy("source"), 300, required=True, help_text=gettext_lazy("Who measured, and in which publication.")
    )
    source_url = forms.URLField(
        label=gettext_lazy("source address"), required=False, max_length=500, assume_scheme="https",
        widget=UnfoldAdminTextInputWidget,
    )  # fmt: skip
    as_of = day_field(gettext_lazy("as of"))
    stated_by = forms.ModelChoiceField(
        label=gettext_lazy("stated by"), queryset=Broadcaster.objects.none(), widget=UnfoldAdminSelectWidget
    )

    def __init__(self, *args: Any, houses: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stated_by"].queryset = Broadcaster.objects.filter(pk__in=list(houses))  # type: ignore[attr-defined]


def linked_reasons(error: DomainError) -> list[Any]:
    """The refusal, then a link to each thing that stands against it."""
    reasons = error.details.get("reasons", ())
    if not reasons:
        return [refusal(error)]
    links = [format_html('<a class="ar-link" href="{}">{}</a>', each["link"], each["message"]) for each in reasons]
    return [error.message, *links]


def at_clock(day: date, hour: time, time_zone: str) -> datetime:
    """The moment at which the zone's clocks show this."""
    return datetime.combine(day, hour, ZoneInfo(time_zone))


def _end(day: date | None, hour: time | None, time_zone: str) -> datetime | None:
    if day is None:
        return None
    return at_clock(day, hour, time_zone) if hour else start_of(day + timedelta(days=1), time_zone)


def _shown(window: Window) -> dict[str, Any]:
    """What the form shows of a stored window: midnight is no hour that somebody has typed."""
    zone = ZoneInfo(window.time_zone)
    starts = window.starts_at.astimezone(zone)
    shown: dict[str, Any] = {
        "territories": window.territories,
        "platforms": window.platforms,
        "languages": ", ".join(window.languages),
        "starts_on": starts.date(),
        "starts_time": starts.time() if starts.time() != time() else None,
    }
    if window.ends_at is not None:
        ends = window.ends_at.astimezone(zone)
        is_midnight = ends.time() == time()
        shown["ends_on"] = last_day(window.ends_at, window.time_zone) if is_midnight else ends.date()
        shown["ends_time"] = None if is_midnight else ends.time()
    return shown
