"""The page of one published version of a story."""

from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.admin_base import staff
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import LANGUAGES, to_bcp47
from newsexchange.admin.marks import article, moment
from newsexchange.constants import Road
from newsexchange.models import StoryVersion
from newsexchange.readers import given_snapshot, is_own, require_reading
from newsexchange.services.receipt import note_reading
from newsexchange.text import StoryText

if TYPE_CHECKING:
    from newsexchange.admin.story import StoryAdmin

_FIELDS = ("headline", "summary", "body")


def version_page(model_admin: "StoryAdmin", request: HttpRequest, object_id: str, number: int) -> HttpResponse:
    """All languages of the version, the reader's first. Http404 for a version that is not there to be seen."""
    story = model_admin.get_object(request, object_id)
    if story is None:
        return model_admin.missing(request, object_id)
    version = StoryVersion.objects.visible_to(request.user).filter(story=story, version=number).first()
    if version is None:
        raise Http404
    note_reading([story], staff(request), Road.DESK)
    user = staff(request)
    require_reading(story, user)  # a refusal becomes a message: see StoryAdmin.version_view
    snapshot = version.snapshot if is_own(story, user) else given_snapshot(version)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _("Version %(number)s") % {"number": number},
        "articles": [article(text) for text in texts_of(snapshot, get_language() or "")],
        "facts": [
            (_("published"), moment(version.published_at)),
            (_("note"), version.note or "—"),
            (_("credit"), version.snapshot.get("credit") or "—"),
            (_("usage terms"), version.snapshot.get("usage_terms") or "—"),
        ],
        "back": reverse("admin:newsexchange_story_change", args=[story.pk]),
        "media": model_admin.media,
    }
    request.current_app = model_admin.admin_site.name
    return TemplateResponse(request, "newsexchange/version.html", context)


def texts_of(snapshot: dict[str, Any], reader: str) -> list[StoryText]:
    """The texts a snapshot holds; Serbian in the reader's script."""
    found = []
    for language in sorted(LANGUAGES, key=lambda language: language.code != reader):
        values = [snapshot.get(f"{field}_{language.stored_as}") or "" for field in _FIELDS]
        is_other_script = language.language == "sr" and (language.code == "sr-latn") != (reader == "sr-latn")
        if any(values) and not is_other_script:
            values = [to_latin(value) for value in values] if language.code == "sr-latn" else values
            found.append(_as_text(to_bcp47(language.code), values))
    for tag, text in snapshot.get("other_languages", {}).items():
        found.append(_as_text(tag, [text.get(field, "") for field in _FIELDS]))
    return found


def _as_text(tag: str, values: list[str]) -> StoryText:
    headline, summary, body = values
    return StoryText(tag, headline, summary, body, origin="", is_stale=False)
