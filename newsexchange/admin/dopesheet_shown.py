"""The dopesheet as it is read on a story's page: restrictions, shots, soundbites, files; in the reader's language."""

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mediaexchange.core.languages.tags import DEFAULT, to_bcp47
from newsexchange.admin.story_documents import media_of_page
from newsexchange.formats.dopesheet import sheet
from newsexchange.formats.outgoing import outgoing
from newsexchange.models import Story
from newsexchange.text import text_of


def dopesheet_html(story: Story) -> SafeString:
    """For those who may read the story; the caller has asked."""
    reader = get_language() or DEFAULT
    shown = sheet(outgoing(story, text_of(story, reader), reader), to_bcp47(reader))
    elsewhere = {_("Text"), _("Files"), _("Editor's note")}  # on other tabs of the page, files below with their links
    parts = [part for part in shown.sections if part.heading not in elsewhere]
    return render_to_string(
        "newsexchange/dopesheet_shown.html", {"parts": parts, "media": media_of_page(story), "story": story}
    )
