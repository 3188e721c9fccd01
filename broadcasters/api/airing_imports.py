"""``/airing-imports/``: as-run logs and audience tables, what each row of them would write, and the approval."""

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

from broadcasters.airing_constants import LogKind, LogStatus, RowAction
from broadcasters.import_words import told, told_problem, told_refusal
from broadcasters.models import AiringImport, AiringImportRow, Broadcaster, Channel
from broadcasters.parsing.base import MAX_BYTES, Code
from broadcasters.parsing.columns import FIELDS
from broadcasters.permissions import house_of
from broadcasters.services.airing_import import (
    apply_airings,
    correct_row,
    discard_airings,
    name_columns,
    receive_airings,
)
from broadcasters.services.airing_sheets import choose_sheet
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.pagination import CursorPagination
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.serializers import SeesOnly
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.errors import DomainError

_COLUMNS = sorted(set().union(*FIELDS.values()))


class TableTooLargeError(DomainError):
    status = 413


class TableParser(BaseParser):
    """Any body at all, whole, bounded before it is kept in memory."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, bytes]:
        content = stream.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise TableTooLargeError(Code.TOO_LARGE, told(Code.TOO_LARGE), limit_bytes=MAX_BYTES)
        return {"content": content}


class RowProblemSerializer(serializers.Serializer):
    code = serializers.CharField()
    where = serializers.CharField(help_text="The field")
    value = serializers.CharField(help_text="What stood there, shortened")
    detail = serializers.SerializerMethodField(help_text="In the language of the answer")

    def get_detail(self, problem: dict[str, str]) -> str:
        return told_problem(problem)


class AiringImportSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    channel = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    header = serializers.ListField(child=serializers.CharField(), read_only=True)
    sheets = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Of a workbook; one of them was read"
    )
    mapping = serializers.DictField(
        child=serializers.CharField(), read_only=True, help_text="Place of a column, from 0 → its field"
    )
    reason = serializers.SerializerMethodField(help_text="Of a refusal, in the language of the answer")
    new = serializers.IntegerField(source="rows_create", read_only=True)
    known = serializers.IntegerField(source="rows_known", read_only=True)
    refused = serializers.IntegerField(source="rows_refuse", read_only=True)
    warned = serializers.IntegerField(source="rows_warned", read_only=True)
    written = serializers.IntegerField(source="rows_written", read_only=True)

    class Meta:
        model = AiringImport
        fields = [
            "uid", "broadcaster", "kind", "format", "file_name", "channel", "source", "sheet", "sheets", "header",
            "mapping", "status", "error", "reason", "detail", "new", "known", "refused", "warned", "written",
            "created_at", "applied_at", "matched_at",
        ]  # fmt: skip

    def get_reason(self, row: AiringImport) -> str:
        return told_refusal(row.error, row.sheets) if row.error else ""


class AiringImportRowSerializer(serializers.ModelSerializer):
    """``values`` are what was understood; the airing is there once it is known or written."""

    cells = serializers.ListField(child=serializers.CharField(), read_only=True)
    channel = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)
    airing = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)
    title = serializers.SerializerMethodField()
    duration_ms = serializers.SerializerMethodField()
    problems = RowProblemSerializer(many=True)

    class Meta:
        model = AiringImportRow
        fields = [
            "position", "cells", "action", "has_warning", "channel", "started_at", "title", "duration_ms", "problems",
            "airing", "is_written",
        ]  # fmt: skip

    def get_title(self, row: AiringImportRow) -> str:
        return str(row.values.get("title", ""))

    @extend_schema_field({"type": "integer", "nullable": True})
    def get_duration_ms(self, row: AiringImportRow) -> int | None:
        lasting: int | None = row.values.get("duration_ms")
        return lasting


class ColumnsInput(serializers.Serializer):
    mapping = serializers.DictField(
        child=serializers.ChoiceField(choices=_COLUMNS), help_text="Place of a column, from 0 → its field"
    )
    channel = SeesOnly(
        slug_field="slug", queryset=Channel.objects.all(), required=False, help_text="Of rows that name none"
    )
    source = serializers.CharField(max_length=300, required=False, allow_blank=True)


class SheetInput(serializers.Serializer):
    sheet = serializers.CharField(max_length=100, help_text="One of the import’s sheets")


class RowCorrectionInput(serializers.Serializer):
    cells = serializers.DictField(
        child=serializers.CharField(max_length=2000, allow_blank=True), help_text="Field → what the cell should say"
    )


class AiringImportFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=LogStatus.choices)
    kind = filters.ChoiceFilter(choices=LogKind.choices)

    class Meta:
        model = AiringImport
        fields: list[str] = []


class AiringImportRowFilter(filters.FilterSet):
    action = filters.ChoiceFilter(choices=RowAction.choices)
    has_warning = filters.BooleanFilter()

    class Meta:
        model = AiringImportRow
        fields: list[str] = []


class _RowPages(CursorPagination):
    cursor_fields = ("position",)


def _counted(rows: QuerySet[Any]) -> QuerySet[Any]:
    counts = {f"rows_{each.value}": Count("rows", filter=Q(rows__action=each.value)) for each in RowAction}
    counts["rows_warned"] = Count("rows", filter=Q(rows__has_warning=True))
    counts["rows_written"] = Count("rows", filter=Q(rows__is_written=True))
    return rows.annotate(**counts)  # type: ignore[no-any-return]


_SAID = [
    OpenApiParameter("kind", str, enum=LogKind.values, description="What the rows are; airings if not said"),
    OpenApiParameter("file_name", str),
    OpenApiParameter("channel", str, description="Slug of the channel of rows that name none"),
    OpenApiParameter("source", str, description="Of audience figures: who measured, where rows do not say it"),
    OpenApiParameter("sheet", str, description="Of a workbook, by name; if not said, the first that looks like it"),
    OpenApiParameter("broadcaster", str, description="For accounts of several houses"),
]


class AiringImportViewSet(ExchangeViewSet):
    """Nothing is written before the preview has been approved; a row is never written twice."""

    queryset = AiringImport.objects.select_related("broadcaster", "channel").defer("content")
    serializer_class = AiringImportSerializer
    filterset_class = AiringImportFilter
    resource = "airings"
    cursor_descending = True
    lists_below = frozenset({"rows"})
    is_repeatable = False  # tables are too large to be compared; the deeds are safe to repeat anyway

    def get_queryset(self) -> QuerySet[Any]:
        return _counted(super().get_queryset())

    @extend_schema(
        operation_id="airing_imports_create",
        parameters=_SAID,
        request={"application/octet-stream": OpenApiTypes.BINARY, "application/json": OpenApiTypes.OBJECT},
        responses={202: AiringImportSerializer},
        filters=False,
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send a log as CSV, XLSX, or a JSON list of objects. It is read in the background; look at its status."""
        refuse_unknown(request, {"kind", "file_name", "channel", "source", "sheet", "broadcaster"})
        said, actor = request.query_params, actor_of(request)
        kind = said.get("kind", LogKind.AIRINGS)
        if kind not in LogKind.values:
            raise BadParameterError("kind", told(Code.BAD_VALUE))
        houses, channels = Broadcaster.objects.of(actor), Channel.objects.filter(broadcaster__in=_own(actor))
        named = _chosen(houses, said.get("broadcaster", ""), "broadcaster")
        channel = _chosen(channels.select_related("broadcaster"), said.get("channel", ""), "channel")
        needed = "broadcasters.add_audiencefigure" if kind == LogKind.AUDIENCE else "broadcasters.add_airing"
        received = receive_airings(
            request.data["content"] if isinstance(request.data, Mapping) else b"",
            broadcaster=house_of(actor, needed, named or (channel.broadcaster if channel else None)),
            actor=actor,
            kind=kind,
            file_name=said.get("file_name", ""),
            channel=channel,
            source=said.get("source", ""),
            sheet=said.get("sheet", ""),
        )
        return self._shown(received, 202)

    def get_parsers(self) -> list[BaseParser]:
        """A table comes as it is; deeds have bodies of JSON."""
        is_table = self.request is not None and self.request.path.rstrip("/").endswith("airing-imports")
        return [TableParser()] if is_table else super().get_parsers()

    @extend_schema(
        parameters=[OpenApiParameter("action", str, enum=RowAction.values), OpenApiParameter("has_warning", bool)],
        responses=AiringImportRowSerializer(many=True),
        filters=False,
    )
    @action(detail=True, filterset_class=None, pagination_class=_RowPages)
    def rows(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What each row would write or has written, and why it was refused."""
        owner = get_object_or_404(AiringImport.objects.visible_to(request.user).defer("content"), uid=kwargs["uid"])
        below = AiringImportRow.objects.filter(airing_import=owner).select_related("channel", "airing")
        refuse_unknown(request, {"action", "has_warning", "cursor", "limit", "fields", "count"})
        chosen = AiringImportRowFilter(request.query_params, queryset=below, request=request)
        if not chosen.is_valid():
            raise BadParameterError(next(iter(chosen.errors)), told(Code.BAD_VALUE), "bad-filter")
        pages = _RowPages()
        page = pages.paginate_queryset(chosen.qs, request, None)
        return pages.get_paginated_response(AiringImportRowSerializer(page, many=True).data)

    @extend_schema(
        operation_id="airing_imports_rows_correct",
        request=RowCorrectionInput, responses=AiringImportRowSerializer, filters=False,
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="rows/<int:position>/correct")
    def correct(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Correct cells of a row that is not written; approving the import again writes it."""
        owner = self.get_object()
        found = AiringImportRow.objects.filter(airing_import=owner, position=kwargs["position"])
        row = get_object_or_404(found.select_related("airing_import"))
        corrected = correct_row(row, actor=actor_of(request), **self.validated(RowCorrectionInput))
        return self.answer(AiringImportRowSerializer, corrected)

    @extend_schema(request=SheetInput, responses={202: AiringImportSerializer}, filters=False)
    @action(detail=True, methods=["post"])
    def sheet(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Have another sheet of the workbook read, in the background, instead of the one that was. Safe to repeat."""
        chosen = choose_sheet(self.get_object(), actor=actor_of(request), **self.validated(SheetInput))
        return self._shown(chosen, 202)

    @extend_schema(request=ColumnsInput, responses=AiringImportSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def columns(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say which field each column is, all of them; the rows are read anew. Safe to repeat."""
        named = name_columns(self.get_object(), actor=actor_of(request), **self.validated(ColumnsInput))
        return self._shown(named, 200)

    @extend_schema(request=None, responses={202: AiringImportSerializer}, filters=False)
    @action(detail=True, methods=["post"])
    def apply(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Approve what the preview shows. It is written in the background. Safe to repeat."""
        return self._shown(apply_airings(self.get_object(), actor=actor_of(request)), 202)

    @extend_schema(request=None, responses=AiringImportSerializer, filters=False)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write nothing of it. Safe to repeat."""
        return self._shown(discard_airings(self.get_object(), actor=actor_of(request)), 200)

    def _shown(self, row: AiringImport, status: int) -> Response:
        counted = _counted(AiringImport.objects.select_related("broadcaster", "channel").defer("content"))
        return self.answer(AiringImportSerializer, counted.get(pk=row.pk), status)


def _own(actor: Any) -> QuerySet[Broadcaster]:
    return Broadcaster.objects.of(actor)


def _chosen(rows: QuerySet[Any], slug: str, parameter: str) -> Any:
    if not slug:
        return None
    found = rows.filter(slug=slug).first()
    if found is None:
        raise BadParameterError(parameter, told(Code.BAD_VALUE))
    return found
