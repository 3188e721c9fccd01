"""What the models of co-productions share."""

from django.db import models
from django.db.models import Q

from mediaexchange.core.validators import FIRST_DAY, LAST_DAY


def one_of(
    field: str, choices: type[models.TextChoices], name: str, *, or_empty: bool = False
) -> models.CheckConstraint:
    """The database's own knowledge of a field's words."""
    words = [value.value for value in choices] + ([""] if or_empty else [])
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": words}))


def near_days(name: str, *fields: str) -> models.CheckConstraint:
    """What ``validate_day`` asks, held by the database."""
    near = Q(**{f"{field}__range": (FIRST_DAY, LAST_DAY) for field in fields})
    return models.CheckConstraint(name=name, condition=near)
