"""Windows that cannot stand side by side are refused by the database, and named before."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from mediaexchange.core.errors import ConflictError, DomainError, ForbiddenError
from productions.models import Window
from productions.services.window import cancel_window, conflicts_of, save_window
from tests.factories import make_broadcaster, make_channel, make_user
from tests.productions.factories import make_producer, make_production, make_run, make_window

STARTS, ENDS = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 7, 1, tzinfo=UTC)
COPY = """
INSERT INTO productions_window (uid, production_id, holder_id, territories, is_elsewhere, platforms, languages,
    is_exclusive, starts_at, ends_at, time_zone, runs, repeat_length, repeat_unit, note, cancelled_reason, runs_used,
    sequence, territory_numbers, platform_numbers, numbers_of)
SELECT gen_random_uuid(), production_id, %s, territories, is_elsewhere, platforms, languages,
    %s, starts_at + %s, ends_at + %s, time_zone, runs, repeat_length, repeat_unit, '', '', 0,
    0, territory_numbers, platform_numbers, numbers_of FROM productions_window WHERE id = %s
"""


def unsaved(production, house, **fields):
    """A window that nobody has stored yet."""
    defaults = {"territories": ["RS"], "platforms": ["television"], "starts_at": STARTS, "ends_at": ENDS}
    holder = production.partners.get(broadcaster=house)
    return Window(production=production, holder=holder, time_zone=house.time_zone, **defaults | fields)


def copy_raw(window, holder, *, is_exclusive, later=timedelta()):
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(COPY, [holder.pk, is_exclusive, later, later, window.pk])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("is_first_exclusive", "is_second_exclusive", "is_same_holder", "stands"),
    [
        (True, True, False, False),
        (True, True, True, False),
        (True, False, False, False),
        (False, True, False, False),
        (True, False, True, True),
        (False, False, False, True),
    ],
)
def test_the_database_keeps_windows_apart_whatever_writes_them(
    rts, ptrc, is_first_exclusive, is_second_exclusive, is_same_holder, stands
):
    production = make_production(rts, ptrc)
    first = make_window(production, rts, is_exclusive=is_first_exclusive)
    holder = production.partners.get(broadcaster=rts if is_same_holder else ptrc)
    if stands:
        copy_raw(first, holder, is_exclusive=is_second_exclusive)
    else:
        with pytest.raises(IntegrityError, match=r"productions_window_(exclusive|beside_exclusive)"):
            copy_raw(first, holder, is_exclusive=is_second_exclusive)
    copy_raw(first, holder, is_exclusive=is_second_exclusive, later=timedelta(days=366))  # begins where the first ends
    other = unsaved(production, holder.broadcaster, is_exclusive=is_second_exclusive)
    assert (first in conflicts_of(other)) is not stands


@pytest.mark.django_db
def test_sets_of_territories_overlap_by_their_members_and_everywhere_but_is_the_rest(rts, ptrc):
    production = make_production(rts, ptrc)
    there = make_window(production, rts, is_exclusive=True, territories=["CIS"], platforms=[])
    astana = {"is_exclusive": False, "platforms": ["web"]}
    assert conflicts_of(unsaved(production, ptrc, territories=["KZ", "HU"], **astana)) == [there]
    assert conflicts_of(unsaved(production, ptrc, territories=[], **astana)) == [there]
    assert conflicts_of(unsaved(production, ptrc, territories=["EU", "RS"], **astana)) == []
    assert conflicts_of(unsaved(production, ptrc, territories=["CIS"], is_elsewhere=True, **astana)) == []
    assert conflicts_of(unsaved(production, ptrc, territories=["KZ"], is_elsewhere=True, **astana)) == [there]
    with pytest.raises(IntegrityError):
        make_window(production, ptrc, territories=["KZ"], platforms=["web"])


@pytest.mark.django_db
def test_numbers_cannot_be_left_behind_by_what_they_are_made_of(rts):
    window = make_window(make_production(rts))
    for changes in ({"territories": ["KZ"]}, {"platforms": []}, {"is_elsewhere": True}):
        with pytest.raises(IntegrityError, match="numbers_current"), transaction.atomic():
            Window.objects.filter(pk=window.pk).update(**changes)


@pytest.mark.django_db
def test_a_holder_is_a_partner_of_the_same_production_in_the_database_too(rts, ptrc):
    window, elsewhere = make_window(make_production(rts)), make_production(rts, ptrc)

    def give_away():
        Window.objects.filter(pk=window.pk).update(holder=elsewhere.partners.get(broadcaster=rts))
        connection.check_constraints()

    with pytest.raises(IntegrityError, match="own_holder"), transaction.atomic():
        give_away()


@pytest.mark.django_db
def test_what_stands_against_a_window_is_named_with_its_page_before_it_is_stored(rts, ptrc):
    production = make_production(rts, ptrc)
    there = make_window(production, rts, is_exclusive=True, territories=["RS", "ME"])
    with pytest.raises(ConflictError) as refused:
        save_window(unsaved(production, ptrc, territories=["ME", "HR"]), actor=make_producer(ptrc))
    assert refused.value.code == "window-conflict"
    (reason,) = refused.value.details["reasons"]
    assert (reason["window"], reason["holder"], reason["territories"]) == (str(there.uid), "rts", ["ME"])
    assert reason["link"].endswith(f"/productions/window/{there.pk}/change/")
    assert "Montenegro" in reason["message"]
    assert "television" in reason["message"]
    assert Window.objects.count() == 1
    cancel_window(there, actor=None, reason="renegotiated")
    save_window(unsaved(production, ptrc, territories=["ME", "HR"]), actor=make_producer(ptrc))


@pytest.mark.django_db(transaction=True)
def test_of_two_that_exclude_each_other_at_the_same_moment_one_stands():
    rts, ptrc = make_broadcaster("rts"), make_broadcaster("ptrc")
    production = make_production(rts, ptrc)
    wanted = [unsaved(production, house, is_exclusive=True) for house in (rts, ptrc)]
    start, outcomes = threading.Barrier(2), []

    def store(window):
        start.wait(timeout=30)
        try:
            save_window(window, actor=None)
            outcomes.append("stored")
        except ConflictError as error:
            outcomes.append(error.code)
        finally:
            connection.close()

    def store_unlocked(window):
        start.wait(timeout=30)
        try:
            window.save()
            outcomes.append("stored")
        except Exception as error:  # noqa: BLE001 — PostgreSQL may also see a deadlock: either way one is refused
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    for road, refusals in ((store, {"window-conflict"}), (store_unlocked, {"IntegrityError", "OperationalError"})):
        Window.objects.all().delete()
        outcomes.clear()
        threads = [threading.Thread(target=road, args=(window,)) for window in wanted]
        for window in wanted:
            window.pk, window._state.adding = None, True
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert outcomes.count("stored") == 1
        assert set(outcomes) - {"stored"} <= refusals
        assert Window.objects.count() == 1


@pytest.mark.django_db
def test_a_window_in_use_is_not_called_off_nor_given_to_another_and_only_producers_of_partners_write(rts, ptrc):
    production = make_production(rts, ptrc)
    window = make_window(production, rts)
    make_run(window)
    producer = make_producer(rts)
    with pytest.raises(ConflictError) as refused:
        cancel_window(window, actor=producer, reason="no longer wanted")
    assert refused.value.code == "window-in-use"
    window.holder = production.partners.get(broadcaster=ptrc)
    with pytest.raises(ConflictError):
        save_window(window, actor=producer, changed={"holder"})
    window.refresh_from_db()
    window.ends_at = window.starts_at + timedelta(hours=1)
    with pytest.raises(ConflictError) as refused:
        save_window(window, actor=producer, changed={"ends_at"})
    assert refused.value.code == "outside-window"
    for stranger in (make_user(rts), make_producer(make_broadcaster("rtv"))):
        with pytest.raises(ForbiddenError):
            save_window(unsaved(production, rts, platforms=["web"]), actor=stranger)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "blamed"),
    [
        ({"territories": ["XX"]}, "territories"),
        ({"platforms": ["cinema"]}, "platforms"),
        ({"ends_at": STARTS}, "ends_at"),
        ({"is_elsewhere": True, "territories": []}, "is_elsewhere"),
        ({"languages": ["Hungarian!"]}, "languages"),
        ({"repeat_length": 9001}, "repeat_length"),
    ],
)
def test_terms_that_cannot_be_are_refused_by_field(rts, fields, blamed):
    with pytest.raises(DomainError) as refused:
        save_window(unsaved(make_production(rts), rts, **fields), actor=None)
    assert refused.value.details["field"] == blamed


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_run_at_the_same_moment_one_has_it():
    window = make_window(make_production(make_broadcaster("rts")), runs=1)
    channel = make_channel(window.holder.broadcaster)
    start, outcomes = threading.Barrier(2), []

    def show(hours):
        start.wait(timeout=30)
        try:
            make_run(window, hours=hours, channel=channel)
            outcomes.append("shown")
        except IntegrityError as error:
            outcomes.append(error.__cause__.diag.constraint_name)
        finally:
            connection.close()

    threads = [threading.Thread(target=show, args=(hours,)) for hours in (24, 48)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["productions_window_runs", "shown"]
    window.refresh_from_db()
    assert (window.runs_used, window.showings.count()) == (1, 1)
