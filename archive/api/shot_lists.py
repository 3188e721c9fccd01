"""``/items/{uid}/shot-list/``: an item's segments as an edit list, and an edit list as segments."""

from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api.raw import RawParser, content_of
from archive.api.segment_serializers import SegmentSerializer
from archive.formats.shots import FAULTS
from archive.models import Instantiation, Item
from archive.services.shot_list import CONTENT_TYPES, FORMATS, export_list, read_list
from archive.timecode import TimecodeError, rate_near
from broadcasters.permissions import require
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.serializers import UidOf
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.languages.tags import DEFAULT, STORED_AS


class ShotListParameters(serializers.Serializer):
    format = serializers.ChoiceField(choices=list(FORMATS))
    instantiation = UidOf(
        queryset=Instantiation.objects.prefetch_related("tracks"),
        required=False,
        default=None,
        help_text="The carrier or file it is of: it gives rate, first timecode and length",
    )


class ImportParameters(ShotListParameters):
    rate = serializers.CharField(
        max_length=20, required=False, default="", help_text="Frames a second: 25, 29.97 or 30000/1001; else the file’s"
    )
    charset = serializers.CharField(max_length=20, required=False, default="", help_text="Else found out")
    apply = serializers.BooleanField(required=False, default=False, help_text="Otherwise nothing is written")


class ShotSerializer(serializers.Serializer):
    in_frame = serializers.IntegerField()
    out_frame = serializers.IntegerField()
    rate_numerator = serializers.IntegerField(source="rate.numerator")
    rate_denominator = serializers.IntegerField(source="rate.denominator")
    reel = serializers.CharField()
    titles = serializers.DictField(child=serializers.CharField(), help_text="By language; “” where none is named")


class RefusedSerializer(serializers.Serializer):
    place = serializers.IntegerField(help_text="The line, or the number of the clip, from 1")
    code = serializers.CharField()
    reason = serializers.SerializerMethodField()
    detail = serializers.CharField()

    def get_reason(self, refused: Any) -> str:
        return str(FAULTS[refused.code])


class ReadListSerializer(serializers.Serializer):
    name = serializers.CharField()
    new = ShotSerializer(many=True, help_text="What is, or would be, added")
    known = serializers.IntegerField(help_text="Events that are segments already")
    refused = RefusedSerializer(many=True)
    made = SegmentSerializer(many=True)


class ShotListView(PrivateMixin):
    resource = "archive"
    view_permission = "archive.view_segment"
    parser_classes = [RawParser]

    @extend_schema(
        operation_id="item_shot_list",
        parameters=[ShotListParameters],
        responses={
            (200, media.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY, "The segments")
            for media in CONTENT_TYPES.values()
        },
    )
    def get(self, request: Request, uid: str) -> HttpResponse:
        """The segments one after the other, as OpenTimelineIO or a CMX 3600 edit list.

        Clips are called by their titles in the language of the answer; both formats carry all languages.
        """
        item, said = self._asked(request, uid, ShotListParameters)
        language = STORED_AS[get_language() or DEFAULT]
        content = export_list(item, said["format"], language=language, instantiation=said["instantiation"])
        return HttpResponse(
            content,
            content_type=CONTENT_TYPES[said["format"]],
            headers={
                "Content-Disposition": f'attachment; filename="{item.uid}.{said["format"]}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    @extend_schema(
        operation_id="item_shot_list_import",
        request={"application/octet-stream": OpenApiTypes.BINARY},
        parameters=[ImportParameters, OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses=ReadListSerializer,
    )
    def post(self, request: Request, uid: str) -> Response:
        """Read an edit list and say what becomes of each event; with ``apply=true``, make segments of them.

        Every event that cannot be a segment is listed with its line and reason. Safe to repeat.
        """
        item, said = self._asked(request, uid, ImportParameters)
        require(actor_of(request), "archive.add_segment", item.broadcaster_id)
        read = read_list(
            item,
            content_of(request),
            said["format"],
            actor=actor_of(request),
            instantiation=said["instantiation"],
            rate=_rate(said["rate"]),
            charset=said["charset"],
            is_applied=said["apply"],
        )
        return Response(ReadListSerializer(read, context={"request": request}).data)

    def _asked(self, request: Request, uid: str, serializer_class: Any) -> tuple[Item, dict[str, Any]]:
        refuse_unknown(request, serializer_class().fields)
        item = get_object_or_404(Item.objects.visible_to(request.user).select_related("broadcaster"), uid=uid)
        given = {name: value for name, value in request.query_params.dict().items() if name != "lang"}
        said = serializer_class(data=given, context={"request": request})
        said.is_valid(raise_exception=True)
        values = said.validated_data
        if values["instantiation"] is not None and values["instantiation"].item_id != item.pk:
            raise BadParameterError("instantiation", _("Choose a carrier or file of the same item."))
        return item, values


def _rate(text: str) -> Fraction | None:
    if not text:
        return None
    try:
        return rate_near(text)
    except TimecodeError:
        raise BadParameterError("rate", _("A frame rate is such as 25, 29.97 or 30000/1001.")) from None
