"""``/uploads/``: the server's side of tus 1.0.0, and one's own house's uploads as JSON."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from archive.api import tus
from archive.constants import Generation, UploadStatus
from archive.models import Item, Upload
from archive.services.checksum import Declared
from archive.services.file import Claims
from archive.services.upload import Announced, append, check_again, create_upload, end_upload, offset_of
from broadcasters.models import Broadcaster
from broadcasters.permissions import house_of
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import ExchangeViewSet, actor_of
from mediaexchange.core.errors import DomainError
from mediaexchange.core.models import User

_OVERRIDES = {"PATCH", "DELETE"}


class UploadSerializer(serializers.ModelSerializer):
    broadcaster = serializers.SlugRelatedField(slug_field="slug", read_only=True)
    item = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)
    file = serializers.SlugRelatedField(slug_field="uid", read_only=True, allow_null=True)
    reason = serializers.CharField(read_only=True, help_text="Of a refusal, in the language of the answer")
    details = serializers.SerializerMethodField(help_text="What was declared and what was found, where they differ")

    class Meta:
        model = Upload
        fields = [
            "uid", "broadcaster", "item", "generation", "original_name", "declared_type", "declared_checksum",
            "length_bytes", "offset_bytes", "status", "refusal", "reason", "details", "file", "expires_at",
            "created_at", "changed_at",
        ]  # fmt: skip

    def get_details(self, upload: Upload) -> dict[str, str]:
        return {name: str(upload.details[name]) for name in ("declared", "found") if name in upload.details}


class UploadFilter(filters.FilterSet):
    status = filters.ChoiceFilter(choices=UploadStatus.choices)
    item = filters.UUIDFilter(field_name="item__uid")


def _header(name: str, description: str, *, required: bool = False, kind: type = str) -> OpenApiParameter:
    return OpenApiParameter(name, kind, OpenApiParameter.HEADER, required=required, description=description)


_TUS = _header("Tus-Resumable", "Always “1.0.0”", required=True)
_CHECKSUM = _header("Upload-Checksum", "sha1, md5 or sha256, a blank, and base64 of the digest of this body")
_SAID = (
    "Pairs of name and base64 text: filename, filetype, checksum (“sha256:…” of the whole), item (its uid), "
    "generation, broadcaster"
)
_BYTES = {(tus.CONTENT_TYPE): OpenApiTypes.BINARY}


class UploadViewSet(ExchangeViewSet):
    """Uploads that can be continued after anything, by the tus protocol, version 1.0.0 (tus.io).

    Create one, send its bytes in as many PATCH requests as you like, ask by HEAD where to go on. When the last byte has
    come, the file is checked in the background: read the upload until its status is “done” or “refused”.
    """

    queryset = Upload.objects.select_related("broadcaster", "item", "file")
    serializer_class = UploadSerializer
    filterset_class = UploadFilter
    resource = "archive"
    cursor_descending = True
    is_repeatable = False  # a part that is sent again does no harm, and is too large to be compared
    _offset: int | None = None
    _expires_at: datetime | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Some networks let only GET and POST through; the protocol lets a header name the method."""
        meant = request.headers.get("X-HTTP-Method-Override", "")
        if request.method == "POST" and meant in _OVERRIDES:
            request.method = meant
        return super().dispatch(request, *args, **kwargs)

    def check_permissions(self, request: Request) -> None:
        if request.method != "OPTIONS":  # what the server speaks is no secret
            super().check_permissions(request)

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        headers = {
            "Tus-Version": tus.VERSION,
            "Tus-Extension": tus.EXTENSIONS,
            "Tus-Max-Size": str(settings.MAX_MEDIA_BYTES),
            "Tus-Checksum-Algorithm": ",".join(tus.ALGORITHMS),
        }
        return Response(status=204, headers=headers)

    @extend_schema(
        operation_id="uploads_create",
        request=_BYTES,
        parameters=[
            _TUS,
            _header("Upload-Length", "Of the whole, in bytes", required=True, kind=int),
            _header("Upload-Metadata", _SAID),
            _CHECKSUM,
        ],
        responses={201: OpenApiResponse(description="“Location” is where to send the bytes")},
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Announce a file; the first bytes of it may come along (creation-with-upload)."""
        refuse_unknown(request, ())
        tus.require_version(request)
        actor = actor_of(request)
        announced, house = _announced(request, actor)
        part = (tus.body_size(request), tus.checksum(request)) if tus.is_part(request) else None
        upload = create_upload(announced, broadcaster=house, actor=actor)
        self._expires_at = upload.expires_at
        if part is not None:
            self._offset = _begun(request, upload, *part)
        address = request.build_absolute_uri(reverse("api:upload-detail", args=[upload.uid]))
        return HttpResponse(status=201, headers={"Location": address})

    @extend_schema(responses=UploadSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """What is known of an upload. HEAD is the protocol's own question: “Upload-Offset” is where to go on."""
        if request.method != "HEAD":
            return super().retrieve(request, *args, **kwargs)
        tus.require_version(request)
        upload = self.get_object()
        self._offset, self._expires_at = offset_of(upload), upload.expires_at
        return HttpResponse(headers={"Upload-Length": str(upload.length_bytes), "Cache-Control": "no-store"})

    @extend_schema(
        operation_id="uploads_append",
        request=_BYTES,
        parameters=[
            _TUS,
            _header("Upload-Offset", "What HEAD said", required=True, kind=int),
            _CHECKSUM,
        ],
        responses={204: OpenApiResponse(description="“Upload-Offset” is how far it has come")},
        filters=False,
    )
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the next bytes, as many as you like. What arrives before a line breaks is kept.

        409: it goes on elsewhere; 423: another connection is sending; 460: not what its checksum says; 507: no room.
        """
        refuse_unknown(request, ())
        tus.require_version(request)
        upload = self.get_object()
        tus.require_body_type(request)
        offset, size, checksum = tus.number(request, "Upload-Offset"), tus.body_size(request), tus.checksum(request)
        self._offset = append(
            upload, tus.pieces(request, size), actor=actor_of(request), offset=offset, size_bytes=size,
            checksum=checksum,
        )  # fmt: skip
        self._expires_at = upload.expires_at
        return HttpResponse(status=204)

    @extend_schema(operation_id="uploads_end", parameters=[_TUS], responses={204: None}, filters=False)
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """Give an upload up. 409 once all of it has come, but for what was refused."""
        refuse_unknown(request, ())
        tus.require_version(request)
        end_upload(self.get_object(), actor=actor_of(request))
        return HttpResponse(status=204)

    @extend_schema(operation_id="uploads_check", request=None, responses=UploadSerializer, filters=False)
    @action(detail=True, methods=["post"], url_path="check")
    def check(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Have a refused upload looked at again; its bytes are kept until it expires."""
        refuse_unknown(request, ())
        upload = self.get_object()
        check_again(upload, actor=actor_of(request))
        return self.answer(UploadSerializer, upload, status=202)

    def handle_exception(self, exc: Exception) -> Any:
        if isinstance(exc, DomainError) and isinstance(exc.details.get("offset"), int):
            self._offset = exc.details["offset"]
        return super().handle_exception(exc)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Tus-Resumable"] = tus.VERSION
        if response.status_code == 412:
            response.headers["Tus-Version"] = tus.VERSION
        if self._offset is not None:
            response.headers["Upload-Offset"] = str(self._offset)
        if self._expires_at is not None:
            response.headers["Upload-Expires"] = http_date(self._expires_at.timestamp())
        return response


def _announced(request: Request, actor: User) -> tuple[Announced, Broadcaster]:
    """What the headers say, and for which house: the item's, the one named, or the only one."""
    for header in ("Upload-Defer-Length", "Upload-Concat"):
        if header in request.headers:
            raise tus.HeaderError(header)
    length, said = tus.number(request, "Upload-Length"), tus.metadata(request)
    generation = said.get("generation") or Generation.MASTER
    if generation not in Generation.values:
        raise tus.HeaderError("Upload-Metadata")
    claims = Claims(
        said.get("filename") or said.get("name", ""),
        said.get("filetype") or said.get("type", ""),
        said.get("checksum", ""),
    )
    item = _item(said["item"], actor) if said.get("item") else None
    announced = Announced(length, claims, item, Generation(generation))
    named = item.broadcaster if item else None
    if slug := said.get("broadcaster"):
        named = Broadcaster.objects.of(actor).filter(slug=slug).first()
        if named is None:
            raise DomainError("broadcaster-unknown", _("You do not belong to this broadcaster."))
    return announced, house_of(actor, "archive.add_upload", named)


def _begun(request: Request, upload: Upload, size: int, checksum: Declared | None) -> int:
    """The upload exists, whatever becomes of its first bytes: the client goes on from where they got."""
    body = tus.pieces(request, size)
    try:
        return append(upload, body, actor=actor_of(request), offset=0, size_bytes=size, checksum=checksum)
    except DomainError:
        return offset_of(upload)


def _item(text: str, actor: User) -> Item:
    try:
        uid = UUID(text)
    except ValueError:
        raise tus.HeaderError("Upload-Metadata") from None
    item = Item.objects.own(actor).select_related("broadcaster").filter(uid=uid).first()
    if item is None:
        raise DomainError("item-unknown", _("There is no such item."))
    return item
