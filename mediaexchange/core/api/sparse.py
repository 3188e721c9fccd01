"""``?fields=``: only these fields of each record, by the names of the schema."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request

from mediaexchange.core.api.problems import BadParameterError


def wanted_fields(request: Request, serializer_class: Any) -> frozenset[str]:
    """The fields asked for; none means all. Raises BadParameterError for a name that the record does not have."""
    text = request.query_params.get("fields", "")
    wanted = frozenset(name.strip() for name in text.split(",") if name.strip())
    known = set(serializer_class().fields) if isinstance(serializer_class, type) else set()
    for name in sorted(wanted - known):
        raise BadParameterError(
            "fields", _("There is no field “%(name)s” here.") % {"name": name[:60]}, "unknown-field"
        )
    return wanted


def pick(record: Any, wanted: frozenset[str]) -> Any:
    """The record with these fields and, if they were asked for, its translations."""
    if not wanted or not isinstance(record, dict):
        return record
    return {name: value for name, value in record.items() if name in wanted or name == "translations"}


def wants_translations(request: Request) -> bool:
    """``?translations=all``; any other value is an error."""
    text = request.query_params.get("translations", "")
    if text not in ("", "all"):
        raise BadParameterError("translations", _("“translations” can only be “all”."), "bad-translations")
    return bool(text)
