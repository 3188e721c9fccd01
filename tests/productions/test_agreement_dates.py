"""What co-productions say comes next under a memorandum."""

from datetime import UTC, date, datetime

import pytest
from django.urls import reverse

from broadcasters.agreement_dates import MOST
from productions.services.schedule import cancel_milestone
from productions.services.window import cancel_window
from tests.broadcasters.admin_pages import signed_in
from tests.broadcasters.agreement import coming_up, make_agreement
from tests.factories import make_broadcaster
from tests.productions.delivery import make_deliverable, make_version
from tests.productions.factories import make_milestone, make_producer, make_production, make_window

pytestmark = pytest.mark.django_db
YEAR = (date(2027, 1, 1), date(2027, 12, 31))


@pytest.fixture
def memorandum(rts, ptrc):
    return make_agreement(rts, ptrc)


@pytest.fixture
def film(memorandum, rts, ptrc):
    production = make_production(rts, ptrc, name_en="Liberators")
    production.module.memoranda.add(memorandum)
    return production


def test_milestones_deliverables_and_ends_of_windows_come_next_for_those_who_see_the_production(
    memorandum, film, rts, ptrc
):
    version = make_version(film)
    for number in (1, 2, 3):
        make_milestone(film, rts, title_en="Rough cut", due_at=datetime(2027, 3, number, 23, 30, tzinfo=UTC))
        make_deliverable(version, kind=("master", "stills", "synopses")[number - 1], due_on=date(2027, 5, number))
        # Midnight in Belgrade: the window holds to the end of the day before.
        make_window(
            film, rts, territories=[("RS", "KZ", "RU")[number - 1]], ends_at=datetime(2027, 7, number, 22, tzinfo=UTC)
        )
        told, statements = coming_up(memorandum, make_producer(ptrc), *YEAR)
        if number == 1:
            alone = statements
            assert told == [
                ("production-milestone", date(2027, 3, 2), "Rough cut (Liberators)"),  # half past midnight there
                ("deliverable-due", date(2027, 5, 1), "Liberators · master · Serbian (Cyrillic) · original → PTRC"),
                ("rights-window-ends", date(2027, 7, 1), "Liberators · RTS"),
            ]
    assert (len(told), statements) == (9, alone)
    assert coming_up(memorandum, make_producer(make_broadcaster("rtv")), *YEAR)[0] == []


def test_what_is_done_called_off_or_of_another_agreement_does_not_come(memorandum, film, rts, ptrc):
    cancel_milestone(make_milestone(film, rts), actor=None)
    cancel_window(make_window(film, rts), actor=None, reason="renegotiated")
    make_milestone(make_production(rts, ptrc, module=film.module, stage="stopped"), rts)
    make_milestone(make_production(rts, ptrc), rts)
    make_milestone(film, rts, due_on=date(2028, 1, 1))
    assert coming_up(memorandum, make_producer(rts), *YEAR)[0] == []


def test_no_kind_of_days_crowds_the_page_out_and_the_page_says_so(memorandum, film, rts, time_machine):
    time_machine.move_to(datetime(2027, 1, 5, 10, tzinfo=UTC))
    for number in range(MOST + 2):
        make_milestone(film, rts, title_en=f"Milestone {number}", title_sr="")
    reader = make_producer(rts)
    told, _statements = coming_up(memorandum, reader, *YEAR)
    assert len(told) == MOST
    page = signed_in(reader).get(reverse("admin:broadcasters_memorandum_health", args=[memorandum.pk]))
    text = page.content.decode()
    assert "Of each matter, the next 20 days are shown." in text
    assert f'href="{reverse("admin:productions_milestone_change", args=[film.milestones.first().pk])}"' in text
