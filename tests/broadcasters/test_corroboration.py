"""A signature counts as corroborated by two sources that are independent of each other; the database holds it."""

import pytest
from django.db import IntegrityError, connection, transaction

from broadcasters.constants import SignatureStatus, SourceStance
from broadcasters.models import Party, PartySource
from broadcasters.services.reference import load_reference
from tests.broadcasters.admin_pages import make_memorandum

pytestmark = pytest.mark.django_db


@pytest.fixture
def party(rts, ptrc):
    return make_memorandum(rts, ptrc).parties.get(broadcaster=rts)


def confirm(party, publisher, house=None, stance=SourceStance.CONFIRMS):
    return PartySource.objects.create(
        party=party, title=f"Report of {publisher}", publisher=publisher, stance=stance, belongs_to=house
    )


def at_once(deed):
    deed()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def corroborate(party):
    """Triggers wait for the end of the transaction; this is it."""
    with transaction.atomic():
        Party.objects.filter(pk=party.pk).update(signature_status=SignatureStatus.CORROBORATED)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_one_source_or_two_of_one_publisher_or_house_do_not_corroborate(party, ptrc):
    confirm(party, "Agency", ptrc)
    with pytest.raises(IntegrityError, match="two independent sources"):
        corroborate(party)
    confirm(party, "Sister of the agency", ptrc)
    confirm(party, "Silent gazette", stance=SourceStance.SILENT)
    with pytest.raises(IntegrityError, match="two independent sources"):
        corroborate(party)
    confirm(party, "Independent gazette")
    corroborate(party)
    assert party.independent_sources() == 2


def test_what_corroborates_cannot_be_taken_away_or_turned_round(party):
    first, second = confirm(party, "One"), confirm(party, "Another")
    corroborate(party)
    for deed in (
        lambda: first.delete(),
        lambda: PartySource.objects.filter(pk=second.pk).update(stance=SourceStance.DENIES),
        lambda: PartySource.objects.filter(pk=second.pk).update(publisher=" ONE "),
    ):
        with pytest.raises(IntegrityError, match="two independent sources"), transaction.atomic():
            at_once(deed)


def test_the_reference_data_say_no_more_than_their_sources_do(db):
    load_reference()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    novi_sad = Party.objects.get(broadcaster__slug="rtv")
    assert novi_sad.signature_status == SignatureStatus.ANNOUNCED
    assert novi_sad.independent_sources() == 1
    belgrade = Party.objects.get(broadcaster__slug="rts")
    assert (belgrade.signature_status, belgrade.independent_sources()) == (SignatureStatus.CORROBORATED, 2)
    with pytest.raises(IntegrityError, match="two independent sources"):
        corroborate(novi_sad)
