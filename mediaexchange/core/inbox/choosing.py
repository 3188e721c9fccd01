"""How somebody wants to be told, kind by kind; what waits to be mailed follows."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.errors import DomainError
from mediaexchange.core.inbox.constants import Way
from mediaexchange.core.inbox.models import Notification, NotificationChoice
from mediaexchange.core.models import User
from mediaexchange.core.notifications import all_kinds, kinds_for, mail_due


def ways_of(person: User) -> dict[str, Way]:
    """By kind, the way this person is told: as chosen, else as is usual."""
    chosen = dict(NotificationChoice.objects.filter(user=person).values_list("kind", "way"))
    ways = {}
    for kind in all_kinds():
        way = Way(chosen.get(kind.code, kind.usual))
        ways[kind.code] = way if way in kind.ways() else Way.INBOX
    return ways


@transaction.atomic
def choose_ways(person: User, ways: Mapping[str, str], *, digest_hour: int | None = None) -> None:
    """Keep what this person has chosen, and let mail that waits follow it. Safe to repeat.

    What is chosen as usual is kept, too: it stays when the usual changes. Raises DomainError for a kind of which the
    person is never told, for a way that the kind has not, and for an hour that no day has.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    kinds = {kind.code: kind for kind in kinds_for(person)}
    for code, way in ways.items():
        if code not in kinds or way not in kinds[code].ways():
            raise DomainError("unknown-choice", _("There is no such choice."), kind=code, way=way)
    if digest_hour is not None and digest_hour != person.digest_hour:
        if not 0 <= digest_hour < 24:
            raise DomainError("bad-hour", _("A day has the hours 0 to 23."))
        person.digest_hour = digest_hour
        person.save(update_fields=["digest_hour"])
    NotificationChoice.objects.bulk_create(
        [NotificationChoice(user=person, kind=code, way=way) for code, way in sorted(ways.items())],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["way"],
    )
    _follow(person)


def _follow(person: User) -> None:
    """Mail that waits goes out the way that is chosen now; what was never to be mailed stays so."""
    waiting = Notification.objects.filter(
        recipient=person, mail__isnull=True, read_at__isnull=True, mail_due_at__isnull=False
    )
    now = timezone.now()
    ways = ways_of(person)
    for code in waiting.order_by("kind").values_list("kind", flat=True).distinct():
        due_at = mail_due(ways.get(code, Way.INBOX), person, now)
        waiting.filter(kind=code).update(mail_due_at=due_at)
