"""``/catalogue-imports/``: documents of other catalogues, what each record of them would change, and the approval."""

from collections.abc import Mapping
from typing import IO, Any

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from archive.constants import ImportAction, ImportFormat, ImportStatus
from archive.import_words import told, told_problem
from archive.models import CatalogueImport, ImportRow
from archive.parsing.base import MAX_BYTES, Code
from archive.services.importing import apply_import, discard_import, receive_import
from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.pagination import CursorPagination
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.errors import DomainError


class DocumentTooLargeError(DomainError):
    status = 413


class DocumentParser(BaseParser):
    """Any body at all, whole, bounded before it is kept in memory."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise DocumentTooLargeError(Code.TOO_LARGE, told(Code.TOO_LARGE), limit_bytes=MAX_BYTES)
        return {"content": content}


class ImportProblemSerializer(serializers.Serializer):
    code = serializers.CharField()
    where = serializers.CharField(help_text="The element, column or field")
    value = serializers.CharField(help_text="What stood there, shortened")
    detail = serializers.SerializerMethodField(help_text="In the language of the answer")

    def get_detail(self, problem: dict[str, str]) -> str:
        return told_problem(problem)


class CatalogueImportSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    reason = serializers.SerializerMethodField(help_text="Of a refusal, in the language of the answer")
    created = serializers.IntegerField(source="rows_create", read_only=True)
    updated = serializers.IntegerField(source="rows_update", read_only=True)
    unchanged = serializers.IntegerField(source="rows_unchanged", read_only=True)
    refused = serializers.IntegerField(source="rows_refuse", read_only=True)

    class Meta:
        model = CatalogueImport
        fields = [
            "uid", "broadcaster", "format", "file_name", "status", "error", "reason", "detail", "created", "updated",
            "unchanged", "refused", "created_at", "applied_at",
        ]  # fmt: skip

    def get_reason(self, row: CatalogueImport) -> str:
        return told(row.error) if row.error else ""


class ImportRowSerializer(serializers.ModelSerializer):
    item = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)
    changes = serializers.SerializerMethodField(help_text="Field → [before, after]; before is null for a new item")
    problems = ImportProblemSerializer(many=True)

    class Meta:
        model = ImportRow
        fields = ["position", "identifier", "action", "item", "changes", "problems"]

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_changes(self, row: ImportRow) -> Any:
        return row.changes


class ImportRowFilter(filters.FilterSet):
    action = filters.ChoiceFilter(choices=ImportAction.choices)

    class Meta:
        model = ImportRow
        fields: list[str] = []


class CatalogueImportFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=ImportStatus.choices)
    format = filters.ChoiceFilter(choices=ImportFormat.choices)

    class Meta:
        model = CatalogueImport
        fields: list[str] = []


class _RowPages(CursorPagination):
    cursor_fields = ("position",)


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    counts = {f"rows_{each.value}": Count("rows", filter=Q(rows__action=each.value)) for each in ImportAction}
    counted: QuerySet[Any] = rows.annotate(**counts)
    return counted


_SAID = [
    OpenApiParameter("file_name", str),
    OpenApiParameter("document_format", str, enum=ImportFormat.values, description="Found by content if not named"),
    OpenApiParameter("broadcaster", str, description="For accounts of several houses"),
]


class CatalogueImportViewSet(ExchangeViewSet):
    """Nothing is written to the catalogue before the preview has been approved."""

    queryset = CatalogueImport.objects.select_related("broadcaster").defer("content")
    serializer_class = CatalogueImportSerializer
    filterset_class = CatalogueImportFilter
    resource = "archive"
    cursor_descending = True
    lists_below = frozenset({"rows"})
    is_repeatable = False  # documents are too large to be compared; the deeds are safe to repeat anyway

    def get_queryset(self) -> QuerySet[Any]:
        return _counted(super().get_queryset())

    @extend_schema(
        operation_id="catalogue_imports_create",
        parameters=_SAID,
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={202: CatalogueImportSerializer},
        filters=False,
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send a document: PBCore, EBUCore, CSV or XLSX. It is read in the background; look at its status."""
        refuse_unknown(request, {"file_name", "document_format", "broadcaster"})
        said, actor = request.query_params, actor_of(request)
        named = None
        if slug := said.get("broadcaster", ""):
            named = Broadcaster.objects.of(actor).filter(slug=slug).first()
            if named is None:
                raise BadParameterError("broadcaster", told(Code.BAD_VALUE))
        received = receive_import(
            request.data["content"] if isinstance(request.data, Mapping) else b"",
            broadcaster=house_of(actor, "archive.add_catalogueimport", named),
            actor=actor,
            file_name=said.get("file_name", ""),
            format=said.get("document_format", ""),
        )
        return self._shown(received, 202)

    def get_parsers(self) -> list[BaseParser]:
        """A document comes as it is; deeds have bodies of JSON."""
        is_document = self.request is not None and self.request.path.rstrip("/").endswith("catalogue-imports")
        return [DocumentParser()] if is_document else super().get_parsers()

    @extend_schema(
        parameters=[OpenApiParameter("action", str, enum=ImportAction.values)],
        responses=ImportRowSerializer(many=True),
        filters=False,
    )
    @action(detail=True, filterset_class=None, pagination_class=_RowPages)
    def rows(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What each record would change or has changed, and why it was refused."""
        owner = get_object_or_404(CatalogueImport.objects.visible_to(request.user).defer("content"), uid=kwargs["uid"])
        below = ImportRow.objects.filter(catalogue_import=owner).select_related("item")
        refuse_unknown(request, {"action", "cursor", "limit", "fields", "count"})
        chosen = ImportRowFilter(request.query_params, queryset=below, request=request)
        if not chosen.is_valid():
            raise BadParameterError("action", told(Code.BAD_VALUE), "bad-filter")
        pages = _RowPages()
        page = pages.paginate_queryset(chosen.qs, request, None)
        return pages.get_paginated_response(ImportRowSerializer(page, many=True).data)

    @extend_schema(request=None, responses={202: CatalogueImportSerializer}, filters=False)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Approve what the preview shows. It is written in the background. Safe to repeat."""
        return self._shown(apply_import(self.get_object(), actor=actor_of(request)), 202)

    @extend_schema(request=None, responses=CatalogueImportSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write nothing of it. Safe to repeat."""
        return self._shown(discard_import(self.get_object(), actor=actor_of(request)), 200)

    def _shown(self, row: CatalogueImport, status: int) -> Response:
        counted = _counted(CatalogueImport.objects.select_related("broadcaster").defer("content")).get(pk=row.pk)
        return self.answer(CatalogueImportSerializer, counted, status)
