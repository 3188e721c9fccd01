"""Telling people of things: an app registers its kinds, and writes rows in the transaction of what happened.

A row names its recipient and its subject, nothing else. What it says is made from the subject's row whenever it is
shown or mailed, under the rights that its recipient has then: what has gone out of sight is told as gone.

The app's ``notifications`` module registers the kinds and is imported when the app is ready.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import connection
from django.db.models import CharField, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from mediaexchange.core.errors import Message
from mediaexchange.core.inbox.constants import MAILED, Way
from mediaexchange.core.inbox.models import Notification, NotificationChoice
from mediaexchange.core.languages.sentences import one_stop
from mediaexchange.core.models import User

Tell = Callable[[list[Notification]], Mapping[int, str]]
Link = Callable[[Notification], str]


@dataclass(frozen=True, slots=True)
class NotificationKind:
    """A kind of matter. ``code`` begins with its app's label and a dot, and never changes.

    ``tell`` is given rows of one recipient, ``recipient`` filled, and says in the active language what each is about,
    by the row's id; rows whose subject the recipient does not see are left out. ``link`` is the address of the
    subject's page, "" if there is none for the recipient. ``permission`` is what recipients must hold when they read.
    ``usual`` holds for who has chosen nothing. ``is_mailed_elsewhere``: another message goes out already.
    """

    code: str
    tell: Tell
    link: Link
    title: Message
    permission: str = ""
    usual: Way = Way.DIGEST
    is_mailed_elsewhere: bool = False

    @property
    def app(self) -> str:
        return self.code.partition(".")[0]

    def ways(self) -> list[Way]:
        """Among which one may choose."""
        return [way for way in Way if not (self.is_mailed_elsewhere and way in MAILED)]


_kinds: dict[str, NotificationKind] = {}


def register(kind: NotificationKind) -> NotificationKind:
    """Make a kind known; called when its app is ready."""
    if kind.is_mailed_elsewhere and kind.usual in MAILED:
        raise ValueError(f"{kind.code}: what is mailed elsewhere is not mailed twice.")
    apps.get_app_config(kind.app)
    _kinds[kind.code] = kind
    return kind


def all_kinds() -> tuple[NotificationKind, ...]:
    """In the order in which the apps have registered them."""
    return tuple(_kinds.values())


def kinds_for(user: User) -> tuple[NotificationKind, ...]:
    """Those of which this person may be told."""
    return tuple(kind for kind in all_kinds() if not kind.permission or user.has_perm(kind.permission))


def notify(
    kind: NotificationKind | str,
    *,
    to: Iterable[int],
    subject_type: str,
    subject_uid: UUID,
    key: str = "",
    actor: User | None = None,
) -> None:
    """Tell these people, by their ids, in the caller's transaction: once for each kind, subject and key.

    Whoever acted is not told. Service accounts and who wants to hear nothing of this kind get no row.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("People are told in the transaction of what they are told of.")
    known = kind if isinstance(kind, NotificationKind) else _kinds[kind]
    wanted = set(to) - ({actor.pk} if actor else set())
    if not wanted:
        return
    chosen = NotificationChoice.objects.filter(user=OuterRef("pk"), kind=known.code).values("way")
    people = User.objects.filter(pk__in=wanted, is_active=True, is_service=False).order_by("pk")
    now = timezone.now()
    rows = [
        Notification(
            recipient=person,
            kind=known.code,
            subject_type=subject_type,
            subject_uid=subject_uid,
            key=key,
            mail_due_at=mail_due(Way(person.chosen or known.usual), person, now),
        )
        for person in people.annotate(chosen=Subquery(chosen, output_field=CharField()))
        if person.chosen != Way.OFF and not (person.chosen is None and known.usual == Way.OFF)
    ]
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def forget(kinds: Iterable[NotificationKind], *, subjects: Iterable[UUID]) -> None:
    """Take back what was told of these subjects: where the row alone would say too much about its recipient."""
    Notification.objects.filter(kind__in=[kind.code for kind in kinds], subject_uid__in=list(subjects)).delete()


def mail_due(way: Way, person: User, now: datetime) -> datetime | None:
    """When mail of something that happens now goes out: at once, at the person's next digest hour, or never."""
    if way == Way.AT_ONCE:
        return now
    if way != Way.DIGEST:
        return None
    zone = ZoneInfo(person.time_zone)
    local = now.astimezone(zone)
    today = datetime.combine(local.date(), time(person.digest_hour), zone)
    return (
        today if today > local else datetime.combine(local.date() + timedelta(days=1), time(person.digest_hour), zone)
    )


def texts_of(rows: Iterable[Notification], reader: User) -> dict[int, str]:
    """What the reader's notifications say in the active language; those are missing whose subject is gone for them."""
    groups: dict[str, list[Notification]] = defaultdict(list)
    for row in rows:
        row.recipient = reader
        groups[row.kind].append(row)
    said: dict[int, str] = {}
    for code, group in groups.items():
        kind = _kinds.get(code)
        if kind is not None and (not kind.permission or reader.has_perm(kind.permission)):
            said.update({pk: one_stop(text) for pk, text in kind.tell(group).items()})
    return said


def link_of(row: Notification) -> str:
    """Where its recipient finds the subject; "" if nowhere any more. Reads ``recipient``."""
    kind = _kinds.get(row.kind)
    if kind is None or (kind.permission and not row.recipient.has_perm(kind.permission)):
        return ""
    return kind.link(row)


def sentences(
    rows: Sequence[Notification], subjects: QuerySet[Any], say: Callable[[Any], str], *, by: str = "uid"
) -> dict[int, str]:
    """For ``tell``: a sentence for each row whose subject its recipient sees now, in one statement."""
    seen = subjects.visible_to(rows[0].recipient)  # type: ignore[attr-defined]
    found = {getattr(each, by): each for each in seen.filter(**{f"{by}__in": {row.subject_uid for row in rows}})}
    return {row.pk: say(found[row.subject_uid]) for row in rows if row.subject_uid in found}


def page_of(subjects: Callable[[], QuerySet[Any]], *, shows: str = "pk", view: str = "") -> Link:
    """For ``link``: the admin's page of the subject, or of another row whose key stands in its column ``shows``.

    ``view`` names the page; it is the form of the subject's model if nothing is said.
    """

    def link(row: Notification) -> str:
        rows = subjects()
        options = rows.model._meta
        found = rows.visible_to(row.recipient).filter(uid=row.subject_uid)  # type: ignore[attr-defined]
        key = found.values_list(shows, flat=True).first()
        name = view or f"{options.app_label}_{options.model_name}_change"
        return "" if key is None else reverse(f"admin:{name}", args=[key])

    return link
