from datetime import timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from archive.services.fixity import check_file
from archive.services.footage_request import Answer, decide_request, quote_request
from archive.services.licence import announce_expiries
from broadcasters.constants import Role
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.inbox.reading import with_texts
from mediaexchange.core.notifications import link_of
from tests.archive.factories import make_footage_request, make_item, make_licence, make_media_file
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def told(user):
    with override("en"):
        rows = with_texts(Notification.objects.filter(recipient=user).order_by("pk"), user)
        return [(row.kind, row.text) for row in rows]


def test_the_holders_officers_hear_of_a_request_and_the_askers_people_of_its_decision(rts, ptrc):
    officer, producer, viewer = (
        make_user(rts, Role.RIGHTS_OFFICER),
        make_user(ptrc, Role.PRODUCER),
        make_user(ptrc, Role.VIEWER),
    )
    asked = make_footage_request(ptrc, make_item(rts))
    assert told(officer) == [("archive.request-arrived", "Presidential TV and Radio Complex asks for footage.")]
    row = Notification.objects.get(recipient=officer)
    assert link_of(row) == f"/admin/archive/footagerequest/{asked.pk}/change/"
    decide_request(asked, actor=officer, answers={line.pk: Answer(True) for line in asked.lines.all()})
    day = date_format(localtime(asked.created_at), "SHORT_DATE_FORMAT")
    (answered,) = told(producer)
    assert answered == (
        "archive.request-answered",
        f"Radio Television of Serbia has answered your request for footage of {day} (“A film about the sixties”):"
        " approved.",
    )
    assert told(officer)[0][1].endswith("has asked for footage: approved.")
    assert told(viewer) == []


def test_every_quote_is_told(rts, ptrc):
    officer, producer = make_user(rts, Role.RIGHTS_OFFICER), make_user(ptrc, Role.PRODUCER)
    asked = make_footage_request(ptrc, make_item(rts))
    for amount in (Decimal(100), Decimal(80)):
        prices = {line.pk: (amount, "EUR") for line in asked.lines.all()}
        quote_request(asked, actor=officer, prices=prices)
    decide_request(asked, actor=officer, answers={line.pk: Answer(True) for line in asked.lines.all()})
    assert [kind for kind, _text in told(producer)] == ["archive.request-answered"] * 3
    assert [text.rpartition(": ")[2] for _kind, text in told(producer)] == ["quoted.", "quoted.", "approved."]


def test_both_houses_are_told_of_a_licences_last_day_by_the_days_of_the_contract(rts, ptrc):
    officer, producer = make_user(rts, Role.RIGHTS_OFFICER), make_user(ptrc, Role.PRODUCER)
    last = timezone.localdate(timezone=ZoneInfo("Asia/Almaty")) + timedelta(days=20)
    licence = make_licence(ptrc, make_item(rts), ends_on=last)
    announce_expiries()
    announce_expiries()
    for person in (officer, producer):
        ((_kind, text),) = [each for each in told(person) if each[0] == "archive.licence-ending"]
        assert licence.number in text
        assert str(last.day) in text


def test_a_damaged_file_is_told_to_its_house_and_each_check_that_fails_anew(rts, ptrc, stores):
    archivist, other = make_user(rts, Role.ARCHIVIST), make_user(ptrc, Role.ARCHIVIST)
    file = make_media_file(rts)
    (stores / "media" / file.storage_name).unlink()
    for _time in range(2):
        check_file(file)
    assert told(archivist) == [("archive.file-damaged", "A file is damaged or missing in the store: still.png")] * 2
    assert link_of(Notification.objects.filter(recipient=archivist).first()) == "/admin/archive/mediafile/fixity/"
    assert told(other) == []
