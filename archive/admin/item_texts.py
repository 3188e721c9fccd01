"""Subtitles and transcripts of an item: what there is, as files to take along; brought in, replaced and removed."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Func, IntegerField
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from archive.admin.item_file_forms import TAGS, NewTextForm, TextFileForm
from archive.admin.item_pages import ItemPages
from archive.admin.item_viewer import text_tag
from archive.formats.cues import BEYOND, SubtitleError, Subtitles, used_by
from archive.formats.subtitles import WRITTEN
from archive.models import Item, TimedText
from archive.services.text import delete_text, import_text
from broadcasters.permissions import may
from mediaexchange.core.admin_base import staff
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.localize import alphabetical
from mediaexchange.core.languages.own_names import own_name
from mediaexchange.core.languages.tags import DEFAULT, LANGUAGES, to_bcp47

_ADD, _DELETE = "archive.add_timedtext", "archive.delete_timedtext"


class ItemTexts(ItemPages):
    def get_urls(self) -> list[URLPattern]:
        view, one = self.admin_site.admin_view, "<int:pk>/texts/<uuid:uid>"
        return [
            path("<int:pk>/texts/add/", view(self.add_text_view), name="archive_item_text_add"),
            path(f"{one}/replace/", view(self.replace_text_view), name="archive_item_text_replace"),
            path(f"{one}/remove/", view(self.remove_text_view), name="archive_item_text_remove"),
            *super().get_urls(),
        ]

    def add_text_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A text of a kind and language that the item does not have yet."""
        item = self._seen(request, pk)
        self._require(request, _ADD, item)
        form = NewTextForm(*_sent(request))
        if form.is_valid() and self._import_text(request, item, form, is_replacing=False):
            return HttpResponseRedirect(f"{self.address(item)}#texts")
        context = {"title": _("Add subtitles or a transcript"), "form": form, "tags_id": TAGS, "tags": _proposed(item)}
        return self.page(request, "archive/text_form.html", item, context)

    def replace_text_view(self, request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
        """Another file in the place of the one that is there; kind and language stay."""
        item = self._seen(request, pk)
        text = self._text(request, item, uid)
        self._require(request, _ADD, item)
        form = TextFileForm(*_sent(request), initial={"origin": text.origin, "tool": text.tool})
        if form.is_valid() and self._import_text(request, item, form, kind=text.kind, language=text.language):
            return HttpResponseRedirect(f"{self.address(item)}#texts")
        context = {"title": _("Replace the text"), "form": form, "named": _named(text)}
        return self.page(request, "archive/text_form.html", item, context)

    def remove_text_view(self, request: HttpRequest, pk: int, uid: UUID) -> HttpResponse:
        item = self._seen(request, pk)
        text = self._text(request, item, uid)
        self._require(request, _DELETE, item)

        def run(_answers: dict[str, Any]) -> HttpResponse:
            delete_text(text, actor=staff(request))
            self.message_user(request, _("The text is removed."))
            return HttpResponseRedirect(f"{self.address(item)}#texts")

        explanation = _("%(text)s goes, together with the file as it was received. Download it first to keep it.") % {
            "text": _named(text)
        }
        return self.ask(request, item, title=_("Remove the text"), run=run, explanation=explanation)

    def _text(self, request: HttpRequest, item: Item, uid: UUID) -> TimedText:
        texts = TimedText.objects.visible_to(request.user).filter(item=item, uid=uid).defer("cues", "as_received")
        text: TimedText | None = texts.first()
        if text is None:
            raise Http404
        return text

    def _require(self, request: HttpRequest, permission: str, item: Item) -> None:
        if not may(staff(request), permission, item.broadcaster_id):
            raise PermissionDenied

    def _import_text(
        self,
        request: HttpRequest,
        item: Item,
        form: TextFileForm,
        *,
        kind: str = "",
        language: str = "",
        is_replacing: bool = True,
    ) -> bool:
        """Whether the file is kept now; a refusal stands in the form, beside what was typed."""
        answers = form.cleaned_data
        try:
            with transaction.atomic():
                text, read = import_text(
                    item,
                    kind or answers["kind"],
                    language or answers["language"],
                    form.content,
                    actor=staff(request),
                    is_replacing=is_replacing,
                    **{name: answers[name] for name in ("charset", "origin", "tool")},
                )
        except DomainError as error:
            form.refuse(error, _place_of(error, form))
            return False
        self._tell_of_text(request, text, read)
        return True

    def _tell_of_text(self, request: HttpRequest, text: TimedText, read: Subtitles) -> None:
        source = f"{read.format.upper()}, {read.charset}" if read.charset else read.format.upper()
        number = len(read.cues)
        said = ngettext(
            "%(text)s: %(number)d cue was read from the file (%(source)s).",
            "%(text)s: %(number)d cues were read from the file (%(source)s).",
            number,
        )
        self.message_user(request, said % {"text": _named(text), "number": number, "source": source})
        if beyond := sorted((str(BEYOND[each]) for each in read.beyond | used_by(read.cues)), key=alphabetical):
            kept = _("Kept beside the words, and given back where a format can carry it: %(what)s.")
            self.message_user(request, kept % {"what": ", ".join(beyond)})


def texts_box(request: HttpRequest, item: Item) -> SafeString | None:
    """On the item's page: its texts by kind and language; None where there are none and none may be added."""
    user, tag = staff(request), to_bcp47(get_language() or DEFAULT)
    may_add, may_delete = (may(user, permission, item.broadcaster_id) for permission in (_ADD, _DELETE))
    number = Func("cues", function="jsonb_array_length", output_field=IntegerField())
    texts = list(item.texts.annotate(number=number).defer("cues", "as_received"))
    if not texts and not may_add:
        return None
    rows = [
        {
            "text": text,
            "language": own_name(text_tag(text)),
            "files": [
                (name.upper(), f"{reverse('api:text-file', args=[text.uid, name])}?lang={tag}") for name in WRITTEN
            ],
            "replace": reverse("admin:archive_item_text_replace", args=[item.pk, text.uid]) if may_add else "",
            "remove": reverse("admin:archive_item_text_remove", args=[item.pk, text.uid]) if may_delete else "",
        }
        for text in texts
    ]
    context = {"rows": rows, "add": reverse("admin:archive_item_text_add", args=[item.pk]) if may_add else ""}
    return SafeString(render_to_string("archive/texts.html", context, request))


def _sent(request: HttpRequest) -> tuple[Any, Any]:
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def _named(text: TimedText) -> str:
    return f"{capfirst(text.get_kind_display())} · {own_name(text_tag(text))}"


def _place_of(error: DomainError, form: TextFileForm) -> str | None:
    """The field that a refusal is about; None for the form as a whole."""
    if isinstance(error, SubtitleError):
        return "document"
    return "language" if error.code == "language-missing" and "language" in form.fields else None


def _proposed(item: Item) -> list[tuple[str, str]]:
    """(tag, name) of likely languages: what the record says is titled or spoken, then those of the exchange."""
    tags = dict.fromkeys((*item.subtitle_languages, *item.speech_languages, *(each.tag for each in LANGUAGES)))
    return [(tag, own_name(tag)) for tag in tags]
