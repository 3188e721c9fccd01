"""``/items/{uid}/documents/{format}/`` and ``/items/export/``: the catalogue in the formats of other archives."""

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request

from archive.api.item_filters import ItemFilter
from archive.formats.registry import DOCUMENTS
from archive.models import Item
from archive.services.item_documents import Document, export_items
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.problems import BadParameterError
from mediaexchange.core.api.views import PrivateMixin, actor_of

_ANSWERS = {
    (200, each.content_type.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY, "The records")
    for each in DOCUMENTS.values()
}


class ItemDocumentView(PrivateMixin):
    resource = "archive"
    view_permission = "archive.view_item"

    @extend_schema(
        operation_id="item_document",
        parameters=[OpenApiParameter("document", str, OpenApiParameter.PATH, enum=list(DOCUMENTS))],
        responses=_ANSWERS,
    )
    def get(self, request: Request, uid: str, document: str) -> HttpResponseBase:
        """One item as PBCore 2.1, EBUCore 1.10, Dublin Core, CSV or XLSX, with what the caller may see of it."""
        refuse_unknown(request, ())
        item = get_object_or_404(Item.objects.visible_to(request.user), uid=uid)
        found = export_items(Item.objects.filter(pk=item.pk), document, reader=actor_of(request))
        return _response(found, str(item.uid))


class ItemExportView(PrivateMixin):
    resource = "archive"
    view_permission = "archive.view_item"

    @extend_schema(
        operation_id="items_export",
        parameters=[OpenApiParameter("format", str, required=True, enum=list(DOCUMENTS))],
        responses=_ANSWERS,
    )
    def get(self, request: Request) -> HttpResponseBase:
        """All items that the filters of the list leave, as one document: 50,000 rows of CSV at most, fewer of others.

        Whoever wants all of a large archive harvests it by OAI-PMH.
        """
        filters = {name: value for name, value in request.query_params.items() if name not in ("format", "lang")}
        refuse_unknown(request, {"format", *ItemFilter.base_filters})
        chosen = ItemFilter(filters, queryset=Item.objects.visible_to(request.user), request=request)
        if not chosen.is_valid():
            name, errors = next(iter(chosen.errors.get_json_data().items()))
            raise BadParameterError(name, errors[0]["message"], "bad-filter")
        found = export_items(chosen.qs, request.query_params.get("format", ""), reader=actor_of(request))
        return _response(found, "items")


def _response(document: Document, name: str) -> HttpResponseBase:
    headers = {
        "Content-Type": document.content_type,
        "Content-Disposition": f'attachment; filename="{name}.{document.file_name.rpartition(".")[2]}"',
        "X-Content-Type-Options": "nosniff",
    }
    if document.content_type.startswith("text/csv"):
        return StreamingHttpResponse(document.pieces, headers=headers)
    return HttpResponse(b"".join(document.pieces), headers=headers)
