"""Translation services of one's own house, and what its memory holds."""

from copy import copy
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminPasswordWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from broadcasters.permissions import may
from mediaexchange.core.admin_base import ServiceAdmin, ServiceForm
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import LANGUAGES, STORED
from mediaexchange.core.models import User
from newsexchange.admin.deeds import Deed, DeedAdmin, DeedForm, ReadOnly
from newsexchange.admin.filters import ByWord
from newsexchange.admin.house import HouseMixin
from newsexchange.admin.marks import label, moment, two_lines
from newsexchange.constants import TranslationAdapter
from newsexchange.models import MemorySegment, TranslationProvider
from newsexchange.services.translation_memory import forget_segment
from newsexchange.services.translation_order import REVIEW
from newsexchange.services.translation_provider import (
    CHANGEABLE,
    change_provider,
    create_provider,
    spent,
    try_provider,
)

_CHANGE = "newsexchange.change_translationprovider"
_NAMES = [(language.code, language.autonym) for language in LANGUAGES if language.code in STORED]
_OF_SERVICES = {"url", "region", "secret", "languages", "sees_confidential", "monthly_characters"}
_SAMPLE = "Good morning!"


class ProviderForm(ServiceForm):
    secret = forms.CharField(
        label=_("Key"), required=False, max_length=500,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}),
        help_text=_("It is stored encrypted and never shown again. Left empty, the stored one stays."),
    )  # fmt: skip
    languages = forms.MultipleChoiceField(
        label=_("languages"), choices=_NAMES, required=False, widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text=_("Among which it translates. None: those it is known for."),
    )  # fmt: skip

    class Meta:
        model = TranslationProvider
        fields = [
            "broadcaster", "name", "adapter", "url", "region", "secret", "languages", "least_percent", "position",
            "is_active", "sees_confidential", "monthly_characters",
        ]  # fmt: skip
        widgets = {"url": UnfoldAdminTextInputWidget}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.pop("secret", None)
        if "languages" in self.fields:  # one that was given otherwise may be none of ours
            kept = [(tag, tag) for tag in self.instance.languages if tag not in STORED]
            self.fields["languages"].choices = [*_NAMES, *kept]  # type: ignore[attr-defined]

    def perform(self, answers: dict[str, Any]) -> Model:
        values = {name: value for name, value in answers.items() if name in CHANGEABLE}
        if self.instance.pk:
            return change_provider(self.instance, actor=self.user, **values)
        return create_provider(answers["broadcaster"], actor=self.user, adapter=answers["adapter"], **values)


