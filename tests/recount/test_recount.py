"""A year made up from a seed: what the registry counts is what plain SQL counts, for every house, partner, period and
viewer. An indicator or a breakdown without a recount fails here."""

from itertools import product

import pytest
from django.db import connection

from broadcasters.balance import Direction, records
from broadcasters.indicators import breakdowns, indicators
from broadcasters.spans import parse_span
from tests.recount.sql import PARTS, RECOUNTS, figure_sql, parts_sql
from tests.recount.year import Year

SEED = 20_260_227
# The months and weeks in which clocks change in Belgrade, the week across the new year; in between the whole year, in
# which most is counted.
PERIODS = ("2026", "2026-03", "2026-W13", "2026", "2026-Q4", "2026-W43", "2026", "2026-10", "2026-W53", "2026-01")
TURNS = 3  # each indicator is asked every third question: all viewers and all sides, others of them together


class Question:
    """A house, a partner or none, a viewer, and a period."""

    def __init__(self, number, house, partner, viewer, code):
        self.number, self.house, self.partner, self.viewer = number, house, partner, viewer
        self.span = parse_span(code)

    def __str__(self):
        return f"{self.house.slug} → {self.partner and self.partner.slug}, {self.span.code}, {self.viewer.username}"

    def values(self):
        zone, partner = self.house.time_zone, self.partner.pk if self.partner else None
        bounds = (self.span.first, zone, self.span.last, zone)
        return (self.house.pk, partner, *bounds, self.span.first, self.span.last, self.viewer.pk)

    def rows(self, count):
        if self.partner:
            return records(count, Direction(self.house, self.partner), self.span, self.viewer)
        rows = count.rows(self.house, self.span.period(self.house.time_zone))
        return rows.filter(pk__in=rows.model._default_manager.visible_to(self.viewer).values("pk"))


def questions_of(year):
    sides = [(house, partner) for house in year.houses for partner in [None, *year.houses] if partner != house]
    combined = product(sides, year.viewers)
    return [
        Question(number, *side, viewer, PERIODS[number % len(PERIODS)])
        for number, (side, (_name, viewer)) in enumerate(combined)
    ]


def test_every_indicator_and_breakdown_has_a_recount():
    assert sorted(RECOUNTS) == [count.name for count in indicators()], "write the recount in tests/recount/sql.py"
    assert sorted(PARTS) == sorted(each.name for each in breakdowns()), "write its part in tests/recount/sql.py"


@pytest.mark.django_db
def test_a_random_year_is_counted_as_plain_sql_counts_it():
    asked = questions_of(Year(SEED))
    differing, empty = [], []
    with connection.cursor() as cursor:
        for turn, count in enumerate(indicators()):
            chosen = [question for question in asked if question.number % TURNS == turn % TURNS]
            told = {}
            for question in chosen:
                cursor.execute(figure_sql(RECOUNTS[count.name]), question.values())
                told[question.number] = cursor.fetchone()[0]
            counted = {question.number: count.value(question.rows(count)) for question in chosen}
            differing += [
                (count.name, str(question), counted[question.number], told[question.number])
                for question in chosen
                if counted[question.number] != told[question.number]
            ]
            # What never counts anything, or counts the same for everybody, would prove nothing.
            if len(set(counted.values())) < 3:
                empty.append((count.name, set(counted.values())))
    assert not differing, differing[:10]
    assert not empty, empty


@pytest.mark.django_db
def test_every_breakdown_of_a_random_year_divides_as_plain_sql_divides_it():
    asked = [question for question in questions_of(Year(SEED + 1)) if question.partner][::4]
    with connection.cursor() as cursor:
        for each in breakdowns():
            told = {}
            for question in asked:
                cursor.execute(parts_sql(RECOUNTS[each.count.name], PARTS[each.name]), question.values())
                told[question.number] = dict(cursor.fetchall())
                rows = question.rows(each.count)
                parts = {part.key: part.value for part in each.parts(rows)}
                assert parts == told[question.number], (each.name, str(question))
                for key, value in list(parts.items())[:1]:
                    assert each.count.value(each.narrowed(rows, key)) == value, (each.name, key)
            assert any(len(parts) > 1 for parts in told.values()), each.name
