"""The item's pages: the list that finds it, the page on which it is watched, marked and asked for, the form beneath."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.views import ChangeList

from archive.admin.base import ArchiveAdmin, houses_with, short_name
from archive.admin.completeness import CompletenessPage
from archive.admin.item_bag import ItemBag
from archive.admin.item_boxes import boxes_of
from archive.admin.item_deeds import ItemDeeds
from archive.admin.item_filters import FILTERS, facet_links
from archive.admin.item_inlines import INLINES, OWN_ONLY, ItemPartInline
from archive.admin.item_pages import ItemPages
from archive.admin.item_shot_lists import ItemShotLists
from archive.admin.item_texts import ItemTexts
from archive.admin.rights_page import RightsPages
from archive.admin.statistics import StatisticsPage
from archive.bounded import few_ids, one_of
from archive.catalogue import visible_parents
from archive.constants import ItemStatus, ValidationStatus
from archive.models import Collection, Item, Series
from archive.search import ITEM
from archive.services.item import WRITABLE, follow_parts, save_item
from archive.validation import told_reason
from broadcasters.permissions import roles_of
from broadcasters.querysets import member_ids
from mediaexchange.core.admin_base import TranslatedAdmin, label, staff
from mediaexchange.core.edtf_words import edtf_words
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.localize import resolve_field
from mediaexchange.core.languages.tags import DEFAULT, STORED, STORED_AS, to_bcp47
from mediaexchange.core.search.results import found_ids

_LONG = ("description", *(f"description_{code}" for code in STORED), "rights_note", "source_note")
_STATUS = {ItemStatus.DRAFT: "info", ItemStatus.PUBLISHED: "success", ItemStatus.WITHDRAWN: "danger"}
_VALIDATION = {
    ValidationStatus.UNCHECKED: "",
    ValidationStatus.COMPLETE: "success",
    ValidationStatus.INCOMPLETE: "warning",
    ValidationStatus.WRONG: "danger",
}
_OWN_ONLY = frozenset({"source_note", "validation_said", "expected_children", "collection", "series"})
HELP = {
    "identifier": _("By which the house knows the item; each only once in a house."),
    "collection": _("Of the same house."),
    "series": _("The programme series to which it belongs."),
    "parent": _("The programme, reel or tape of which it is a part."),
    "expected_children": _("How many parts there should be; what is missing is reported."),
    "access": _("Who reads the record once it is published. Footage itself needs a grant or a licence."),
    "category": _("The exchange’s own category, by which footage is looked for."),
    "asset_type": _("What kind of whole it is."),
    "genres": _("In words, such as “newsreel”."),
    "subjects": _("Words that describe what is seen."),
    "speech_languages": _("Language tags with script, such as sr-Cyrl or kk."),
    "subtitle_languages": _("Of subtitles that are part of the picture."),
    "credit_languages": _("Of names and titles in the picture."),
    "rights_statement": _("What the public is told, by RightsStatements.org."),
    "rights_note": _("What one must know to decide; readers of the record see it."),
    "credit_line": _("How the source is named wherever the footage is shown."),
    "source_note": _("Where it came from; only the own house reads it."),
}


class ItemList(ChangeList):
    """Lists need no long texts. Where an index knows that there are few items, only these are looked at."""

    def get_queryset(self, request: HttpRequest, *args: Any, **kwargs: Any) -> QuerySet[Any]:
        listed: Any = super().get_queryset(request, *args, **kwargs).defer(*_LONG)
        few = few_ids(listed, staff(request))
        found: QuerySet[Any] = listed if few is None else listed.filter(one_of(few))
        return found


class ItemForm(forms.ModelForm):
    class Meta:
        model = Item
        fields = "__all__"  # noqa: DJ007 — the page names them

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        titles = [f"title_{code}" for code in STORED if f"title_{code}" in self.fields]
        if titles and not any((answers.get(name) or "").strip() for name in titles):
            self.add_error(titles[0], _("Give the title in at least one language."))
        house = answers.get("broadcaster") or getattr(self.instance, "broadcaster", None)
        for name in ("collection", "series", "parent"):
            related = answers.get(name)
            if related is not None and house is not None and related.broadcaster_id != house.pk:
                self.add_error(name, _("Choose one of the item’s own house."))
        return answers


@admin.register(Item)
class ItemAdmin(
    ItemDeeds,
    ItemBag,
    ItemTexts,
    ItemShotLists,
    ItemPages,
    RightsPages,
    StatisticsPage,
    CompletenessPage,
    TranslatedAdmin,
    ArchiveAdmin,
):
    form = ItemForm
    list_display = ("title_shown", "house", "category", "dated_shown", "state", "access", "validation_shown")
    list_display_links = ("title_shown",)
    list_select_related = ("broadcaster",)
    list_filter = FILTERS
    search_fields = ("title",)
    search_help_text = _("Words of titles, texts, names or subtitles, in any language; Serbian in either script.")
    sortable_by = ("dated_shown", "house", "state")
    autocomplete_fields = ("collection", "series", "parent")
    readonly_fields = ("status", "validation_said")
    inlines = INLINES
    fieldsets = (
        (None, {"fields": (("broadcaster", "identifier"), ("category", "asset_type"), "dated")}),
        (_("Texts"), {"fields": ("title", "description")}),
        (_("Order"), {"classes": ["tab"], "fields": ("collection", "series", "parent", "expected_children")}),
        (_("Content"), {"classes": ["tab"], "fields": (
            "genres", "topics", "subjects", "speech_languages", "subtitle_languages", "credit_languages",
        )}),
        (_("Access and rights"), {"classes": ["tab"], "fields": (
            "access", "embargoed_until", "rights_statement", "credit_line", "rights_note", "source_note",
            "validation_said",
        )}),
    )  # fmt: skip

    class Media:
        js = ("archive/steps.js", "archive/viewer.js")

    @display(description=_("title"))
    def title_shown(self, item: Item) -> SafeString:
        reader = get_language() or DEFAULT
        found = resolve_field(item, "title", reader)
        tag = to_bcp47(found.language) if found.language else ""
        is_fallback = bool(tag) and found.language not in (reader, STORED_AS[reader])
        mark = label(_("in %(language)s") % {"language": tag}, "info") if is_fallback else ""
        return format_html(
            '<span class="ar-two"><span class="ar-headline" lang="{}">{} {}</span>'
            '<span class="ar-sub">{}</span></span>',
            tag,
            found.text or item.identifier,
            mark,
            item.identifier,
        )

    @display(description=_("broadcaster"), ordering="broadcaster")
    def house(self, item: Item) -> str:
        return short_name(item.broadcaster)

    @display(description=_("date"), ordering="dated_first")
    def dated_shown(self, item: Item) -> str:
        return edtf_words(item.dated) or "—"

    @display(description=_("status"), ordering="status")
    def state(self, item: Item) -> SafeString:
        return label(item.get_status_display(), _STATUS[ItemStatus(item.status)])

    @display(description=_("validation"))
    def validation_shown(self, item: Item) -> SafeString | str:
        """What a house finds wrong with its catalogue is its own business."""
        if not item.is_own:  # type: ignore[attr-defined]  # annotated
            return "—"
        return label(item.get_validation_display(), _VALIDATION[ValidationStatus(item.validation)])

    list_before_template = "archive/facets.html"

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: HttpResponse = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            context["facets"] = facet_links(context["cl"].queryset, request)
        return response

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        is_own = Q(broadcaster__in=member_ids(request.user))
        items: QuerySet[Any] = super().get_queryset(request).annotate(is_own=is_own)
        return items

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ItemList

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        if not search_term.strip():
            return queryset, False
        return queryset.filter(pk__in=found_ids(search_term, staff(request), ITEM)), False

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """What the API hides of another house's item is hidden here as well."""
        given = super().get_fieldsets(request, obj)
        if obj is None or _is_own(request, obj):
            return given
        is_parent_read = bool(visible_parents([obj], Item.objects.visible_to(staff(request))))
        hidden = _OWN_ONLY if is_parent_read else _OWN_ONLY | {"parent"}
        left = [
            (name, {**options, "fields": [field for field in options["fields"] if field not in hidden]})
            for name, options in given
        ]
        return [(name, options) for name, options in left if options["fields"]]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return (*super().get_readonly_fields(request, obj), *(("broadcaster",) if obj else ()))

    def get_inlines(self, request: HttpRequest, obj: Model | None) -> Any:
        """A new item is stored before anything can hang on it."""
        if obj is None:
            return ()
        return INLINES if _is_own(request, obj) else [inline for inline in INLINES if inline not in OWN_ONLY]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            return houses_with(request, "archive.add_item")
        if db_field.related_model in (Collection, Series):
            return db_field.related_model.objects.visible_to(request.user)  # type: ignore[no-any-return]
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        own = list(houses_with(request, "archive.add_item")[:2])
        given = super().get_changeform_initial_data(request)
        return given | ({"broadcaster": own[0].pk} if len(own) == 1 else {})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change=change, **{"help_texts": HELP} | kwargs)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            response: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)
        except DomainError as error:
            return self.refused(request, error, request.get_full_path())
        return response

    def save_model(self, request: HttpRequest, obj: Item, form: forms.ModelForm, change: bool) -> None:
        """A new item is stored at once, since its parts need its key; a change waits for its parts."""
        if not change:
            stored = save_item(obj, actor=staff(request))
            obj.__dict__.update(stored.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """One deed for the form and all its lists; carriers and rights, which have lives of their own, after it."""
        if not change:
            return
        actor = staff(request)
        parts = {
            formset.part: [_row(formset.model, each.cleaned_data) for each in formset.forms if _is_kept(formset, each)]
            for formset in formsets
            if formset.part and formset.has_changed()
        }
        save_item(form.instance, actor=actor, changed=set(form.changed_data) & WRITABLE, parts=parts)
        others = [formset for formset in formsets if not formset.part and formset.has_changed()]
        for formset in others:
            formset.save()
        if others:
            follow_parts(form.instance, actor=actor)

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False) -> list[Any]:
        """Nothing: PostgreSQL keeps the trail, completely."""
        return []

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Any = None) -> Any:
        for formset, inline in super().get_formsets_with_inlines(request, obj):
            formset.part = inline.part if isinstance(inline, ItemPartInline) else ""
            yield formset, inline

    def boxes_of(self, request: HttpRequest, subject: Item) -> list[SafeString]:
        return boxes_of(self, request, subject)

    @display(description=_("validation"))
    def validation_said(self, item: Item) -> str:
        """With every reason; a rule's words are in the reader's language."""
        return "\n".join((item.get_validation_display(), *map(told_reason, item.validation_reasons)))


def _is_own(request: HttpRequest, item: Any) -> bool:
    return item.broadcaster_id in roles_of(staff(request))


def _is_kept(formset: Any, form: Any) -> bool:
    """Whether a line of an inline stays: it is filled and not ticked for deletion."""
    if formset.can_delete and formset._should_delete_form(form):
        return False
    return bool(form.instance.pk or form.has_changed())


def _row(model: type[Model], answers: dict[str, Any]) -> Model:
    """An unsaved row with what was typed; the service compares it with what is stored."""
    names = {field.name for field in model._meta.concrete_fields} - {"id", "item"}
    return model(**{name: value for name, value in answers.items() if name in names})
