"""What a story's page holds: a tab a language to write in, or a tab a language and script to read."""

from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from mediaexchange.core.languages.tags import LANGUAGES, STORED, STORED_AS
from newsexchange.admin.marks import article, moment, text_in
from newsexchange.models import Edition, Story
from newsexchange.text import StoryText

LINE = UnfoldAdminTextInputWidget
_HTML = _("HTML: paragraphs (p), bold (b), italics (i), links (a), lists and quotations stay; scripts and styles go.")
_SCRIPTS = _("Either script may be typed; text that is mostly Latin is stored in Cyrillic.")
WIDGETS = {
    **{f"headline_{code}": LINE for code in STORED},
    **{f"summary_{code}": UnfoldAdminTextareaWidget({"rows": 3}) for code in STORED},
    **{f"body_{code}": UnfoldAdminTextareaWidget({"rows": 14}) for code in STORED},
    "topics": LINE,
    "keywords": LINE,
    "editors_note": UnfoldAdminTextareaWidget({"rows": 3}),
    "usage_terms": UnfoldAdminTextareaWidget({"rows": 3}),
}
HELP = {**{f"body_{code}": _HTML for code in STORED}, "headline_sr": _SCRIPTS}
GENERAL = ["slugline", "byline", "dateline_place", "urgency", "topics", "keywords", "link"]
RELEASE = ["embargoed_until", "is_held", "is_open", "credit", "copyright_notice", "usage_terms"]
WRITTEN = [
    *(f"{field}_{code}" for code in STORED for field in ("headline", "summary", "body")),
    "broadcaster",
    "language",
    *GENERAL,
    "editors_note",
    *RELEASE,
]
AUTONYMS = {language.code: language.autonym for language in LANGUAGES}
TEXT_FIELDS = {language.code: f"text_{language.code.replace('-', '_')}" for language in LANGUAGES}
READONLY = (*TEXT_FIELDS.values(), "other_text", "other_text_given", "dopesheet", "origin_in_feed")


def _text_field(code: str) -> Any:
    @display(description=_("Latin script") if code == "sr-latn" else _("Reader's view"))
    def shown(self: Any, story: Story) -> SafeString | str:
        text = text_in(story, code)
        return article(text) if text else "—"

    return shown


class TextsMixin:
    """The read-only fields of the page: texts made safe, one a language and script, and where the story comes from."""

    text_sr = _text_field("sr")
    text_sr_latn = _text_field("sr-latn")
    text_kk = _text_field("kk")
    text_ru = _text_field("ru")
    text_en = _text_field("en")

    @display(description=_("In other languages"))
    def other_text(self, story: Story) -> SafeString:
        return format_html_join("", "{}", ((_edition_text(edition),) for edition in _others(story)))

    @display(description=_("In other languages"))
    def other_text_given(self, story: Story) -> SafeString:
        others = [edition for edition in _others(story) if not edition.ai_block_reason()]
        return format_html_join("", "{}", ((_edition_text(edition),) for edition in others))

    @display(description=_("From the feed"))
    def origin_in_feed(self, story: Story) -> SafeString | str:
        if story.feed is None:
            return "—"
        return format_html(
            '{} <span class="mx-sub">{} · {}</span>', story.feed, story.source_guid, moment(story.source_updated_at)
        )


def editing(story: Story | None, reader: str) -> list[Any]:
    """Fieldsets of the form, the editor's language first; previews only once there is something to preview."""
    tabs: list[Any] = []
    for code in sorted(STORED, key=lambda code: code != STORED_AS[reader]):
        fields = [f"headline_{code}", f"summary_{code}", f"body_{code}"]
        if story and any(getattr(story, name) for name in fields):
            fields += [TEXT_FIELDS[shown.code] for shown in LANGUAGES if shown.stored_as == code]
        tabs.append((AUTONYMS[code], {"fields": fields, "classes": ["tab"]}))
    if story and _has_other_text(story):
        tabs.append((_("Other languages"), {"fields": ["other_text"], "classes": ["tab"]}))
    change = ["note", "seen_version"] if story and story.version else []
    tabs += [
        (_("News data"), {"fields": [*GENERAL, "editors_note"], "classes": ["tab"]}),
        (_("Release and rights"), {"fields": RELEASE, "classes": ["tab"]}),
    ]
    if story:
        tabs.append((_("Dopesheet"), {"fields": ["dopesheet"], "classes": ["tab"]}))
    if story and story.feed_id:
        tabs.append((_("Source"), {"fields": ["origin_in_feed"], "classes": ["tab"]}))
    return [(None, {"fields": [("broadcaster", "language"), *change]}), *tabs]


def reading(story: Story, reader: str, *, is_readable: bool) -> list[Any]:
    """Fieldsets of the page of a story that is not one's own: the reader's language first, both scripts of Serbian.

    Texts that are not given to others stay out, and of a story that the reader may not use all but its rights.
    """
    rights = (str(_("Rights")), {"fields": ["credit", "copyright_notice", "usage_terms"], "classes": ["tab"]})
    if not is_readable:
        return [rights]
    blocked = {edition.language for edition in story.editions.all() if edition.ai_block_reason()}
    languages = [
        language for language in LANGUAGES if language.stored_as not in blocked and text_in(story, language.code)
    ]
    languages.sort(key=lambda language: (language.code != reader, STORED_AS[reader] != language.stored_as))
    tabs = [(each.autonym, {"fields": [TEXT_FIELDS[each.code]], "classes": ["tab"]}) for each in languages]
    if any(not edition.ai_block_reason() for edition in _others(story)):
        tabs.append((str(_("Other languages")), {"fields": ["other_text_given"], "classes": ["tab"]}))
    data = ["slugline", "byline", "dateline_place", "urgency", "topics", "keywords", "editors_note"]
    tabs.append((str(_("Dopesheet")), {"fields": ["dopesheet"], "classes": ["tab"]}))
    tabs.append((str(_("News data")), {"fields": data, "classes": ["tab"]}))
    return [*tabs, rights]


def _has_other_text(story: Story) -> bool:
    return bool(_others(story))


def _others(story: Story) -> list[Edition]:
    """Its texts in languages without columns of their own."""
    return [edition for edition in story.editions.all() if edition.language not in STORED]


def _edition_text(edition: Edition) -> SafeString:
    text = StoryText(
        edition.language, edition.headline, edition.summary, edition.body, edition.origin, edition.is_stale
    )
    return format_html('<p class="mx-sub">{}</p>{}', edition.language, article(text))
