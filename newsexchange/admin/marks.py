"""How facts look on the pages: labels, language tags, moments in both zones. Everything is escaped here."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from broadcasters.models import Broadcaster, Place
from mediaexchange.core.context import request_id
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.serbian import to_latin
from mediaexchange.core.languages.tags import STORED, to_bcp47
from newsexchange.constants import EditionOrigin, PubStatus, StoryStatus
from newsexchange.models import Edition, Story
from newsexchange.parsing.sanitise import clean_html
from newsexchange.text import StoryText

_PUBSTATUS_LOOK = {PubStatus.USABLE: "success", PubStatus.WITHHELD: "warning", PubStatus.CANCELED: "danger"}
_DOUBTFUL = {EditionOrigin.MACHINE: "⚙"}


def label(text: object, look: str = "", title: object = "") -> SafeString:
    """A coloured label; ``look`` is success, info, warning, danger or empty."""
    context = {"text": text, "type": look, "label_title": title}
    return mark_safe(render_to_string("unfold/helpers/label.html", context).strip())  # noqa: S308 — escaped there


def moment(at: datetime | None) -> str:
    """A moment in the zone of this request, in the reader's format; a dash for none."""
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT") if at else "—"


@lru_cache(maxsize=64)
def _clocks(_request: str) -> dict[ZoneInfo, Place]:
    """Each time zone that newsrooms of the exchange live in, with a city to name it by; asked once a request."""
    newsrooms = Broadcaster.objects.filter(is_active=True).select_related("home_city").order_by("slug")
    clocks: dict[ZoneInfo, Place] = {}
    for newsroom in newsrooms:
        clocks.setdefault(ZoneInfo(newsroom.time_zone), newsroom.home_city)
    return clocks


def in_all_zones(at: datetime) -> SafeString:
    """One line for each clock that the newsrooms of the exchange plan by."""
    clocks = _clocks(request_id.get()).items()
    lines = (
        (date_format(localtime(at, zone), "SHORT_DATETIME_FORMAT"), localized(city, "name")) for zone, city in clocks
    )
    zones = format_html_join("", '<span class="mx-zone">{} <span class="mx-sub">{}</span></span>', lines)
    return format_html('<span class="mx-zones">{}</span>', zones)


def who(broadcaster: Broadcaster) -> SafeString:
    """A broadcaster, short, with the ownership that is shown with everything it offers."""
    short = localized(broadcaster, "abbreviation") or str(broadcaster)
    return format_html(
        '<span class="mx-two" title="{}">{}<span class="mx-sub">{}</span></span>',
        broadcaster,
        short,
        broadcaster.get_ownership_display(),
    )


def two_lines(first: object, second: object) -> SafeString:
    return format_html('<span class="mx-two">{}<span class="mx-sub">{}</span></span>', first, second)


def in_english(text: str) -> SafeString | str:
    """What a program said, which nobody translates: readers who listen hear it as English."""
    return format_html('<span lang="en">{}</span>', text) if text else "—"


def story_state(story: Story) -> SafeString:
    """Draft, or the publishing status; coloured."""
    if story.status == StoryStatus.DRAFT:
        return label(StoryStatus.DRAFT.label, "info")
    pubstatus = PubStatus(story.pubstatus)
    return label(pubstatus.label, _PUBSTATUS_LOOK[pubstatus])


def embargo(story: Story) -> SafeString:
    """Until when nobody else sees it, by every newsroom's clock; a passed embargo is not shown."""
    if story.is_held:
        return label(_("held without date"), "warning")
    if story.embargoed_until is None or not story.is_under_embargo():
        return mark_safe("—")
    return in_all_zones(story.embargoed_until)


def language_tags(editions: Iterable[Edition]) -> SafeString:
    """The languages a story has, small; machine-made and stale ones are marked by sign and colour."""
    return format_html_join(" ", "{}", ((_language_tag(edition),) for edition in editions))


def _language_tag(edition: Edition) -> SafeString:
    sign = _DOUBTFUL.get(EditionOrigin(edition.origin), "")
    says = [str(edition.get_origin_display())]
    if edition.is_stale:
        sign += "↻"
        says.append(str(_("stale")))
    text = f"{edition.language.upper()} {sign}".strip()
    return label(text, "warning" if sign else "", ", ".join(says))


def fallback_mark(language: str) -> SafeString:
    """Says that a text is in another language than the reader's."""
    text = _("in %(language)s") % {"language": language}
    return label(text, "info", _("There is no text in your language yet."))


def article(text: StoryText) -> SafeString:
    """A story's text as a reader sees it: made safe again, whatever is stored."""
    return format_html(
        '<article class="mx-article" lang="{}"><h2>{}</h2><div class="mx-summary">{}</div><div>{}</div></article>',
        text.language,
        text.headline,
        mark_safe(clean_html(text.summary)),  # noqa: S308 — cleaned
        mark_safe(clean_html(text.body)),  # noqa: S308 — cleaned
    )


def text_in(story: Story, shown: str) -> StoryText | None:
    """The story in exactly this shown language, without fallback; None if it has no text there."""
    stored = "sr" if shown == "sr-latn" else shown
    if stored not in STORED:
        return None
    values = [getattr(story, f"{field}_{stored}") or "" for field in ("headline", "summary", "body")]
    if not any(values):
        return None
    if shown == "sr-latn":
        values = [to_latin(value) for value in values]
    headline, summary, body = values
    return StoryText(to_bcp47(shown), headline, summary, body, origin="", is_stale=False)
