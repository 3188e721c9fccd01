"""The forms about requests: one row of fields for each line, whatever their number."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSplitDateTimeWidget, UnfoldBooleanSwitchWidget

from archive.admin.footage_words import (
    TerritoriesField,
    day,
    footage_clock,
    line,
    platform_choices,
    several,
    tags,
    words,
)
from archive.models import FootageRequest, Item, Segment
from archive.services.footage_request import Answer, Conditions, Wanted
from broadcasters.models import Broadcaster
from mediaexchange.core.admin_help import HelpedForm

_INPUT = {"class": "ar-input"}


def _number(initial: int, most: int = 1_000_000) -> forms.IntegerField:
    widget = forms.NumberInput({**_INPUT, "style": "width: 6rem"})
    return forms.IntegerField(min_value=1, max_value=most, required=False, initial=initial, widget=widget)


def _text(initial: Any = "", most: int = 500) -> forms.CharField:
    return forms.CharField(max_length=most, required=False, initial=initial, widget=forms.TextInput(_INPUT))


class LinesForm(HelpedForm):
    """``rows`` are (what a line is about, names of its fields)."""

    rows: list[tuple[Any, dict[str, str]]]

    def add_row(self, about: Any, key: str, **fields: forms.Field) -> None:
        names = {name: f"{key}-{name}" for name in fields}
        for name, field in fields.items():
            field.label = str(about)  # read out; the table's head is seen
            self.fields[names[name]] = field
        self.rows.append((about, names))

    def value(self, names: dict[str, str], name: str) -> Any:
        return self.cleaned_data.get(names[name])


def line_rows(form: LinesForm) -> list[tuple[Any, dict[str, forms.BoundField]]]:
    """For a table: what each line is about, and its fields by their names."""
    return [(about, {name: form[field] for name, field in names.items()}) for about, names in form.rows]


class RequestForm(LinesForm):
    """One row for each item and each of its segments; those that are ticked are asked for."""

    broadcaster = forms.ModelChoiceField(
        Broadcaster.objects.none(), label=_("requested by"), empty_label=None, widget=forms.Select(_INPUT)
    )
    purpose = words(_("purpose"), required=True)
    production_title = line(_("for the production"), 300)
    territories = TerritoriesField()
    platforms = several(_("platforms"), platform_choices, _("None is every platform."))
    languages = line(_("language versions"), 200, help_text=_("Tags such as kk, sr-Latn; none is every language."))
    starts_on = day(_("first day"))
    ends_on = day(_("last day"), help_text=_("To its end, by the clocks of your house."))
    is_exclusive = forms.BooleanField(label=_("exclusive"), required=False, widget=UnfoldBooleanSwitchWidget)

    def __init__(
        self,
        *args: Any,
        items: Sequence[Item],
        chosen: Segment | None,
        houses: Any,
        initial: dict[str, Any],
        **kwargs: Any,
    ) -> None:
        note = initial.pop("note", "")
        kwargs["initial"] = initial
        super().__init__(*args, **kwargs)
        self.rows = []
        self.fields["broadcaster"].queryset = houses  # type: ignore[attr-defined]
        for item in items:
            segments = list(item.segments.all()[:100])
            is_whole = chosen is None or chosen.item_id != item.pk
            self._add(item, None, is_ticked=is_whole, note=note if is_whole else "")
            for segment in segments:
                self._add(item, segment, is_ticked=segment == chosen, note="")

    def _add(self, item: Item, segment: Segment | None, *, is_ticked: bool, note: Any) -> None:
        about = _Footage(item, segment)
        self.add_row(
            about, f"s{segment.pk}" if segment else f"i{item.pk}",
            wanted=forms.BooleanField(required=False, initial=is_ticked),
            seconds=_number(about.seconds), runs=_number(1, 10_000), note=_text(note),
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if self.rows and not any(self.value(names, "wanted") for _about, names in self.rows):
            self.add_error(None, _("Tick what you ask for."))
        return answers

    def asked(self) -> dict[str, Any]:
        """What ``ask_footage`` takes."""
        wanted = [
            Wanted(
                about.item, about.segment, self.value(names, "seconds") or 1, self.value(names, "runs") or 1,
                self.value(names, "note") or "",
            )
            for about, names in self.rows if self.value(names, "wanted")
        ]  # fmt: skip
        copied = ("purpose", "production_title", "territories", "platforms", "starts_on", "ends_on", "is_exclusive")
        answers = {name: self.cleaned_data[name] for name in copied}
        languages = tags(self.cleaned_data["languages"])
        return answers | {"asker": self.cleaned_data["broadcaster"], "lines": wanted, "languages": languages}


class _Footage:
    """An item or a segment of it, as a row names it."""

    def __init__(self, item: Item, segment: Segment | None) -> None:
        self.item, self.segment = item, segment

    def __str__(self) -> str:
        if self.segment is None:
            return f"{self.item} · {_t('the whole item')}"
        return f"{self.segment} · {footage_clock(self.segment.in_ms)} – {footage_clock(self.segment.out_ms)}"

    @property
    def seconds(self) -> int:
        """A segment's length, rounded up; for a whole item somebody must say how much."""
        return -(-self.segment.duration_ms // 1000) if self.segment else 60


class DecisionForm(LinesForm):
    answer = words(_("answer to the house"))
    ends_on = day(_("earlier last day"), required=False, help_text=_("Empty: as asked for."))
    repeat_hours = forms.IntegerField(
        label=_("repeats within hours"), min_value=0, max_value=8760, required=False, initial=24,
        widget=forms.NumberInput(_INPUT), help_text=_("What is shown again within these hours is the same run."),
    )  # fmt: skip
    embargoed_until = forms.SplitDateTimeField(
        label=_("embargo until"), required=False, widget=UnfoldAdminSplitDateTimeWidget
    )
    holdback_until = forms.SplitDateTimeField(
        label=_("holdback until"), required=False, widget=UnfoldAdminSplitDateTimeWidget
    )
    holdback_platforms = several(_("platforms held back"), platform_choices, _("None is every platform."))
    terms = words(_("further terms"))
    credit_line = line(_("credit line"), 300)
    is_clip_only = forms.BooleanField(
        label=_("only the approved stretch is delivered"),
        required=False,
        initial=True,
        widget=UnfoldBooleanSwitchWidget,
    )

    def __init__(self, *args: Any, asked: FootageRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = []
        for each in asked.lines.select_related("item", "segment"):
            choices = [("approve", _("approve")), ("refuse", _("refuse"))]
            self.add_row(
                each, f"l{each.pk}",
                decision=forms.ChoiceField(choices=choices, initial="approve", widget=forms.Select(_INPUT)),
                seconds=_number(each.seconds, each.seconds), runs=_number(each.runs, each.runs),
                reason=_text(most=2000),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        for about, names in self.rows:
            is_whole = (self.value(names, "seconds"), self.value(names, "runs")) == (about.seconds, about.runs)
            is_approved = self.value(names, "decision") == "approve"
            has_errors = any(name in self.errors for name in names.values())
            if not has_errors and not (is_approved and is_whole) and not (self.value(names, "reason") or "").strip():
                self.add_error(names["reason"], _("Say why a line is refused or cut."))
        return answers

    def answers(self) -> dict[str, Any]:
        """What ``decide_request`` takes."""
        copied = (
            "ends_on",
            "embargoed_until",
            "holdback_until",
            "holdback_platforms",
            "terms",
            "credit_line",
            "is_clip_only",
        )
        conditions = Conditions(
            repeat_hours=self.cleaned_data["repeat_hours"] or 0, **{name: self.cleaned_data[name] for name in copied}
        )
        answers = {about.pk: self._answer(names) for about, names in self.rows}
        return {"answers": answers, "answer": self.cleaned_data["answer"], "conditions": conditions}

    def _answer(self, names: dict[str, str]) -> Answer:
        reason = self.value(names, "reason") or ""
        if self.value(names, "decision") == "refuse":
            return Answer(False, reason=reason)
        return Answer(True, self.value(names, "seconds"), self.value(names, "runs"), reason)


class QuoteForm(LinesForm):
    currency = forms.RegexField(
        r"^[A-Z]{3}$", label=_("currency"), initial="EUR", help_text=_("Three letters, such as EUR, RSD, KZT."),
        widget=forms.TextInput(_INPUT),
    )  # fmt: skip
    answer = words(_("answer to the house"))

    def __init__(self, *args: Any, asked: FootageRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = []
        for each in asked.lines.select_related("item", "segment"):
            widget = forms.NumberInput(_INPUT)
            amount = forms.DecimalField(
                required=False, min_value=0, max_digits=14, decimal_places=2, initial=each.quoted_amount, widget=widget
            )
            self.add_row(each, f"l{each.pk}", amount=amount)

    def answers(self) -> dict[str, Any]:
        """What ``quote_request`` takes; lines without a price keep theirs."""
        given = [(about.pk, self.value(names, "amount")) for about, names in self.rows]
        currency = self.cleaned_data["currency"]
        prices = {pk: (amount, currency) for pk, amount in given if amount is not None}
        return {"prices": prices, "answer": self.cleaned_data["answer"]}
