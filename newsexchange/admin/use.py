"""What became of what was taken: reported on the take, read by both sides."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSplitDateTimeWidget,
    UnfoldAdminTextInputWidget,
    UnfoldAdminURLInputWidget,
)

from broadcasters.models import Channel
from broadcasters.permissions import may
from mediaexchange.core.admin_base import ExchangeAdmin
from mediaexchange.core.models import User
from mediaexchange.core.validators import validate_language_tag
from newsexchange.admin import filters
from newsexchange.admin.deeds import Deed, DeedForm, ReadOnly
from newsexchange.admin.dopesheet_forms import TimecodeField, line
from newsexchange.admin.marks import moment, who
from newsexchange.admin.story_rows import editions_without_texts
from newsexchange.constants import UseKind
from newsexchange.formats.words import timecode
from newsexchange.models import RecallNotice, Take, Use
from newsexchange.services.use import report_use


class UseForm(DeedForm):
    """An airing on one of the taker's channels, or a link."""

    kind = forms.ChoiceField(label=_("kind"), choices=UseKind.choices, widget=UnfoldAdminRadioSelectWidget)
    channel = forms.ModelChoiceField(
        Channel.objects.none(), label=_("channel"), required=False, widget=UnfoldAdminSelectWidget
    )
    started_at = forms.SplitDateTimeField(
        label=_("started at"), required=False, widget=UnfoldAdminSplitDateTimeWidget, help_text=_("In your time zone.")
    )
    duration_ms = TimecodeField(label=_("duration"))
    language = line(_("language"), 35, validators=[validate_language_tag])
    title = line(_("title of the programme"), 500)
    url = forms.URLField(
        label=_("link"), required=False, max_length=1000, assume_scheme="https", widget=UnfoldAdminURLInputWidget
    )
    note = forms.CharField(label=_("note"), required=False, max_length=2000, widget=UnfoldAdminTextInputWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        (subject,) = self.subjects
        self.fields["channel"].queryset = Channel.objects.filter(broadcaster=subject.broadcaster_id)  # type: ignore[attr-defined]
        self.initial.setdefault("kind", UseKind.AIRING.value)


def _takes_of(subject: Take | RecallNotice) -> QuerySet[Take]:
    """The take, or what the house that is told of a recall had taken."""
    if isinstance(subject, Take):
        return Take.objects.filter(pk=subject.pk)
    return Take.objects.filter(story=subject.recall.story_id, broadcaster=subject.broadcaster_id)


def _may_report(user: User, subject: Take | RecallNotice) -> bool:
    is_theirs = may(user, "newsexchange.report_use", subject.broadcaster_id)
    return is_theirs and _takes_of(subject).exists()


def _report(subject: Take | RecallNotice, user: User, answers: dict[str, Any]) -> None:
    report_use(_takes_of(subject).get(), actor=user, **{**answers, "kind": UseKind(answers["kind"])})


REPORT_USE = Deed(
    "use", _("Report a use…"), "newsexchange.report_use", _may_report, _report, _("The origin is told."),
    icon="campaign", look="primary", form=UseForm, in_list=False,
)  # fmt: skip


@admin.register(Use)
class UseAdmin(ReadOnly, ExchangeAdmin):
    list_display = ("kind_label", "story", "origin", "by", "where", "used")
    list_display_links = ("kind_label",)
    list_filter = (filters.UseKindFilter, filters.UseOriginFilter, filters.UserOfFilter, filters.UsedFilter)
    fields = ("kind_label", "story", "by", "where", "lasting", "used", "note")
    readonly_fields = fields

    class Media:
        css = {"all": ["newsexchange/desk.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        rows = rows.select_related("take__story__broadcaster", "take__broadcaster", "airing__channel")
        return rows.prefetch_related(editions_without_texts("take__story__editions"))

    @display(description=_("kind"), ordering="kind")
    def kind_label(self, use: Use) -> str:
        return str(use.get_kind_display())

    @display(description=_("story"))
    def story(self, use: Use) -> SafeString:
        return format_html('<span class="mx-headline">{}</span>', use.take.story)

    @display(description=_("origin"))
    def origin(self, use: Use) -> SafeString:
        return who(use.take.story.broadcaster)

    @display(description=_("used by"))
    def by(self, use: Use) -> SafeString:
        return who(use.take.broadcaster)

    @display(description=_("where"))
    def where(self, use: Use) -> SafeString | str:
        if use.airing:
            return str(use.airing.channel)
        if not use.url.startswith(("https://", "http://")):
            return use.url
        return format_html('<a class="mx-link mx-address" rel="noopener noreferrer" href="{}">{}</a>', use.url, use.url)

    @display(description=_("duration"))
    def lasting(self, use: Use) -> str:
        return timecode(use.airing.duration_ms) if use.airing else "—"

    @display(description=_("used at"), ordering="used_at")
    def used(self, use: Use) -> str:
        return moment(use.used_at)
