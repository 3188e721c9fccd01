"""Small checks for single values."""

from datetime import UTC, date, datetime

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from rest_framework import serializers

from correspondents.admin.base import LocalMomentField
from mediaexchange.core.validators import validate_day


@pytest.mark.parametrize("year", [1, 1899, 2201, 9999])
def test_no_field_takes_a_moment_near_the_ends_of_the_calendar(year):
    day = f"{year:04}-06-15"
    with pytest.raises(ValidationError):
        models.DateTimeField().clean(datetime(year, 6, 15, tzinfo=UTC), None)
    with pytest.raises(serializers.ValidationError):
        serializers.DateTimeField().run_validation(f"{day}T10:00:00Z")
    with pytest.raises(ValidationError):
        forms.SplitDateTimeField(input_date_formats=["%Y-%m-%d"]).clean([day, "10:00"])
    with pytest.raises(ValidationError):
        LocalMomentField().clean(f"{day}T10:00")


def test_moments_of_the_living_and_of_their_grandchildren_are_taken():
    for year in (1900, 2200):
        moment = datetime(year, 6, 15, tzinfo=UTC)
        assert models.DateTimeField().clean(moment, None) == moment
        assert serializers.DateTimeField().run_validation(moment.isoformat()) == moment


def test_a_day_of_a_plan_is_within_the_same_years():
    validate_day(date(1900, 1, 1))
    validate_day(date(2200, 12, 31))
    for day in (date(1, 1, 1), date(1899, 12, 31), date(2201, 1, 1), date(9999, 12, 31)):
        with pytest.raises(ValidationError):
            validate_day(day)
