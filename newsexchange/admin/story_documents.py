"""A story to take away from its page: documents of other systems in every language, and its media files."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.admin_base import ExchangeAdmin, staff
from mediaexchange.core.errors import DomainError, Message
from mediaexchange.core.languages.tags import DEFAULT, LANGUAGES, shown_language
from newsexchange.constants import Road, StoryStatus
from newsexchange.dopesheet import rendition_values
from newsexchange.formats.registry import DOCUMENTS
from newsexchange.models import Story
from newsexchange.readers import require_reading
from newsexchange.services.documents import document_of, require_document
from newsexchange.services.media import media_of, reader_for
from newsexchange.services.media_link import make_token
from newsexchange.services.receipt import note_reading
from newsexchange.text import text_of

LABELS: dict[str, Message] = {
    "dopesheet-pdf": _("Dopesheet, PDF"),
    "dopesheet-text": _("Dopesheet, text"),
    "newsml-g2": "NewsML-G2",
    "newsml-g2-message": _("NewsML-G2 message"),
    "ninjs-2.2": "ninjs 2.2",
    "ninjs-3.1": "ninjs 3.1",
}


class DocumentPages(ExchangeAdmin):
    """The addresses behind the buttons; every one asks the rights again and notes what was received."""

    def get_urls(self) -> list[URLPattern]:
        document = self.admin_site.admin_view(self.document_view)
        medium = self.admin_site.admin_view(self.medium_view)
        return [
            path("<path:object_id>/documents/<str:document>/", document, name="newsexchange_story_document"),
            path("<path:object_id>/media/<uuid:rendition>/", medium, name="newsexchange_story_medium"),
            *super().get_urls(),
        ]

    def document_view(self, request: HttpRequest, object_id: str, document: str) -> HttpResponse:
        """One document, saved by the browser; in the language of ``lang`` or the reader's own."""
        story = self._published(request, object_id)
        if document not in DOCUMENTS:
            raise Http404
        language = shown_language(request.GET.get("lang", "")) or get_language() or DEFAULT
        reader = staff(request)
        try:
            require_document(story, reader)
            found = document_of(story, document, language, reader=reader)
        except Story.DoesNotExist:
            raise Http404 from None
        except DomainError as error:
            return self.refused(request, error, self.address(story))
        note_reading([story], reader, Road.DOCUMENT)
        return HttpResponse(
            found.content,
            content_type=found.content_type,
            headers={
                "Content-Disposition": f'attachment; filename="{found.filename}"',
                "Content-Language": found.language,
                "X-Content-Type-Options": "nosniff",
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cache-Control": "private, no-store",
            },
        )

    def medium_view(self, request: HttpRequest, object_id: str, rendition: UUID) -> HttpResponse:
        """On to the file, by a link of some minutes that asks once more."""
        story, reader = self._published(request, object_id), staff(request)
        try:
            require_reading(story, reader)
        except DomainError as error:
            return self.refused(request, error, self.address(story))
        if not any(item.uid == str(rendition) and item.file for item in media_of(story, reader=reader)):
            raise Http404
        token, _ends_at = make_token(
            story, str(rendition), version=None, broadcaster=reader_for(story, reader), user=reader, key=None
        )
        return HttpResponseRedirect(reverse("media", args=[token]))

    def _published(self, request: HttpRequest, object_id: str) -> Story:
        story = self.get_object(request, object_id)
        if not isinstance(story, Story) or story.status != StoryStatus.PUBLISHED:
            raise Http404
        return story


def documents_box(story: Story) -> SafeString | str:
    """A row a format, a column a language; the reader's language first. Nothing for a draft."""
    if story.status != StoryStatus.PUBLISHED:
        return ""
    reader = get_language() or DEFAULT
    has_text = {text_of(story, each.code).language for each in LANGUAGES}
    languages = [each for each in LANGUAGES if each.tag in has_text or each.code == reader]
    languages.sort(key=lambda each: each.code != reader)
    rows: list[dict[str, Any]] = []
    for name in DOCUMENTS:
        address = reverse("admin:newsexchange_story_document", args=[story.pk, name])
        links = [(each.tag, each.autonym, each.script, f"{address}?lang={each.tag}") for each in languages]
        rows.append({"label": LABELS.get(name, name), "links": links})
    return render_to_string("newsexchange/documents.html", {"rows": rows, "languages": languages})


def media_of_page(story: Story) -> list[tuple[dict[str, Any], str]]:
    """The renditions, each with the address at which its file is had, or "" if there is no copy of ours."""
    return [
        (
            rendition_values(item),
            reverse("admin:newsexchange_story_medium", args=[story.pk, item.uid])
            if item.file and item.file.is_ready
            else "",
        )
        for item in story.renditions.select_related("file")
    ]
