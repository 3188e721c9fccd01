"""What people with accounts are told: those who are trained, of their own seats; coordinators, of what waits for them.

Who is trained gets a message to the address that the house has given, so nothing of that is mailed here. No sentence
names a participant: it may be mailed.
"""

from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadcasters.services.recipients import people_with
from mediaexchange.core.inbox.constants import Way
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.notifications import NotificationKind, forget, notify, page_of, register, sentences
from training.constants import EnrolmentStatus, NoticeKind
from training.models import Certificate, Enrolment, Notice, Participant, Workshop
from training.tokens import certificate_address, person_address

SEND, HOST = "training.add_enrolment", "training.change_enrolment"


def _course(workshop: Workshop) -> str:
    return localized(workshop, "name")


def _offered(enrolment: Enrolment) -> str:
    course = {"course": _course(enrolment.workshop)}
    if enrolment.status == EnrolmentStatus.OFFERED:
        return _("A seat is free for you: %(course)s") % course
    return _("A seat was offered to you: %(course)s") % course


def _mine(enrolment: Enrolment) -> str:
    words = {"course": _course(enrolment.workshop), "status": enrolment.get_status_display()}
    return _("Your place in “%(course)s”: %(status)s") % words


def _certified(certificate: Certificate) -> str:
    return _("Your certificate: %(course)s") % {"course": _course(certificate.enrolment.workshop)}


def _nominated(enrolment: Enrolment) -> str:
    words = {"house": localized(enrolment.broadcaster, "name"), "course": _course(enrolment.workshop)}
    if enrolment.status == EnrolmentStatus.NOMINATED:
        return _("%(house)s nominates somebody for “%(course)s”: confirm or reject.") % words
    return _("%(house)s has nominated somebody for “%(course)s”.") % words


def _lapsed(enrolment: Enrolment) -> str:
    words = {"house": localized(enrolment.broadcaster, "name"), "course": _course(enrolment.workshop)}
    return _("A seat in “%(course)s” that was offered to somebody of %(house)s was not accepted in time.") % words


def _own_enrolments(rows: list[Notification]) -> Any:
    return Enrolment.objects.filter(participant__user=rows[0].recipient).select_related("workshop")


def _own_certificates(rows: list[Notification]) -> Any:
    mine = Certificate.objects.filter(enrolment__participant__user=rows[0].recipient, revoked_at__isnull=True)
    return mine.select_related("enrolment__workshop")


def _own_page(row: Notification) -> str:
    own = Enrolment.objects.filter(uid=row.subject_uid, participant__user=row.recipient).select_related("participant")
    found = own.first()
    return person_address(found.participant) if found else ""


def _certificate_page(row: Notification) -> str:
    found = _own_certificates([row]).filter(uid=row.subject_uid).first()
    return certificate_address(found) if found else ""


_related = Enrolment.objects.select_related("workshop", "broadcaster").all
_workshop_page = page_of(Enrolment.objects.all, shows="workshop_id", view="training_workshop_change")

OWN_OFFER = register(
    NotificationKind(
        "training.own-offer",
        lambda rows: sentences(rows, _own_enrolments(rows), _offered),
        _own_page,
        gettext_lazy("A seat is offered to me"),
        usual=Way.INBOX,
        is_mailed_elsewhere=True,
    )
)
OWN_PLACE = register(
    NotificationKind(
        "training.own-place",
        lambda rows: sentences(rows, _own_enrolments(rows), _mine),
        _own_page,
        gettext_lazy("What becomes of my nomination"),
        usual=Way.INBOX,
        is_mailed_elsewhere=True,
    )
)
OWN_CERTIFICATE = register(
    NotificationKind(
        "training.own-certificate",
        lambda rows: sentences(rows, _own_certificates(rows), _certified),
        _certificate_page,
        gettext_lazy("A certificate is made out for me"),
        usual=Way.INBOX,
        is_mailed_elsewhere=True,
    )
)
NOMINATION = register(
    NotificationKind(
        "training.nomination",
        lambda rows: sentences(rows, _related(), _nominated),
        _workshop_page,
        gettext_lazy("Somebody is nominated for our workshop"),
        permission=HOST,
    )
)
LAPSED_OFFER = register(
    NotificationKind(
        "training.lapsed-offer",
        lambda rows: sentences(rows, _related(), _lapsed),
        _workshop_page,
        gettext_lazy("An offered seat was not accepted in time"),
        permission=SEND,
    )
)
_PLACE = frozenset(
    {NoticeKind.CONFIRMED, NoticeKind.WAITING, NoticeKind.LAPSED, NoticeKind.REJECTED, NoticeKind.CANCELLED}
)


def tell_of_notice(notice: Notice) -> None:
    """Tell the person's account, if there is one, of what they are mailed."""
    person = notice.enrolment.participant
    if person.user_id is None:
        return
    tell = partial(notify, to=[person.user_id], key=str(notice.pk))
    if notice.kind == NoticeKind.OFFERED:
        tell(OWN_OFFER, subject_type="enrolment", subject_uid=notice.enrolment.uid)
    elif notice.kind == NoticeKind.CERTIFICATE:
        for uid in notice.enrolment.certificates.filter(revoked_at__isnull=True).values_list("uid", flat=True):
            tell(OWN_CERTIFICATE, subject_type="certificate", subject_uid=uid)
    elif notice.kind in _PLACE:
        tell(OWN_PLACE, subject_type="enrolment", subject_uid=notice.enrolment.uid)


def forget_person(participant: Participant) -> None:
    """Nothing that is left ties the account to the person's enrolments."""
    enrolments = Enrolment.objects.filter(participant=participant).values_list("uid", flat=True)
    certificates = Certificate.objects.filter(enrolment__participant=participant).values_list("uid", flat=True)
    forget((OWN_OFFER, OWN_PLACE, OWN_CERTIFICATE), subjects=[*enrolments, *certificates])


def tell_of_nomination(enrolment: Enrolment, *, actor: User | None) -> None:
    """Whoever decides on it, at the host's."""
    notify(
        NOMINATION, to=people_with(HOST, [enrolment.workshop.broadcaster_id]), subject_type="enrolment",
        subject_uid=enrolment.uid, actor=actor,
    )  # fmt: skip


def tell_of_lapsed_offer(enrolment: Enrolment) -> None:
    """The host's coordinators, and those of the house that had sent somebody."""
    people = {*people_with(HOST, [enrolment.workshop.broadcaster_id]), *people_with(SEND, [enrolment.broadcaster_id])}
    notify(LAPSED_OFFER, to=people, subject_type="enrolment", subject_uid=enrolment.uid)
