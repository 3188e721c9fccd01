"""``/stories/{uid}/media/``: the files of a story, with links that live for minutes; and new ones for one's own."""

from collections.abc import Mapping
from typing import IO, Any, cast

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ParseError, ValidationError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from archive.services.file import Readable, TooLargeError, named_failures
from broadcasters.permissions import require
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import ApiKey
from mediaexchange.core.validators import validate_language_tag
from newsexchange.models import Story, StoryVersion
from newsexchange.rights import require_use
from newsexchange.services.media import Medium, attach_file, media_of, reader_for
from newsexchange.services.media_link import make_token

_FORM_BYTES = 1024 * 1024  # what a form may add to the file it carries


class Whole:
    """A body that must arrive as long as it was announced: a broken connection is no end of a file."""

    def __init__(self, stream: IO[bytes], length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int = -1, /) -> bytes:
        piece = self._stream.read(self._left if size < 0 else min(size, self._left))
        self._left -= len(piece)
        if not piece and self._left and size != 0:
            raise DomainError("upload-cut-short", _("The upload ended before its announced length."))
        return piece


class RawParser(BaseParser):
    """Any body at all, as a stream under the name ``file``."""

    media_type = "*/*"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Whole]:
        return {"file": Whole(stream, _announced(cast("Mapping[str, Any]", parser_context)["request"]))}


