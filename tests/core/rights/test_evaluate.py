from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mediaexchange.core.rights.evaluate import evaluate
from mediaexchange.core.rights.names import folded
from mediaexchange.core.rights.terms import PLATFORMS, Asking, Material, Term

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
IN_KAZAKHSTAN = Asking(territories=frozenset({"KZ"}), at=NOON, names=frozenset({folded("ПТРК"), "ptrc"}))
IN_SERBIA = replace(IN_KAZAKHSTAN, territories=frozenset({"RS"}))


def ask(asking, *terms, **material):
    return evaluate(Material(terms=terms, **{"origin_country": "RS", "first_published_at": NOON} | material), asking)


def codes(statements):
    return [statement.code for statement in statements]


def test_without_terms_everything_is_allowed():
    assert ask(IN_KAZAKHSTAN).is_allowed


def test_a_bar_without_territories_holds_everywhere():
    assert not ask(IN_KAZAKHSTAN, Term(is_barred=True)).is_allowed
    assert not ask(IN_SERBIA, Term(is_barred=True)).is_allowed


def test_a_bar_in_a_set_holds_in_its_members_and_only_there():
    assert not ask(IN_KAZAKHSTAN, Term(territories=("CIS",), is_barred=True)).is_allowed
    assert ask(IN_SERBIA, Term(territories=("CIS",), is_barred=True)).is_allowed


def test_everywhere_else_turns_the_territories_round():
    only_in_serbia = Term(territories=("RS",), is_elsewhere=True, is_barred=True)
    assert not ask(IN_KAZAKHSTAN, only_in_serbia).is_allowed
    assert ask(IN_SERBIA, only_in_serbia).is_allowed


def test_kosovo_is_neither_in_nor_out_of_serbia_but_a_code_of_its_own():
    there = replace(IN_KAZAKHSTAN, territories=frozenset({"XK"}))
    assert ask(there, Term(territories=("RS",), is_barred=True)).is_allowed
    assert not ask(there, Term(territories=("RS-INCL-XK",), is_barred=True)).is_allowed
    assert not ask(IN_SERBIA, Term(territories=("RS-INCL-XK",), is_barred=True)).is_allowed
    assert not ask(there, Term(territories=("WB6",), is_barred=True)).is_allowed


def test_a_territory_that_nobody_knows_is_refused_everywhere_rather_than_nowhere():
    assert not ask(IN_KAZAKHSTAN, Term(territories=("Ruritania",), is_barred=True)).is_allowed
    assert not ask(IN_KAZAKHSTAN, Term(territories=("Ruritania",), is_elsewhere=True, is_barred=True)).is_allowed


def test_who_asks_for_several_territories_needs_every_one():
    both = replace(IN_KAZAKHSTAN, territories=frozenset({"KZ", "RS"}))
    assert not ask(both, Term(territories=("RS",), is_barred=True)).is_allowed
    assert not ask(both, Term(territories=("RS",), is_elsewhere=True, is_barred=True)).is_allowed


@pytest.mark.parametrize(
    ("after", "is_allowed"), [(-SECOND, True), (timedelta(0), False), (SECOND, False), (timedelta(hours=1), True)]
)
def test_a_period_holds_its_first_moment_and_not_its_last(after, is_allowed):
    term = Term(is_barred=True, starts_at=NOON, ends_at=NOON + timedelta(hours=1))
    assert ask(replace(IN_KAZAKHSTAN, at=NOON + after), term).is_allowed is is_allowed


def test_a_bar_to_come_is_told_in_time():
    decision = ask(IN_KAZAKHSTAN, Term(is_barred=True, starts_at=NOON + SECOND))
    (condition,) = decision.conditions
    assert (condition.code, condition.values["starts_at"]) == ("barred-from", "2026-07-01T12:00:01+00:00")


def test_any_platform_is_refused_only_when_none_is_left():
    decision = ask(IN_KAZAKHSTAN, Term(is_barred=True, platforms=("television",)))
    assert decision.is_allowed
    assert decision.conditions[0].values["platforms"] == ["television"]
    assert not ask(
        replace(IN_KAZAKHSTAN, platform="television"), Term(is_barred=True, platforms=("television",))
    ).is_allowed
    assert not ask(IN_KAZAKHSTAN, *(Term(is_barred=True, platforms=(name,)) for name in PLATFORMS)).is_allowed


