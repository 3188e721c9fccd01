"""Clauses of memoranda, and their texts with documents."""

from typing import Any

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api.memoranda import ClauseSerializer, MemorandumTextSerializer
from broadcasters.api.writable import WritableViewSet
from broadcasters.documents import served
from broadcasters.models import Clause, Memorandum, MemorandumText
from broadcasters.services.clause import save_clause, save_text
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import SeesOnly
from mediaexchange.core.api.views import actor_of
from mediaexchange.core.api.writing import StrictSerializer, TextsField
from mediaexchange.core.validators import validate_language_tag

_MEMORANDUM: dict[str, Any] = {"slug_field": "slug", "queryset": Memorandum.objects.all()}


class ListedClauseSerializer(ClauseSerializer):
    memorandum = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta(ClauseSerializer.Meta):
        fields = ["memorandum", *ClauseSerializer.Meta.fields]


class ChangedClauseInput(StrictSerializer, serializers.ModelSerializer):
    """``texts`` are by BCP 47 tag."""

    texts = TextsField({"heading": 200, "text": 50_000}, required=False)

    class Meta:
        model = Clause
        fields = ["texts", "number", "position", "area"]


class ClauseInput(ChangedClauseInput):
    memorandum = SeesOnly(**_MEMORANDUM)

    class Meta(ChangedClauseInput.Meta):
        fields = ["memorandum", *ChangedClauseInput.Meta.fields]
        validators: list[Any] = []  # the database asks whether the number is taken


class ListedTextSerializer(MemorandumTextSerializer):
    memorandum = serializers.SlugRelatedField(slug_field="slug", read_only=True)

    class Meta(MemorandumTextSerializer.Meta):
        fields = ["memorandum", *MemorandumTextSerializer.Meta.fields]


class ChangedMemorandumTextInput(StrictSerializer, serializers.ModelSerializer):
    class Meta:
        model = MemorandumText
        fields = ["title", "body", "is_equally_valid", "url", "source"]


class MemorandumTextInput(ChangedMemorandumTextInput):
    memorandum = SeesOnly(**_MEMORANDUM)
    language = serializers.CharField(max_length=35, validators=[validate_language_tag], help_text="BCP 47")

    class Meta(ChangedMemorandumTextInput.Meta):
        fields = ["memorandum", "language", *ChangedMemorandumTextInput.Meta.fields]
        validators: list[Any] = []  # the database asks whether the language is taken


class AgreementDocumentInput(StrictSerializer):
    file = serializers.FileField(help_text="PDF, DOCX or ODT of at most 20 MiB")


class ClauseViewSet(WritableViewSet):
    queryset = Clause.objects.select_related("memorandum")
    serializer_class = ListedClauseSerializer
    filterset_fields = ["memorandum__slug", "area"]

    @extend_schema(request=ClauseInput, responses={201: ListedClauseSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Write a clause down. For administrators of a party."""
        return self.made(Clause(), self.validated(ClauseInput), save_clause)

    @extend_schema(request=ChangedClauseInput, responses=ListedClauseSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedClauseInput, save_clause)


class MemorandumTextViewSet(WritableViewSet):
    """One text a language: equally valid ones, and translations for reading."""

    queryset = MemorandumText.objects.select_related("memorandum")
    serializer_class = ListedTextSerializer
    filterset_fields = ["memorandum__slug", "language", "is_equally_valid"]

    @extend_schema(request=MemorandumTextInput, responses={201: ListedTextSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Keep the memorandum in a language, with its words or the address where it lies."""
        return self.made(MemorandumText(), self.validated(MemorandumTextInput), save_text)

    @extend_schema(
        request=ChangedMemorandumTextInput, responses=ListedTextSerializer, parameters=[IF_MATCH], filters=False
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change what is given and nothing else."""
        return self.changed(ChangedMemorandumTextInput, save_text)

    @extend_schema(methods=["get"], responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}, filters=False)
    @extend_schema(
        methods=["put"],
        request={"multipart/form-data": AgreementDocumentInput},
        responses=ListedTextSerializer,
        filters=False,
    )
    @action(detail=True, methods=["get", "put"], parser_classes=[MultiPartParser, JSONParser])
    def document(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The document as it was handed in, 404 where there is none; or hand it in, or another instead of it."""
        refuse_unknown(request, set())
        text = self.get_object()
        if request.method == "GET":
            return served(text)
        file = self.validated(AgreementDocumentInput)["file"]
        save_text(text, actor=actor_of(request), document=file, document_name=file.name)
        return self.shown(text)
