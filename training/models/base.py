"""What training's models share."""

from django.db import models
from django.db.models import Q


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """The database's own knowledge of a field's words."""
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": [value.value for value in choices]}))