class TryForm(DeedForm):
    """A sentence to see whether the service answers, and how."""

    source = forms.ChoiceField(label=pgettext_lazy("language", "from"), choices=_NAMES, widget=UnfoldAdminSelectWidget)
    target = forms.ChoiceField(label=_("into"), choices=_NAMES, widget=UnfoldAdminSelectWidget)
    text = forms.CharField(label=_("sentence"), max_length=500, widget=UnfoldAdminTextareaWidget({"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"source": "en", "target": "ru", "text": _SAMPLE, **self.initial}


def _may_change(user: User, provider: TranslationProvider) -> bool:
    return may(user, _CHANGE, provider.broadcaster_id)


def _try(provider: TranslationProvider, user: User, answers: dict[str, Any]) -> Message:
    found = try_provider(provider, actor=user, **answers)
    return _("%(name)s says: %(text)s") % {"name": provider.name, "text": found.text}


def _forget(segment: MemorySegment, user: User, answers: dict[str, Any]) -> None:
    forget_segment(segment, actor=user)


@admin.register(TranslationProvider)
class TranslationProviderAdmin(HouseMixin, DeedAdmin, ServiceAdmin):
    add_right = "newsexchange.add_translationprovider"
    change_right = _CHANGE
    form = ProviderForm
    deeds = (
        Deed(
            "try", _("Try it…"), _CHANGE, _may_change, _try, _("It has answered."), icon="science", look="primary",
            form=TryForm, in_list=False,
        ),
    )  # fmt: skip
    list_display = ("named", "adapter", "position", "active", "confidential", "this_month")
    list_display_links = ("named",)
    list_select_related = ("broadcaster",)
    when_new = {
        "url": "['azure', 'deepl', 'libretranslate'].includes(adapter)",
        "region": "adapter == 'azure'",
        "secret": "['azure', 'deepl', 'libretranslate'].includes(adapter)",
        "languages": "['azure', 'deepl', 'libretranslate'].includes(adapter)",
        "sees_confidential": "['azure', 'deepl', 'libretranslate'].includes(adapter)",
        "monthly_characters": "['azure', 'deepl', 'libretranslate'].includes(adapter)",
        "least_percent": "adapter == 'memory'",
    }

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """A new one shows the fields of the kind that is being chosen; later there is nothing to choose."""
        shown = copy(self)  # admins are shared between requests
        shown.conditional_fields = {} if object_id else self.when_new
        return super(TranslationProviderAdmin, shown).changeform_view(request, object_id, *args, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ("broadcaster", "adapter") if obj else ()

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Those of its kind. A key is typed in and never shown, not even to those who only look."""
        names = list(ProviderForm.Meta.fields)
        if not isinstance(obj, TranslationProvider):
            return names
        others = {"least_percent"} if obj.is_external else _OF_SERVICES
        if obj.adapter == TranslationAdapter.NULL:
            others = others | {"least_percent"}
        if obj.adapter != TranslationAdapter.AZURE:
            others = others | {"region"}
        if not self.has_change_permission(request, obj):
            others = others | {"secret"}
        return [name for name in names if name not in others]

    @display(description=_("service"), ordering="name")
    def named(self, provider: TranslationProvider) -> SafeString:
        return two_lines(provider.name, provider.broadcaster)

    @display(description=_("state"), ordering="is_active")
    def active(self, provider: TranslationProvider) -> SafeString:
        return label(_("active"), "success") if provider.is_active else label(_("paused"), "")

    @display(description=_("confidential texts"))
    def confidential(self, provider: TranslationProvider) -> SafeString | str:
        if not provider.is_external:
            return "—"
        return label(_("may get them"), "warning") if provider.sees_confidential else label(_("stay in the house"))

    @display(description=_("characters this month"))
    def this_month(self, provider: TranslationProvider) -> str:
        if not provider.is_external:
            return "—"
        limit = provider.monthly_characters
        return f"{spent(provider)} / {limit}" if limit is not None else str(spent(provider))

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        facts = [
            (_("kind"), subject.get_adapter_display()),
            (_("state"), self.active(subject)),
            (_("confidential texts"), self.confidential(subject)),
            (_("characters this month"), self.this_month(subject)),
        ]
        if subject.adapter not in (TranslationAdapter.NULL, TranslationAdapter.MEMORY):
            stored = label(_("stored"), "success") if subject.secret else label(_("none"))
            facts.append((_("key"), stored))
        return {"title": subject.name, "facts": facts}


class MemoryPairFilter(ByWord):
    title, parameter_name = _("into"), "into"

    def words(self, user: User) -> dict[str, tuple[Any, Any]]:
        return {code: (name, Q(target_language=code)) for code, name in _NAMES}


@admin.register(MemorySegment)
class MemorySegmentAdmin(ReadOnly, DeedAdmin):
    deeds = (
        Deed(
            "forget", _("Forget"), REVIEW,
            lambda user, segment: may(user, REVIEW, segment.broadcaster_id),
            _forget, _("It is forgotten."), icon="delete", look="danger",
        ),
    )  # fmt: skip
    list_display = ("said", "translated", "languages", "approved")
    list_display_links = ("said",)
    list_select_related = ("approved_by",)
    list_filter = (MemoryPairFilter,)
    search_fields = ("source", "target")
    fields = ("said", "translated", "languages", "of_story", "approved")
    readonly_fields = fields

    @display(description=_("source"))
    def said(self, segment: MemorySegment) -> str:
        return segment.source

    @display(description=_("translation"))
    def translated(self, segment: MemorySegment) -> str:
        return segment.target

    @display(description=_("languages"), ordering="target_language")
    def languages(self, segment: MemorySegment) -> str:
        names = dict(_NAMES)
        return " → ".join(names.get(code, code) for code in (segment.source_language, segment.target_language))

    @display(description=_("approved by"), ordering="approved_at")
    def approved(self, segment: MemorySegment) -> SafeString:
        return two_lines(segment.approved_by or "—", moment(segment.approved_at))

    @display(description=_("story"))
    def of_story(self, segment: MemorySegment) -> SafeString:
        address = reverse("admin:newsexchange_story_change", args=[segment.story_id])
        return format_html('<a class="mx-link" href="{}">{}</a>', address, segment.story)
