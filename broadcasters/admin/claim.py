"""Claims and their topics. Whoever only reads sees the claim with its attribution, never its parts."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter, RangeDateFilter

from broadcasters.admin.base import RecordAdmin
from broadcasters.admin.claims import about_address, side_by_side_view, side_of
from broadcasters.admin.kept import KEEP, KeptAdmin
from broadcasters.attribution import attributed
from broadcasters.models import Claim, ClaimTopic
from mediaexchange.core.admin_base import in_all_languages, shown, staff


@admin.register(Claim)
class ClaimAdmin(KeptAdmin):
    list_display = ["statement", "topic", "confidence", "is_published"]
    list_filter = [
        ("topic", AutocompleteSelectFilter),
        ("kind", ChoicesDropdownFilter),
        ("confidence", ChoicesDropdownFilter),
        ("said_first", RangeDateFilter),
        "is_sensitive",
    ]
    search_fields = [*in_all_languages("wording", "said_by"), "quote", "source_title", "source_publisher"]
    autocomplete_fields = [
        "topic", "event", "place", "institution", "person", "memorandum", "speaker_person", "speaker_institution",
    ]  # fmt: skip
    fields = [
        "shown_claim",
        "broadcaster",
        "is_published",
        "kind",
        "topic",
        "event",
        "place",
        "institution",
        "person",
        "memorandum",
        "module",
        "speaker_person",
        "speaker_institution",
        "quote",
        "original_language",
        "source_title",
        "source_publisher",
        "source_published",
        "source_url",
        "said",
        "period",
        "value",
        "unit",
        "is_approximate",
        "confidence",
        "is_sensitive",
        "said_by",
        "wording",
        "note",
    ]
    readonly_fields = ["shown_claim"]

    class Media:
        css = {"all": ["broadcasters/calendar.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Claim]:
        rows: Any = super().get_queryset(request)
        return rows.with_attribution()  # type: ignore[no-any-return]

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("-said_first", "-pk")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return ["shown_claim"]
        return super().get_fields(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return [(None, {"fields": ["shown_claim"]})]
        return super().get_fieldsets(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        """A published quote is never rewritten."""
        given = tuple(super().get_readonly_fields(request, obj))
        is_quoted = isinstance(obj, Claim) and obj.is_published and bool(obj.quote)
        return (*given, "quote", "original_language") if is_quoted else given

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.about)
        return [path("about/", page, name="broadcasters_claim_about"), *super().get_urls()]

    def about(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return side_by_side_view(self, request)

    @admin.display(description=_("claim"))
    def statement(self, claim: Claim) -> str:
        return attributed(claim).text

    @admin.display(description=_("claim"))
    def shown_claim(self, claim: Any) -> SafeString | str:
        if claim.pk is None:
            return "—"  # a page for a new one
        about = about_address("topic", claim.topic.slug) if claim.topic else ""
        context = {"side": side_of(claim), "topic": claim.topic, "topic_address": about}
        return SafeString(render_to_string("broadcasters/claim.html", context))


@admin.register(ClaimTopic)
class ClaimTopicAdmin(RecordAdmin):
    list_display = ["shown_name", "beside"]
    search_fields = ["slug", *in_all_languages("name")]
    fields = ["beside", "slug", "name", "note"]
    readonly_fields = ["beside"]

    def may_on(self, request: HttpRequest, verb: str, obj: Model) -> bool:
        """Topics belong to no house: whoever writes claims adds some, administrators change them."""
        return super().may_on(request, verb, obj) and staff(request).has_perm(KEEP)

    shown_name = shown("name", pgettext_lazy("claim", "question"))

    @admin.display(description=pgettext_lazy("claim", "side by side"))
    def beside(self, topic: Any) -> SafeString | str:
        if topic.pk is None:
            return "—"
        return format_html(
            '<a class="text-link" href="{}">{}</a>', about_address("topic", topic.slug), _("Claims side by side")
        )
