"""What stands above an item's form: facts, viewer, rights, tracks, texts, pipeline, parts and documents."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archive.admin.base import clock, moment
from archive.admin.item_shot_lists import shot_list_links
from archive.admin.item_texts import texts_box
from archive.admin.item_viewer import shown_to, viewer_box
from archive.admin.rights_page import rights_box
from archive.admin.steps import steps_box
from archive.constants import ItemStatus
from archive.models import Item, Track
from broadcasters.permissions import may, roles_of
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.edtf_words import edtf_words
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.tags import DEFAULT, to_bcp47
from mediaexchange.core.sizes import size_in_words

_STATUS = {ItemStatus.DRAFT: "info", ItemStatus.PUBLISHED: "success", ItemStatus.WITHDRAWN: "danger"}
MOST_CHILDREN = 50
_RECORDS = (
    ("pbcore", "PBCore 2.1"),
    ("ebucore", "EBUCore 1.10"),
    ("dc", "Dublin Core"),
    ("csv", "CSV"),
    ("xlsx", "XLSX"),
)


def boxes_of(model_admin: Any, request: HttpRequest, item: Item) -> list[SafeString]:
    shown = shown_to(item, staff(request))
    is_own = item.broadcaster_id in roles_of(staff(request))
    boxes: list[SafeString | None] = [
        facts_box(request, item, is_own=is_own),
        viewer_box(request, shown),
        rights_box(request, item),
        tracks_box(request, item),
        texts_box(request, item),
    ]
    if is_own and shown.file is not None:
        boxes.append(steps_box(request, shown.file))
    boxes += [documents_box(request, item), children_box(request, item)]
    return [box for box in boxes if box is not None]


def facts_box(request: HttpRequest, item: Item, *, is_own: bool) -> SafeString:
    facts: list[tuple[Message, object]] = [
        (_("status"), label(item.get_status_display(), _STATUS[ItemStatus(item.status)])),
        (_("holder"), item.broadcaster),
        (_("identifier"), item.identifier),
        (_("category"), item.get_category_display()),
        (_("date"), edtf_words(item.dated) or "—"),
        (_("rights statement"), item.get_rights_statement_display()),
        (_("credit line"), item.credit_line or "—"),
    ]
    if item.embargoed_until:
        facts.append((_("embargo until"), moment(item.embargoed_until)))
    if is_own:
        facts.append((_("version"), item.version))
    may_upload = may(staff(request), "archive.add_instantiation", item.broadcaster_id)
    context = {
        "item": item,
        "facts": facts,
        "history": reverse("admin:archive_item_history", args=[item.pk]) if is_own else "",
        "upload": f"{reverse('admin:archive_upload_add')}?item={item.uid}" if may_upload else "",
    }
    return SafeString(render_to_string("archive/facts.html", context, request))


@dataclass(frozen=True, slots=True)
class ShownTrack:
    """A track in words: rates and aspects as the fractions they are."""

    track: Track

    @property
    def rate(self) -> str:
        return _fraction(self.track.rate_numerator, self.track.rate_denominator)

    @property
    def size(self) -> str:
        if not self.track.width:
            return "—"
        turned = f" ↻ {self.track.rotation}°" if self.track.rotation else ""
        return f"{self.track.width} × {self.track.height}{turned}"

    @property
    def aspects(self) -> str:
        pixel = _ratio(self.track.pixel_numerator, self.track.pixel_denominator)
        picture = _ratio(self.track.picture_numerator, self.track.picture_denominator)
        return f"{pixel} · {picture}" if pixel or picture else "—"

    @property
    def sound(self) -> str:
        if not self.track.sample_rate_hz:
            return "—"
        return f"{self.track.sample_rate_hz} Hz · {self.track.channel_layout or self.track.channels or '—'}"

    @property
    def loudness(self) -> str:
        parts = (
            (self.track.loudness_lufs, "LUFS"),
            (self.track.loudness_range_lu, "LU"),
            (self.track.true_peak_dbtp, "dBTP"),
        )
        return " · ".join(f"{number_format(value)} {unit}" for value, unit in parts if value is not None) or "—"

    @property
    def length(self) -> str:
        return clock(self.track.duration_ms)


def _fraction(numerator: int | None, denominator: int | None) -> str:
    """25 as 25, 30000/1001 as 30000/1001 (≈ 29.970), with the reader's decimal separator."""
    if not numerator or not denominator:
        return "—"
    rate = Fraction(numerator, denominator)
    if rate.denominator == 1:
        return str(rate.numerator)
    return f"{numerator}/{denominator} (≈ {number_format(float(rate), 3)})"


def _ratio(numerator: int | None, denominator: int | None) -> str:
    return f"{numerator}:{denominator}" if numerator and denominator else ""


def tracks_box(request: HttpRequest, item: Item) -> SafeString:
    """Every digital copy with its tracks, and every carrier on a shelf; where it stands only the house reads."""
    is_own = item.broadcaster_id in roles_of(staff(request))
    copies = item.instantiations.select_related("file", "holder").prefetch_related("tracks")
    rows = [
        {
            "copy": copy,
            "length": clock(copy.duration_ms),
            "size": size_in_words(copy.file.size_bytes) if copy.file else "",
            "address": reverse("admin:archive_mediafile_change", args=[copy.file_id]) if copy.file and is_own else "",
            "tracks": [ShownTrack(track) for track in copy.tracks.all()],
        }
        for copy in copies
    ]
    return SafeString(render_to_string("archive/tracks.html", {"rows": rows, "is_own": is_own}, request))


def documents_box(request: HttpRequest, item: Item) -> SafeString:
    """The record and its segments as files; records the API makes, for whoever is signed in here."""
    tag = to_bcp47(get_language() or DEFAULT)
    context = {
        "records": [
            (title, f"{reverse('api:item-document', args=[item.uid, name])}?lang={tag}") for name, title in _RECORDS
        ],
        "shot_lists": shot_list_links(item),
    }
    return SafeString(render_to_string("archive/documents.html", context, request))


def children_box(request: HttpRequest, item: Item) -> SafeString | None:
    """The parts that are catalogued and how many lack; None where there is neither to tell to this reader."""
    seen = item.children.visible_to(staff(request))
    children = list(seen.order_by("identifier")[: MOST_CHILDREN + 1])
    is_own = item.broadcaster_id in roles_of(staff(request))
    expected = item.expected_children if is_own else None
    if not children and expected is None:
        return None
    number = seen.count() if len(children) > MOST_CHILDREN else len(children)
    context = {
        "children": children[:MOST_CHILDREN],
        "number": number,
        "expected": expected,
        "missing": max(0, expected - number) if expected is not None else 0,
    }
    return SafeString(render_to_string("archive/children.html", context, request))