def test_no_online_bars_the_web_and_leaves_television():
    assert codes(ask(replace(IN_KAZAKHSTAN, platform="web"), Term(no_online=True)).reasons) == ["no-online"]
    assert ask(replace(IN_KAZAKHSTAN, platform="television"), Term(no_online=True)).is_allowed
    assert "no-online" in codes(ask(IN_KAZAKHSTAN, Term(no_online=True)).conditions)


@pytest.mark.parametrize("name", ["PTRC", "ptrc", "ПТРК", " P.T.R.C. ", "PTRK"])
def test_a_competitor_is_found_in_any_script_and_case(name):
    term = Term(barred_names=frozenset({folded(name)}))
    assert codes(ask(IN_KAZAKHSTAN, term).reasons) == ["competitor"]
    assert ask(replace(IN_KAZAKHSTAN, names=frozenset({"rts"})), term).is_allowed


@pytest.mark.parametrize(("after", "is_allowed"), [(timedelta(hours=48) - SECOND, False), (timedelta(hours=48), True)])
def test_others_do_not_show_it_in_the_country_of_origin_within_the_window(after, is_allowed):
    term = Term(reimport_hours=48)
    assert ask(replace(IN_SERBIA, at=NOON + after), term).is_allowed is is_allowed
    assert ask(replace(IN_KAZAKHSTAN, at=NOON + after), term).is_allowed
    assert not ask(IN_SERBIA, term, first_published_at=None).is_allowed


def test_elsewhere_the_window_is_a_condition():
    (condition,) = ask(IN_KAZAKHSTAN, Term(reimport_hours=24)).conditions
    assert (condition.code, condition.values["ends_at"]) == ("reimport", "2026-07-02T12:00:00+00:00")


def test_a_barred_shot_leaves_the_rest_and_all_barred_shots_leave_nothing():
    first, second = Term(part=0, is_barred=True), Term(part=1, territories=("KZ",), is_barred=True)
    decision = ask(IN_KAZAKHSTAN, first, parts=2)
    assert [(each.code, each.values["shots"]) for each in decision.conditions] == [("shots-barred", [0])]
    refused = ask(IN_KAZAKHSTAN, first, second, parts=2)
    assert codes(refused.reasons) == ["all-shots-barred", "barred", "barred"]
    assert ask(IN_SERBIA, first, second, parts=2).is_allowed


def test_shots_barred_on_different_platforms_leave_a_part_on_each():
    on_air, online = Term(part=0, is_barred=True, platforms=("television",)), Term(part=1, no_online=True)
    decision = ask(IN_KAZAKHSTAN, on_air, online, parts=2)
    assert decision.is_allowed
    said = [
        (each.values["shots"], each.values.get("platforms"))
        for each in decision.conditions
        if each.code == "shots-barred"
    ]
    assert said == [([0], ["television"]), ([1], ["web", "social", "streaming", "mobile"])]


def test_duties_are_conditions_where_and_when_they_hold():
    term = Term(territories=("KZ",), max_seconds=120, no_archive=True, no_edit=True, no_resale=True, note="Тек вест")
    decision = ask(IN_KAZAKHSTAN, term)
    assert codes(decision.conditions) == ["max-seconds", "no-archive", "no-edit", "no-resale"]
    assert decision.conditions[0].values == {"seconds": 120, "note": "Тек вест"}
    assert ask(IN_SERBIA, term).conditions == ()
    assert ask(replace(IN_KAZAKHSTAN, at=NOON), replace(term, ends_at=NOON)).conditions == ()


def test_a_bar_elsewhere_is_told_to_those_whose_signal_reaches_there():
    (condition,) = ask(IN_SERBIA, Term(territories=("RU",), is_barred=True)).conditions
    assert (condition.code, condition.values["territories"]) == ("barred-elsewhere", ["RU"])
