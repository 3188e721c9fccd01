"""The admin's one box: a page of results with facets, and the few best while one types."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.admin_base import ExchangeAdmin, staff
from mediaexchange.core.api.pagination import encode_cursor
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.edtf_words import edtf_words
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.own_names import own_name
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.models import SearchEntry
from mediaexchange.core.search.filters import PARAMETERS, filters_of, labelled
from mediaexchange.core.search.parsing import MAX_CHARACTERS, SearchError, unfinished
from mediaexchange.core.search.registry import origins_named, type_named, types_for
from mediaexchange.core.search.results import Result, Results, search
from mediaexchange.core.search.views import cursor_of

OF_EACH_TYPE, OF_ONE_TYPE, WHILE_TYPING = 5, 20, 3
_FACETS: tuple[tuple[str, Message], ...] = (
    ("type", _("type")),
    ("language", _("language")),
    ("origin", _("origin")),
    ("kind", _("kind of content")),
    ("topic", _("topic")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A result with its address in the admin and its origin's name."""

    result: Result
    page: str
    origin: str

    @property
    def language(self) -> str:
        return own_name(self.result.language)

    @property
    def when(self) -> str:
        """As the record says it; else its day and hour, in the reader's zone."""
        result = self.result
        if result.dated is not None:
            return edtf_words(result.dated)
        return date_format(localtime(result.fresh_at), "SHORT_DATETIME_FORMAT") if result.fresh_at else ""


@dataclass(frozen=True, slots=True)
class Group:
    """The results of one type; ``more`` leads to all ``count`` of them, or is "" where all are shown."""

    title: str
    icon: str
    count: int
    lines: list[Line]
    more: str


@dataclass(frozen=True, slots=True)
class Choice:
    """A facet's value with the address that adds or removes it."""

    label: str
    count: int
    address: str
    is_chosen: bool


@admin.register(SearchEntry)
class SearchPage(ExchangeAdmin):
    """Stands where a list of the index would; the index itself is shown to nobody."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        user, language = staff(request), get_language() or DEFAULT
        typed = request.GET.get("q", "").strip()
        is_typing = "typing" in request.GET
        context: dict[str, Any] = {"title": _("Search"), "q": typed, "longest": MAX_CHARACTERS, "found": None}
        if typed:
            try:
                filters = filters_of(request.GET)
                found = search(
                    unfinished(typed) if is_typing else typed,
                    user,
                    types_for(user),
                    language=language,
                    filters=filters,
                    limit=WHILE_TYPING if is_typing else OF_ONE_TYPE if filters.types else OF_EACH_TYPE,
                    cursor=None if is_typing else cursor_of(request.GET.get("cursor", "")),
                    of_each_type=not filters.types,
                )
                context |= _shown(request, found, language)
            except SearchError as error:
                context["refusal"] = str(error)
            except BadParameterError as error:
                context["refusal"] = str(error.detail)
        request.current_app = self.admin_site.name
        if is_typing:
            return TemplateResponse(request, "core/admin/search_typing.html", context)
        shared = {**self.admin_site.each_context(request), "media": self.media}
        return TemplateResponse(request, "core/admin/search.html", shared | context)

    def narrowed(self, queryset: Any, request: HttpRequest) -> Any:
        return queryset.none()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # the box is on every page

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _shown(request: HttpRequest, found: Results, language: str) -> dict[str, Any]:
    names = origins_named({result.origin for result in found.results}, language)
    counts = dict(found.facets["type"])
    groups: dict[str, list[Line]] = {}
    for result in found.results:
        page = type_named(result.type).page(result.object_id)
        groups.setdefault(result.type, []).append(Line(result, page, names.get(result.origin, result.origin)))
    facets = labelled(found.facets, language)
    return {
        "found": found,
        "groups": [
            Group(
                str(type_named(key).title),
                type_named(key).icon,
                counts[key],
                lines,
                _address(request, type=key) if len(lines) < counts[key] and not request.GET.get("type") else "",
            )
            for key, lines in groups.items()
        ],
        "facets": [
            (title, choices)
            for name, title in _FACETS
            if (choices := _choices(request, name, facets[name])) and (len(choices) > 1 or choices[0].is_chosen)
        ],
        "following": _address(request, cursor=encode_cursor(*found.following)) if found.following else "",
        "suggestions": [(text, _address(request, q=text)) for text in found.suggestions],
        "is_narrowed": any(request.GET.get(name) for name in PARAMETERS),
    }


def _choices(request: HttpRequest, name: str, facet: list[Any]) -> list[Choice]:
    chosen = request.GET.get(name, "")
    return [
        Choice(
            each.label,
            each.count,
            _address(request, **{name: "" if each.value == chosen else each.value}),
            each.value == chosen,
        )
        for each in facet
    ]


def _address(request: HttpRequest, **changes: str) -> str:
    """This page with other parameters, from its beginning unless a cursor is among them."""
    query = request.GET.copy()
    for name in ("cursor", "typing"):
        query.pop(name, None)
    for name, value in changes.items():
        query[name] = value
        if not value:
            del query[name]
    return f"?{query.urlencode()}"