class FormParser(MultiPartParser):
    """A form with one file, which Django keeps on the disk while it arrives."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        length = _announced(cast("Mapping[str, Any]", parser_context)["request"])
        return super().parse(cast("IO[Any]", Whole(stream, length)), media_type, parser_context)


class MediumSerializer(serializers.Serializer):
    uid = serializers.UUIDField()
    rel = serializers.CharField()
    title = serializers.CharField()
    language = serializers.CharField()
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField(allow_null=True)
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    duration_ms = serializers.IntegerField(allow_null=True)
    checksum = serializers.CharField()
    href = serializers.CharField(help_text="Where the source keeps it; empty for what was uploaded here")
    url = serializers.CharField(allow_null=True, help_text="Our verified copy; null while there is none")
    url_expires_at = serializers.DateTimeField(allow_null=True)


class MediaSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    results = MediumSerializer(many=True)


class MediumInput(serializers.Serializer):
    """What is said of an upload: fields of the form, or parameters beside a raw body."""

    name = serializers.CharField(max_length=255, required=False, allow_blank=True)
    rel = serializers.CharField(max_length=100, required=False, allow_blank=True)
    title = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    language = serializers.CharField(
        max_length=35, required=False, allow_blank=True, validators=[validate_language_tag]
    )
    checksum = serializers.CharField(
        max_length=200, required=False, allow_blank=True, help_text="“sha256:…”; compared with what arrives"
    )


class _FormInput(MediumInput):
    file = serializers.FileField()


_SAID = [OpenApiParameter(name, str) for name in ("name", "rel", "title", "language", "checksum")]


class StoryMediaView(PrivateMixin):
    """A link is for whoever asked for it. When it is used, everything is asked again."""

    resource = "stories"
    view_permission = "newsexchange.view_rendition"
    is_repeatable = False  # the same file again is the same rendition
    parser_classes = [FormParser, RawParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if _announced(request) > settings.MAX_MEDIA_BYTES + _FORM_BYTES:
            raise TooLargeError(
                "file-too-large",
                _("The file is larger than %(limit)d MiB.") % {"limit": settings.MAX_MEDIA_BYTES // 1024**2},
            )
        super().initial(request, *args, **kwargs)

    @extend_schema(
        operation_id="story_media",
        responses=MediaSerializer,
        parameters=[OpenApiParameter("version", int, description="An earlier version; the current one if absent")],
    )
    def get(self, request: Request, uid: str) -> Response:
        """The files of a story with their links; 403 with the reasons if its rights do not allow the use."""
        refuse_unknown(request, {"version"})
        version = _version(request)
        story = get_object_or_404(Story.objects.visible_to(request.user), uid=uid)
        try:
            media = media_of(story, reader=actor_of(request), version=version)
        except StoryVersion.DoesNotExist:
            raise Http404 from None
        return Response(
            {"version": version or story.version, "results": _linked(request, story, media, version=version)}
        )

    @extend_schema(
        operation_id="story_media_upload",
        request={"multipart/form-data": _FormInput, "application/octet-stream": OpenApiTypes.BINARY},
        parameters=_SAID,
        responses={201: MediumSerializer},
    )
    def post(self, request: Request, uid: str) -> Response:
        """Attach a file to one's own story: a form with ``file``, or the bytes alone with parameters beside them.

        The body needs a Content-Length. The same file in the same role again changes nothing. A story has at most 500
        files.
        """
        refuse_unknown(request, MediumInput().fields)
        story = get_object_or_404(Story.objects.visible_to(request.user).select_related("broadcaster"), uid=uid)
        require(actor_of(request), "newsexchange.change_story", story.broadcaster_id)
        stream, said, content_type = _upload(request)
        rendition = attach_file(
            story,
            stream,
            actor=actor_of(request),
            original_name=said.get("name", ""),
            declared_checksum=said.get("checksum", ""),
            declared_type=content_type,
            **{name: said.get(name, "") for name in ("rel", "title", "language")},
        )
        story.refresh_from_db()
        media = [item for item in media_of(story, reader=actor_of(request)) if item.uid == str(rendition.uid)]
        return Response(_linked(request, story, media, version=None)[0], status=201)


def _linked(request: Request, story: Story, media: list[Medium], *, version: int | None) -> list[dict[str, Any]]:
    user = actor_of(request)
    try:
        broadcaster = reader_for(story, user)
    except Story.DoesNotExist:
        raise Http404 from None
    require_use(story, broadcaster)
    key = request.auth if isinstance(request.auth, ApiKey) else None
    rows = []
    for medium in media:
        row = {
            name: medium.values.get(name, "")
            for name in ("rel", "title", "language", "content_type", "checksum", "href")
        }
        row |= {name: medium.values.get(name) for name in ("size_bytes", "width", "height", "duration_ms")}
        row |= {"uid": medium.uid, "url": None, "url_expires_at": None}
        if medium.file is not None:
            token, expires_at = make_token(
                story, medium.uid, version=version, broadcaster=broadcaster, user=user, key=key
            )
            row["url"] = request.build_absolute_uri(reverse("media", args=[token]))
            row["url_expires_at"] = expires_at
        rows.append(row)
    return list(MediumSerializer(rows, many=True).data)


def _upload(request: Request) -> tuple[Readable, dict[str, str], str]:
    """The stream, what is said of it, and its declared type."""
    with named_failures():  # a form is written to the disk while it is read
        data = cast("Mapping[str, Any]", request.data)
    upload = data.get("file")
    if upload is None or not hasattr(upload, "read"):
        raise ValidationError({"file": _("Send a file.")}, "required")
    is_form = not isinstance(upload, Whole)
    fields = {name: value for name, value in data.items() if name != "file"} if is_form else {}
    if unknown := sorted(set(fields) - set(MediumInput().fields)):
        raise ValidationError({name[:60]: _("There is no such field here.") for name in unknown[:10]}, "unknown-field")
    beside = {name: value for name, value in request.query_params.items() if name != "lang"}
    said = MediumInput(data=beside | fields)
    said.is_valid(raise_exception=True)
    values: dict[str, str] = said.validated_data
    if not is_form:
        return upload, values, request.content_type or ""
    return upload, {"name": upload.name or ""} | values, upload.content_type or ""


def _announced(request: Any) -> int:
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        raise ParseError from None


def _version(request: Request) -> int | None:
    asked = request.query_params.get("version", "")
    if not asked:
        return None
    if not asked.isdecimal() or len(asked) > 9 or int(asked) < 1:
        raise BadParameterError("version", _("Give the number of a version."))
    return int(asked)
