"""``GET /api/v1/search/``: everything that the caller may see, by words in any of the languages."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.pagination import decode_cursor, encode_cursor, limit_of
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.search.filters import PARAMETERS, filters_of, labelled
from mediaexchange.core.search.parsing import MAX_CHARACTERS, SearchError
from mediaexchange.core.search.registry import types_for
from mediaexchange.core.search.results import Cursor, Result, search

MAX_LIMIT = 50


class SearchResultSerializer(serializers.Serializer[Any]):
    """One record, in the language and script in which it is shown."""

    type = serializers.CharField()
    uid = serializers.UUIDField()
    url = serializers.URLField(help_text="Where the whole record is.")
    language = serializers.CharField(help_text="BCP 47, of the title.")
    title = serializers.CharField()
    marked_title = serializers.CharField(
        help_text="The title as HTML: escaped text, and `<mark>` round each word found. No other markup."
    )
    snippet = serializers.CharField(help_text="A passage with the words found, as HTML of the same kind.")
    snippet_language = serializers.CharField(help_text="BCP 47, of the snippet, which may be of another text.")
    fresh_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was published; null for what does not age."
    )
    origin = serializers.CharField(help_text="The broadcaster's slug, or empty.")
    kind = serializers.CharField(help_text="The kind of content, or empty.")


FacetSerializer = inline_serializer(
    "SearchFacet",
    {
        "value": serializers.CharField(help_text="What the filter of this name takes."),
        "label": serializers.CharField(),
        "count": serializers.IntegerField(),
    },
    many=True,
)


class FacetsSerializer(serializers.Serializer[Any]):
    type = FacetSerializer
    language = FacetSerializer
    origin = FacetSerializer
    kind = FacetSerializer
    topic = FacetSerializer


class SearchResultsSerializer(serializers.Serializer[Any]):
    results = SearchResultSerializer(many=True)
    next = serializers.URLField(allow_null=True, help_text="The next page, if there is one.")
    count = serializers.IntegerField(help_text="Records on all pages, 1,000 at most.")
    count_is_capped = serializers.BooleanField(
        help_text="There are or may be more: of words that very many texts hold, only the newest are looked at."
    )
    facets = FacetsSerializer()
    suggestions = serializers.ListField(
        child=serializers.CharField(), help_text="Questions with a name spelt differently, where little was found."
    )


def _text(name: str, description: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=description)


class SearchView(PrivateMixin):
    """A key finds only types whose own scope it holds as well: stories with ``stories:read``, and so on."""

    resource = "search"
    view_permission = "core.view_searchentry"

    @extend_schema(
        responses=SearchResultsSerializer,
        parameters=[
            OpenApiParameter(
                "q",
                OpenApiTypes.STR,
                required=True,
                description=f'Words, all of which must occur; "phrases", -exceptions, beginnings*. Serbian in either'
                f" script and without diacritics; {MAX_CHARACTERS} characters at most.",
            ),
            _text("type", "Only these types, separated by commas."),
            _text("language", "Only texts in this language (BCP 47); sr-Latn shows Serbian in Latin letters."),
            _text("origin", "Only of this broadcaster, by slug."),
            _text("kind", "Only this kind of content."),
            _text("topic", "Only with this Media Topic."),
            OpenApiParameter("since", OpenApiTypes.DATE, description="Published on this day (UTC) or later."),
            OpenApiParameter("until", OpenApiTypes.DATE, description="Published on this day (UTC) or earlier."),
            _text("cursor", "From “next”; opaque."),
            OpenApiParameter("limit", {"type": "integer", "minimum": 1, "maximum": MAX_LIMIT, "default": 20}),
        ],
    )
    def get(self, request: Request) -> Response:
        """Find records by their words, best and newest first, with facets and marked passages."""
        refuse_unknown(request, {*PARAMETERS, "q", "limit", "cursor"})
        reader, language = actor_of(request), get_language() or DEFAULT
        try:
            found = search(
                request.query_params.get("q", ""),
                reader,
                types_for(reader, request.auth),
                language=language,
                filters=filters_of(request.query_params),
                limit=limit_of(request, maximum=MAX_LIMIT),
                cursor=cursor_of(request.query_params.get("cursor", "")),
            )
        except SearchError as error:
            raise BadParameterError(error.parameter, error.message, error.code) from error
        return Response(
            {
                "results": [_said(request, result) for result in found.results],
                "next": _next(request, found.following),
                "count": found.count,
                "count_is_capped": found.count_is_capped,
                "facets": {
                    name: [{"value": each.value, "label": each.label, "count": each.count} for each in facet]
                    for name, facet in labelled(found.facets, language).items()
                },
                "suggestions": found.suggestions,
            }
        )


def cursor_of(text: str) -> Cursor | None:
    """What ``next`` gave out. Raises BadParameterError for anything else."""
    if not text:
        return None
    stage, rank, age, key, object_id = decode_cursor(text, 5)
    whole = all(type(value) is int and abs(value) < 2**63 for value in (stage, rank, object_id))
    if not (whole and 0 <= stage < 10 and isinstance(age, int | float) and isinstance(key, str)):
        raise BadParameterError("cursor", _("This is not a cursor that we gave out."), "bad-cursor")
    return stage, rank, float(age), key, object_id


def _next(request: Request, following: Cursor | None) -> str | None:
    if following is None:
        return None
    query = request.query_params.copy()
    query["cursor"] = encode_cursor(*following)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _said(request: Request, result: Result) -> dict[str, Any]:
    return {
        "type": result.type,
        "uid": result.uid,
        "url": request.build_absolute_uri(result.url),
        "language": result.language,
        "title": result.title,
        "marked_title": result.marked_title,
        "snippet": result.snippet,
        "snippet_language": result.snippet_language,
        "fresh_at": result.fresh_at.isoformat() if result.fresh_at else None,
        "origin": result.origin,
        "kind": result.kind,
    }
