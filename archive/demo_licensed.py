"""What the demonstration's Astana has licensed to Belgrade: less than it owes last quarter, a start in this one."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Func, Value
from django.utils import timezone

from archive.models import FootageRequest, Grant, Item, Licence
from archive.services.footage_request import Answer, Conditions, Wanted, ask_footage, decide_request
from broadcasters.models import Broadcaster
from mediaexchange.core.models import User

_ASKS, _HOLDS = "belgrade-archive", "astana-archive"
_PURPOSE = "За прилог о Астани некад и сад."
# identifier, seconds, whether it was last quarter
_LICENSED = (("DEMO-AST-1997", 6, True), ("DEMO-NAU-2011", 6, True), ("DEMO-SOZ-2022", 5, False))


@transaction.atomic
def load_licensed() -> Iterator[str]:
    """Yields a line about it. Safe to repeat. Needs the demo's catalogues and the running module."""
    fresh = 0
    if not FootageRequest.objects.filter(purpose=_PURPOSE).exists():
        for identifier, seconds, was_last_quarter in _LICENSED:
            _license(identifier, seconds, was_last_quarter=was_last_quarter)
            fresh += 1
    yield f"Licences from Astana: {fresh} new."


def _license(identifier: str, seconds: int, *, was_last_quarter: bool) -> None:
    """By the services, then moved to where it would have been: they know no past."""
    rts, holder = Broadcaster.objects.get(slug="rts"), User.objects.get(username=_HOLDS)
    zone = ZoneInfo("Asia/Almaty")
    today = timezone.localdate(timezone=zone)
    item = Item.objects.get(broadcaster__slug="ptrc", identifier=identifier)
    asked = ask_footage(
        asker=rts, actor=User.objects.get(username=_ASKS), lines=[Wanted(item=item, segment=None, seconds=seconds)],
        purpose=_PURPOSE, platforms=["television"], territories=["RS"], starts_on=today,
        ends_on=today + timedelta(days=365),
    )  # fmt: skip
    answers = {line.pk: Answer(is_approved=True, seconds=seconds, runs=1) for line in asked.lines.all()}
    decide_request(asked, actor=holder, answers=answers, conditions=Conditions(credit_line="ПТРК"))
    if was_last_quarter:
        quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        then = datetime.combine(quarter - timedelta(days=45), time(11), zone)
        begins, decided = datetime.combine(then, time.min, zone), then + timedelta(hours=3)
        FootageRequest.objects.filter(pk=asked.pk).update(created_at=then, decided_at=decided, starts_at=begins)
        licences = Licence.objects.filter(footage_request=asked)
        period = Func(Value(begins), Func(F("period"), function="upper"), function="tstzrange")
        Grant.objects.filter(licence__in=licences).update(created_at=decided, period=period)
        licences.update(created_at=decided, starts_at=begins)
