from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from django.utils.translation import override

from broadcasters.constants import Role
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.inbox.reading import with_texts
from mediaexchange.core.notifications import link_of
from mediaexchange.core.tasks import dispatch_notifications
from tests.factories import make_user
from tests.training.factories import enrol, make_coordinator, make_participant, make_workshop
from training.models import Enrolment
from training.services.enrolment import nominate_participant, pass_on_offers, withdraw_enrolment
from training.services.participant import withdraw_consent
from training.tasks import dispatch_notices

pytestmark = pytest.mark.django_db


def told(user, language="en"):
    with override(language):
        rows = with_texts(Notification.objects.filter(recipient=user).order_by("pk"), user)
        return [(row.kind, row.text) for row in rows]


def test_somebody_with_an_account_follows_their_own_seat_and_is_mailed_by_one_road_only(rts, ptrc):
    workshop = make_workshop(rts, capacity=1)
    account = make_user(ptrc, Role.VIEWER, email="account@example.org")
    first = enrol(workshop)
    enrol(workshop, make_participant(ptrc, user=account, language="en"))
    assert told(account) == [("training.own-place", "Your place in “AI in broadcasting”: on the waiting list")]
    withdraw_enrolment(first, actor=None)
    assert told(account, "sr")[-1][0] == "training.own-offer"
    assert "Вештачка интелигенција у редакцији" in told(account, "sr")[-1][1]
    row = Notification.objects.filter(recipient=account, kind="training.own-offer").get()
    assert "/training/" in link_of(row)
    dispatch_notices()
    dispatch_notifications()
    assert "account@example.org" not in {address for message in mail.outbox for address in message.to}


def test_the_host_hears_of_nominations_and_both_houses_of_an_offer_that_lapsed_without_a_name(rts, ptrc):
    workshop = make_workshop(rts, capacity=1, needs_approval=True)
    host, sender, viewer = make_coordinator(rts), make_coordinator(ptrc), make_user(rts, Role.VIEWER)
    person = make_participant(ptrc)
    nominate_participant(workshop, person, actor=sender)
    (said,) = told(host)
    assert said == (
        "training.nomination",
        "Presidential TV and Radio Complex nominates somebody for “AI in broadcasting”: confirm or reject.",
    )
    assert told(sender) == told(viewer) == []
    first = enrol(workshop, person)
    enrol(workshop)
    withdraw_enrolment(first, actor=None)
    Enrolment.objects.filter(status="offered").update(offer_ends_at=timezone.now() - timedelta(minutes=1))
    pass_on_offers()
    for coordinator in (host, sender):
        assert told(coordinator)[-1][0] == "training.lapsed-offer"
        assert person.name_cyrl not in str(told(coordinator))


def test_whoever_withdraws_consent_leaves_nothing_that_ties_the_account_to_the_seat(rts, ptrc):
    workshop = make_workshop(rts)
    account = make_user(ptrc, Role.VIEWER)
    person = make_participant(ptrc, user=account)
    enrol(workshop, person)
    assert told(account)[0][1]
    withdraw_consent(person, actor=None, purpose="participation")
    assert not Notification.objects.filter(recipient=account).exists()
