"""Timed texts of items: cues as JSON, and files of subtitles in and out."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.raw import RawParser, content_of
from archive.api.text_serializers import ChangedTextInput, NewTextInput, TextCardSerializer, TextSerializer
from archive.constants import TextKind, TextOrigin
from archive.formats.charset import CHARSETS
from archive.formats.cues import Cue, Run, checked, used_by
from archive.formats.subtitles import FORMATS, WRITTEN
from archive.models import Item, TimedText
from archive.services.item import locked
from archive.services.text import delete_text, export_text, import_text, save_text
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.preconditions import etag_of, require_match
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.schema import IF_MATCH
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.api.writing import revision_of, tagged
from mediaexchange.core.validators import validate_language_tag

_UNSTORED = ("as_received",)
_CHARSET = OpenApiParameter("charset", str, enum=list(CHARSETS), description="UTF-8 if absent")


class TextFilter(filters.FilterSet):
    item = filters.UUIDFilter(field_name="item__uid")
    kind = filters.ChoiceFilter(choices=TextKind.choices)
    language = filters.CharFilter()

    class Meta:
        model = TimedText
        fields: list[str] = []


class ImportParameters(serializers.Serializer):
    """What is said of a file, beside its bytes."""

    item = UidOf(queryset=Item.objects.all())
    kind = serializers.ChoiceField(choices=TextKind.choices)
    language = serializers.CharField(
        max_length=35, required=False, default="", validators=[validate_language_tag], help_text="Else the file’s own"
    )
    format = serializers.ChoiceField(choices=list(FORMATS), required=False, help_text="Else found out")
    charset = serializers.ChoiceField(choices=list(CHARSETS), required=False, help_text="Else found out")
    origin = serializers.ChoiceField(choices=TextOrigin.choices, required=False, default=TextOrigin.HUMAN)
    tool = serializers.CharField(max_length=100, required=False, default="")


class ImportedTextSerializer(TextSerializer):
    charset = serializers.CharField(help_text="In which the file was")
    kept_as_received = serializers.ListField(
        child=serializers.CharField(),
        help_text="What the file says beyond plain cues. It is given back in its own format, elsewhere where possible",
    )

    class Meta(TextSerializer.Meta):
        fields = [*TextSerializer.Meta.fields, "charset", "kept_as_received"]


class TextViewSet(ExchangeViewSet):
    """Of each kind an item has one text in a language. Serbian is kept in Cyrillic and given in either script."""

    queryset = TimedText.objects.select_related("item").defer("as_received")
    serializer_class = TextSerializer
    list_serializer_class = TextCardSerializer
    filterset_class = TextFilter
    resource = "archive"
    cursor_descending = True

    @extend_schema(responses=TextCardSerializer(many=True))
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What texts there are, without their cues."""
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()).defer("cues", "as_received"))
        return self.get_paginated_response(TextCardSerializer(page, many=True).data)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One text with its cues. Its ETag is what a change must bring as If-Match."""
        return tagged(super().retrieve(request, *args, **kwargs), self.get_object(), without=_UNSTORED)

    @extend_schema(request=NewTextInput, responses={201: TextSerializer}, filters=False)
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a text of cues; one of the same kind and language is replaced."""
        values = self.validated(NewTextInput)
        text = save_text(values.pop("item"), actor=actor_of(request), **values | {"cues": _cues(values["cues"])})
        return self._shown(text, status=201)

    @extend_schema(request=ChangedTextInput, responses=TextSerializer, parameters=[IF_MATCH], filters=False)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Replace the cues."""
        with transaction.atomic():
            text = self.get_object()
            locked(text.item, actor=actor_of(request), permission="archive.change_timedtext")
            text.refresh_from_db()
            require_match(request, revision_of(text, without=_UNSTORED))
            values = {"origin": text.origin, "tool": text.tool} | self.validated(ChangedTextInput)
            stored = save_text(
                text.item,
                text.kind,
                text.language,
                actor=actor_of(request),
                **values | {"cues": _cues(values["cues"])},
            )
        return self._shown(stored)

    @extend_schema(responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take the text away."""
        delete_text(self.get_object(), actor=actor_of(request))
        return Response(status=204)

    @extend_schema(
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[ImportParameters],
        responses={201: ImportedTextSerializer},
        filters=False,
    )
    @action(detail=False, methods=["post"], url_path="import", url_name="import", parser_classes=[RawParser])
    def import_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a text from a file: WebVTT, SubRip, TTML or EBU STL, in any of the charsets.

        A file that cannot be read is refused with the reason and the line. A text of the same kind and language is
        replaced.
        """
        refuse_unknown(request, ImportParameters().fields)
        said = ImportParameters(data=request.query_params.dict(), context=self.get_serializer_context())
        said.is_valid(raise_exception=True)
        values = said.validated_data
        text, read = import_text(
            values.pop("item"),
            values.pop("kind"),
            values.pop("language"),
            content_of(request),
            actor=actor_of(request),
            **values,
        )
        data = dict(TextSerializer(text, context=self.get_serializer_context()).data)
        kept = sorted(str(each) for each in read.beyond | used_by(read.cues))
        return Response(data | {"charset": read.charset, "kept_as_received": kept}, status=201)

    @extend_schema(
        parameters=[OpenApiParameter("file_format", str, OpenApiParameter.PATH, enum=[*WRITTEN]), _CHARSET],
        responses={
            (200, FORMATS[name].content_type.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY, "The text")
            for name in WRITTEN
        },
        filters=False,
    )
    @action(detail=True, url_path="files/<str:file_format>", url_name="file", pagination_class=None)
    def file(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The text as a file; Serbian in Latin letters for ``?lang=sr-Latn``.

        A charset that lacks letters of the text is refused, with these letters. ``Not-Carried`` names what the format
        could not take over.
        """
        refuse_unknown(request, {"charset"})
        if kwargs["file_format"] not in WRITTEN:
            raise Http404
        text = get_object_or_404(self.get_queryset(), uid=kwargs["uid"])
        known = FORMATS[kwargs["file_format"]]
        charset = request.query_params.get("charset", CHARSETS[0]).lower()
        if charset not in CHARSETS:
            raise BadParameterError("charset", _("Choose one of: %(names)s.") % {"names": ", ".join(CHARSETS)})
        written = export_text(text, known.name, charset=charset, language=get_language() or "")
        media_type = known.content_type.partition(";")[0]
        is_latin = text.language == "sr" and get_language() == "sr-latn"
        headers = {
            "Content-Disposition": f'inline; filename="{text.item.uid}-{text.kind}-{text.language}.{known.extension}"',
            "Content-Language": "sr-Latn" if is_latin else text.language,
            "ETag": etag_of(revision_of(text, without=_UNSTORED), written.content),
            "X-Content-Type-Options": "nosniff",
        }
        if written.lost:
            headers["Not-Carried"] = ", ".join(sorted(written.lost))
        return HttpResponse(written.content, content_type=f"{media_type}; charset={charset}", headers=headers)

    def _shown(self, text: TimedText, status: int = 200) -> Response:
        found = self.get_queryset().get(pk=text.pk)
        return tagged(self.answer(TextSerializer, found, status=status), found, without=_UNSTORED)


def _cues(rows: list[dict[str, Any]]) -> list[Cue]:
    return [Cue(*checked(row["start_ms"], row["end_ms"], None), (Run(row["text"]),)) for row in rows]
