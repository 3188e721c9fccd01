"""What the people of a house are told of footage: what is asked and answered, which licence ends, what is damaged."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from archive.constants import RequestStatus
from archive.models import FootageRequest, Licence, MediaFile
from archive.periods import last_day
from broadcasters.services.recipients import people_with
from mediaexchange.core.inbox.constants import Way
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.notifications import NotificationKind, notify, page_of, register, sentences

ASK, DECIDE = "archive.add_footagerequest", "archive.change_footagerequest"
LICENSE, KEEP = "archive.change_licence", "archive.change_item"

_requests = FootageRequest.objects.select_related("broadcaster", "holder").all
_licences = Licence.objects.select_related("holder", "licensee").all


def _asked(asked: FootageRequest) -> str:
    words = {"house": localized(asked.broadcaster, "name"), "status": asked.get_status_display()}
    if asked.status == RequestStatus.SUBMITTED:
        return _("%(house)s asks for footage.") % words
    return _("%(house)s has asked for footage: %(status)s.") % words


def _answered(rows: list[Notification]) -> dict[int, str]:
    """Each answer as it was given: its status stands in the key."""
    seen = _requests().visible_to(rows[0].recipient).filter(uid__in={row.subject_uid for row in rows})
    found = {asked.uid: asked for asked in seen}
    return {row.pk: _answer(asked, row.key) for row in rows if (asked := found.get(row.subject_uid))}


def _answer(asked: FootageRequest, key: str) -> str:
    _moment, _separator, status = key.partition(" ")
    words = {
        "house": localized(asked.holder, "name"),
        "wanted": asked.production_title or Truncator(asked.purpose).chars(60),
        "day": date_format(localtime(asked.created_at), "SHORT_DATE_FORMAT"),
        "status": RequestStatus(status or asked.status).label,
    }
    return _("%(house)s has answered your request for footage of %(day)s (“%(wanted)s”): %(status)s.") % words


def _ending(licence: Licence) -> str:
    words = {
        "number": licence.number,
        "holder": localized(licence.holder, "name"),
        "licensee": localized(licence.licensee, "name"),
        "day": date_format(last_day(licence.ends_at, licence.time_zone), "SHORT_DATE_FORMAT"),
    }
    return _("Licence %(number)s of %(holder)s for %(licensee)s: its last day is %(day)s.") % words


def _damaged(file: MediaFile) -> str:
    return _("A file is damaged or missing in the store: %(name)s") % {"name": file.original_name or file.uid}


def _fixity_page(row: Notification) -> str:
    is_there = MediaFile.objects.visible_to(row.recipient).filter(uid=row.subject_uid).exists()
    return reverse("admin:archive_fixity") if is_there else ""


REQUEST_ARRIVED = register(
    NotificationKind(
        "archive.request-arrived",
        lambda rows: sentences(rows, _requests(), _asked),
        page_of(FootageRequest.objects.all),
        gettext_lazy("A partner asks for our footage"),
        permission=DECIDE,
        usual=Way.AT_ONCE,
    )
)
REQUEST_ANSWERED = register(
    NotificationKind(
        "archive.request-answered",
        _answered,
        page_of(FootageRequest.objects.all),
        gettext_lazy("Our request for footage is quoted or decided"),
        permission=ASK,
    )
)
LICENCE_ENDING = register(
    NotificationKind(
        "archive.licence-ending",
        lambda rows: sentences(rows, _licences(), _ending),
        page_of(Licence.objects.all),
        gettext_lazy("A licence ends in thirty days"),
        permission="archive.view_licence",
    )
)
FILE_DAMAGED = register(
    NotificationKind(
        "archive.file-damaged",
        lambda rows: sentences(rows, MediaFile.objects.all(), _damaged),
        _fixity_page,
        gettext_lazy("A file of ours is damaged or missing"),
        permission=KEEP,
        usual=Way.AT_ONCE,
    )
)


def tell_of_request(asked: FootageRequest, *, actor: User | None) -> None:
    """Those who decide at the holder's, once it is asked."""
    _tell(REQUEST_ARRIVED, asked, people_with(DECIDE, [asked.holder_id]), actor)


def tell_of_answer(asked: FootageRequest, *, actor: User | None) -> None:
    """Those who may ask at the asker's, of each answer: prices may be quoted several times."""
    people = people_with(ASK, [asked.broadcaster_id])
    _tell(REQUEST_ANSWERED, asked, people, actor, key=f"{timezone.now().isoformat()} {asked.status}")


def tell_of_ending(licence: Licence) -> None:
    people = {*people_with(LICENSE, [licence.holder_id]), *people_with(ASK, [licence.licensee_id])}
    notify(
        LICENCE_ENDING, to=people, subject_type="licence", subject_uid=licence.uid, key=f"{licence.ends_at:%Y-%m-%d}"
    )


def tell_of_damage(file: MediaFile, *, event_id: int) -> None:
    """Those who keep the archive, of each check that failed."""
    notify(
        FILE_DAMAGED, to=people_with(KEEP, [file.broadcaster_id]), subject_type="file", subject_uid=file.uid,
        key=str(event_id),
    )  # fmt: skip


def _tell(kind: NotificationKind, asked: FootageRequest, to: list[int], actor: User | None, key: str = "") -> None:
    notify(kind, to=to, subject_type="footage-request", subject_uid=asked.uid, key=key, actor=actor)
