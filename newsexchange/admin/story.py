"""The exchange desk's main page: every story this user may see, and the form for their own."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import BooleanField, ExpressionWrapper, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from broadcasters.models import Broadcaster
from broadcasters.permissions import may, roles_of
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import in_all_languages, staff
from mediaexchange.core.errors import DomainError, Message
from mediaexchange.core.languages.tags import DEFAULT, SHOWN, STORED, STORED_AS, to_bcp47
from newsexchange.admin import filters, story_fields, story_inlines
from newsexchange.admin.deeds import DeedAdmin
from newsexchange.admin.dopesheet_pages import DopesheetPages, part_links
from newsexchange.admin.dopesheet_shown import dopesheet_html
from newsexchange.admin.marks import embargo, fallback_mark, language_tags, moment, story_state, two_lines, who
from newsexchange.admin.rights import may_read, usability_box
from newsexchange.admin.searching import search_stories
from newsexchange.admin.story_deeds import DEEDS
from newsexchange.admin.story_documents import DocumentPages, documents_box
from newsexchange.admin.story_rows import editions_without_texts
from newsexchange.admin.story_version import version_page
from newsexchange.admin.translation import TranslationPages, languages_box, may_translate
from newsexchange.constants import PubStatus, Road
from newsexchange.models import Story
from newsexchange.services.receipt import note_reading
from newsexchange.services.story import save_story
from newsexchange.text import text_of

_LONG = [f"{field}_{language}" for field in ("summary", "body") for language in STORED]


class StoryList(ChangeList):
    """Lists need no long texts, and the languages of all rows at once."""

    def get_queryset(self, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        listed = super().get_queryset(*args, **kwargs).defer("summary", "body", *_LONG)
        rows: QuerySet[Any] = listed.prefetch_related(editions_without_texts("editions"))
        return rows


class StoryForm(forms.ModelForm):
    note = forms.CharField(
        label=_("Note on this change"),
        required=False,
        max_length=500,
        widget=story_fields.LINE,
        help_text=_("What was corrected; partners read it beside the new version."),
    )
    seen_version = forms.IntegerField(label="", required=False, widget=forms.HiddenInput)

    class Meta:
        model = Story
        fields = story_fields.WRITTEN
        widgets = story_fields.WIDGETS
        help_texts = story_fields.HELP

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.fields.keys() & set(in_all_languages("headline", "summary", "body")):
            field = self.fields[name]
            field.label = str(field.label).rpartition(" [")[0] or field.label  # the tab says which language
        if "seen_version" in self.fields:
            self.initial["seen_version"] = self.instance.version

    def clean_seen_version(self) -> int | None:
        """Refuses to overwrite what somebody else published while the page was open."""
        seen: int | None = self.cleaned_data["seen_version"]
        if self.instance.pk and seen is not None and seen != self.instance.version:
            raise forms.ValidationError(_("Somebody else has changed the story since; load it again."))
        return seen


@admin.register(Story)
class StoryAdmin(story_fields.TextsMixin, DocumentPages, DopesheetPages, TranslationPages, DeedAdmin):
    form = StoryForm
    deeds = DEEDS
    list_display = ("title", "languages", "origin", "state", "embargo", "version", "urgency", "changed")
    list_display_links = ("title",)
    list_select_related = ("broadcaster",)
    list_filter = (
        filters.WhoseFilter, filters.UsableFilter, filters.StatusFilter, filters.OriginFilter, filters.LanguageFilter,
        filters.EmbargoFilter, filters.FeedFilter, filters.OpenFilter, filters.SinceFilter,
    )  # fmt: skip
    search_fields = ("headline",)
    search_help_text = _("Words of headline or text, in any language; Serbian in either script.")
    inlines = (
        story_inlines.EditionInline,
        story_inlines.VersionInline,
        story_inlines.OfferInline,
        story_inlines.TakeInline,
        story_inlines.RecallInline,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        is_own = ExpressionWrapper(Q(broadcaster__in=member_ids(request.user)), BooleanField())
        stories: QuerySet[Any] = super().get_queryset(request).annotate(is_own=is_own)
        return stories

    @display(description=_("headline"))
    def title(self, story: Story) -> SafeString:
        reader = get_language() or DEFAULT
        found = story.headline_for(reader, with_blocked=story.is_own)  # type: ignore[attr-defined]
        tag = to_bcp47(found.language) if found.language in SHOWN else found.language
        is_fallback = bool(tag) and found.language not in (reader, STORED_AS[reader])
        mark = fallback_mark(tag) if is_fallback else ""
        text = found.text or story.slugline or "—"
        return format_html('<span class="mx-headline" lang="{}">{}</span> {}', tag, text, mark)

    @display(description=_("languages"))
    def languages(self, story: Story) -> SafeString:
        return language_tags(story.editions.all())

    @display(description=_("origin"), ordering="broadcaster")
    def origin(self, story: Story) -> SafeString:
        return who(story.broadcaster)

    @display(description=_("status"), ordering="pubstatus")
    def state(self, story: Story) -> SafeString:
        return story_state(story)

    @display(description=_("embargo"), ordering="embargoed_until")
    def embargo(self, story: Story) -> SafeString:
        return embargo(story)

    @display(description=_("Dopesheet"))
    def dopesheet(self, story: Story) -> SafeString:
        return dopesheet_html(story)

    @display(description=_("this version"), ordering="versioned_at")
    def changed(self, story: Story) -> str:
        return moment(story.versioned_at)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return StoryList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        return search_stories(queryset, search_term, staff(request)), False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if not isinstance(obj, Story):
            return bool(super().has_change_permission(request, obj))
        is_alive = obj.pubstatus != PubStatus.CANCELED
        return is_alive and may(staff(request), "newsexchange.change_story", obj.broadcaster_id)

    def has_history_permission(self, request: HttpRequest, obj: Any) -> bool:
        """What a story held before is its own newsroom's; a killed one, which nobody changes any more, included."""
        return may(staff(request), "newsexchange.change_story", obj.broadcaster_id)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.version_view)
        address = path("<path:object_id>/version/<int:number>/", view, name="newsexchange_story_version")
        return [address, *super().get_urls()]

    def version_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """One version as it was published, for whoever sees the story now."""
        try:
            return version_page(self, request, object_id, number)
        except DomainError as error:
            return self.refused(request, error, reverse("admin:newsexchange_story_change", args=[object_id]))

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        if isinstance(obj, Story) and not self.has_change_permission(request, obj):
            is_readable = may_read(obj, staff(request))
            return story_fields.reading(obj, get_language() or DEFAULT, is_readable=is_readable)
        return story_fields.editing(obj if isinstance(obj, Story) else None, get_language() or DEFAULT)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return (*story_fields.READONLY, *(("broadcaster",) if obj else ()))

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        """A new story belongs to a broadcaster for which this user writes."""
        if db_field.name != "broadcaster":
            return super().get_field_queryset(db, db_field, request)
        user = staff(request)
        return Broadcaster.objects.filter(
            pk__in=[pk for pk in roles_of(user) if may(user, "newsexchange.add_story", pk)]
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(roles_of(staff(request)))
        reader = STORED_AS[get_language() or DEFAULT]
        return {"language": reader, **super().get_changeform_initial_data(request)} | (
            {"broadcaster": own[0]} if len(own) == 1 else {}
        )

    def get_form(self, request: HttpRequest, obj: Model | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        if "embargoed_until" in form.base_fields:
            form.base_fields["embargoed_until"].help_text = _("In the time zone %(zone)s.") % {
                "zone": timezone.get_current_timezone_name()
            }
        return form

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        """A rule's refusal becomes a message. A page that opens is a receipt for its reader's newsroom."""
        try:
            response = super().changeform_view(request, object_id, form_url, extra_context)
            story = self.get_object(request, object_id) if object_id and request.method == "GET" else None
            if isinstance(story, Story):
                note_reading([story], staff(request), Road.DESK)
        except DomainError as error:
            return self.refused(request, error, request.get_full_path())
        return response.render() if hasattr(response, "render") else response

    def save_model(self, request: HttpRequest, obj: Model, form: forms.ModelForm, change: bool) -> None:
        changed = set(form.changed_data) - {"note", "seen_version"}
        save_story(obj, actor=staff(request), changed=changed, note=form.cleaned_data.get("note", ""))  # type: ignore[arg-type]

    def top_of(self, request: HttpRequest, subject: Story) -> dict[str, Any]:
        is_ours = subject.broadcaster_id in roles_of(staff(request))
        text = text_of(subject, get_language() or DEFAULT, with_blocked=is_ours)
        is_fallback = text.language != to_bcp47(get_language() or DEFAULT)
        facts: list[tuple[Message, object]] = [
            (_("status"), story_state(subject)),
            (_("origin"), two_lines(subject.broadcaster, subject.broadcaster.get_ownership_display())),
            (_("version"), subject.version or "—"),
            (_("embargo"), embargo(subject)),
            (_("languages"), language_tags(subject.editions.all())),
        ]
        boxes: list[object] = []
        if not is_ours:
            credit = format_html("<strong>{}</strong>", subject.credit or subject.broadcaster)
            facts += [(_("must be credited"), credit), (_("usage terms"), subject.usage_terms or "—")]
            boxes.append(usability_box(request, subject))
        if may_translate(staff(request), subject):
            boxes.append(languages_box(subject))
        if may_read(subject, staff(request)):
            boxes.append(documents_box(subject))
        mark = fallback_mark(text.language) if is_fallback and text.headline else ""
        return {
            "title": text.headline or subject,
            "mark": mark,
            "facts": facts,
            "boxes": boxes,
            "links": part_links(subject, staff(request)),
            "lang": text.language,
        }
