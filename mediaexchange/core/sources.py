"""Who says so: a column of sources, each an object with a ``title`` and, where it is on the web, a ``url``."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import BooleanField, CheckConstraint, F, Func, Q, TextField, Value
from django.db.models.lookups import Exact
from django.utils.translation import gettext as _

_UNTITLED = '$[*] ? (@.type() != "object" || !(exists(@.title ? (@.type() == "string" && @ != ""))))'


def validate_sources(value: Any) -> None:
    """Raises ValidationError for anything but a list of titled objects."""
    titled = isinstance(value, list) and all(
        isinstance(source, dict) and isinstance(source.get("title"), str) and source["title"] for source in value
    )
    if not titled:
        raise ValidationError(_('Write a list of sources, each with a title: [{"title": "…", "url": "…"}].'))


def sources_are_titled(column: str, name: str) -> CheckConstraint:
    """The same in the database."""
    untitled = Func(
        F(column), Value(_UNTITLED), function="jsonb_path_exists", template="%(function)s(%(expressions)s::jsonpath)",
        output_field=BooleanField(),
    )  # fmt: skip
    kind = Func(F(column), function="jsonb_typeof", output_field=TextField())
    return CheckConstraint(name=name, condition=Q(Exact(kind, "array")) & Q(Exact(untitled, False)))
