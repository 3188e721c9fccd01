"""``/stories/{uid}/documents/``: a story as the documents of other systems, in the language asked for."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.preconditions import etag_of
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.languages.tags import DEFAULT, SHOWN, to_bcp47
from newsexchange.constants import EditionOrigin, Road, StoryStatus
from newsexchange.formats.registry import DOCUMENTS
from newsexchange.models import Story
from newsexchange.services.documents import document_of, require_document
from newsexchange.services.receipt import note_reading
from newsexchange.text import text_of


class DocumentLanguageSerializer(serializers.Serializer):
    language = serializers.CharField(help_text="BCP 47 tag to ask for")
    text_language = serializers.CharField(help_text="BCP 47 tag of the text given: by fallback another one")
    text_origin = serializers.ChoiceField(choices=EditionOrigin.choices)
    text_is_stale = serializers.BooleanField()
    url = serializers.URLField()


class DocumentFormatSerializer(serializers.Serializer):
    format = serializers.CharField()
    content_type = serializers.CharField()
    languages = DocumentLanguageSerializer(many=True)


class DocumentsSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    results = DocumentFormatSerializer(many=True)


class StoryDocumentsView(PrivateMixin):
    resource = "stories"
    view_permission = "newsexchange.view_story"

    @extend_schema(operation_id="story_documents", responses=DocumentsSerializer)
    def get(self, request: Request, uid: str) -> Response:
        """The formats and languages in which the story can be fetched, each with its address."""
        refuse_unknown(request, ())
        story = _story(request, uid)
        results = [
            {
                "format": item.name,
                "content_type": item.content_type,
                "languages": [_language(story, item.name, shown, request) for shown in SHOWN],
            }
            for item in DOCUMENTS.values()
        ]
        return Response({"version": story.version, "results": results})


class StoryDocumentView(PrivateMixin):
    resource = "stories"
    view_permission = "newsexchange.view_story"

    @extend_schema(
        operation_id="story_document",
        parameters=[OpenApiParameter("document", str, OpenApiParameter.PATH, enum=list(DOCUMENTS))],
        responses={
            (200, item.content_type.partition(";")[0]): OpenApiResponse(OpenApiTypes.BINARY, "The story as a document")
            for item in DOCUMENTS.values()
        },
    )
    def get(self, request: Request, uid: str, document: str) -> HttpResponse:
        """The story as one document; 403 with the reasons if its rights do not allow the use.

        ``Content-Language`` is the language of the text; ``Text-Origin`` says whether a person, a machine or a change
        of script made it, ``Text-Stale`` whether the original has changed since.
        """
        refuse_unknown(request, ())
        if document not in DOCUMENTS:
            raise Http404
        story, reader, language = _story(request, uid), actor_of(request), get_language() or DEFAULT
        try:
            require_document(story, reader)
            found = document_of(story, document, language, reader=reader)
        except Story.DoesNotExist:
            raise Http404 from None
        note_reading([story], reader, Road.DOCUMENT)
        return HttpResponse(
            found.content,
            content_type=found.content_type,
            headers={
                "Content-Disposition": f'inline; filename="{found.filename}"',
                "Content-Language": found.language,
                "ETag": etag_of(f"{found.version}.{found.language}", found.content),
                "Text-Origin": found.text_origin,
                "Text-Stale": "true" if found.is_stale else "false",
                "X-Content-Type-Options": "nosniff",
            },
        )


def _story(request: Request, uid: str) -> Story:
    published = Story.objects.visible_to(request.user).filter(status=StoryStatus.PUBLISHED)
    return get_object_or_404(published.prefetch_related("editions"), uid=uid)


def _language(story: Story, document: str, shown: str, request: Request) -> dict[str, Any]:
    text, tag = text_of(story, shown), to_bcp47(shown)
    url = reverse("api:story-document", args=[story.uid, document], request=request)
    return {
        "language": tag,
        "text_language": text.language,
        "text_origin": str(text.origin),
        "text_is_stale": text.is_stale,
        "url": f"{url}?lang={tag}",
    }
