"""Footage: asked for and answered, licensed for a few weeks, lost from the store."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from archive.services.fixity import check_file
from archive.services.footage_request import Answer, decide_request
from archive.services.licence import announce_expiries
from mediaexchange.core.stores import media_store
from tests.archive.factories import make_footage_request, make_item, make_licence, make_media_file
from tests.notifications.houses import Houses
from tests.notifications.words import OWN, PARTNER, REEL


def bring_footage(houses: Houses) -> None:
    own, partner = houses.own, houses.partner
    asked = make_footage_request(partner, make_item(own, **REEL.fields("title")), purpose="zzpurpose")
    houses.told["archive.request-arrived"] = (PARTNER,)
    answers = {line.pk: Answer(True) for line in asked.lines.all()}
    decide_request(asked, actor=houses.at_own("rights-officer"), answers=answers)
    houses.told["archive.request-answered"] = (OWN, "zzpurpose")
    last_on = timezone.localdate(timezone=ZoneInfo(partner.time_zone)) + timedelta(days=20)
    licence = make_licence(partner, make_item(own, **REEL.fields("title")), ends_on=last_on, purpose="zzpurpose")
    announce_expiries()
    houses.told["archive.licence-ending"] = (OWN, PARTNER, licence.number, last_on)
    file = make_media_file(own, name="zzstill.png")
    media_store().delete(file.storage_name)
    check_file(file)
    houses.told["archive.file-damaged"] = ("zzstill.png",)
