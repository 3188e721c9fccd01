"""What resources share in writing: strict input, texts by language, states that If-Match names."""

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from rest_framework import serializers
from rest_framework.response import Response

from mediaexchange.core.api.preconditions import etag_of
from mediaexchange.core.languages.tags import STORED, stored_language


class StrictSerializer(serializers.Serializer):
    """A field that nobody declared is an error, however deep it stands."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(map(str, data)) - set(self.fields))):
            raise serializers.ValidationError({name[:60]: [_("There is no such field here.")] for name in unknown[:10]})
        return super().to_internal_value(data)


class TextsField(serializers.DictField):
    """Texts by BCP 47 tag of a stored language, Serbian in either script; each an object of the named fields."""

    def __init__(self, fields: Mapping[str, int], **kwargs: Any) -> None:
        declared = {
            name: serializers.CharField(max_length=length, allow_blank=True, required=False)
            for name, length in fields.items()
        }
        self.lengths = dict(fields)
        super().__init__(child=type("TextInput", (StrictSerializer,), declared)(), **kwargs)

    def to_internal_value(self, data: Any) -> dict[str, str]:
        """By column: ``title_sr`` …"""
        given: dict[str, dict[str, str]] = super().to_internal_value(data)
        columns: dict[str, str] = {}
        homes: set[str] = set()
        for tag, texts in given.items():
            home = stored_language(tag)
            if home is None:
                names = ", ".join(STORED)
                raise serializers.ValidationError(
                    {tag[:35]: [_("Give texts in one of: %(names)s.") % {"names": names}]}
                )
            if home in homes:
                raise serializers.ValidationError(_("One language is given twice, in two scripts."))
            homes.add(home)
            columns |= {f"{name}_{home}": text for name, text in texts.items()}
        return columns


class TextsFieldSchema(OpenApiSerializerFieldExtension):
    """Written where it stands: such objects differ from field to field and have no name."""

    target_class = TextsField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        texts = {name: {"type": "string", "maxLength": length} for name, length in self.target.lengths.items()}
        each = {"type": "object", "properties": texts, "additionalProperties": False}
        return {"type": "object", "additionalProperties": each}


def fill(row: Model, values: Mapping[str, Any]) -> set[str]:
    """Put what was sent into the row; returns the names of the fields that differ from it."""
    changed = set()
    for name, value in values.items():
        before = getattr(row, name)
        if before != value and not (_is_blank(before) and _is_blank(value)):
            setattr(row, name, value)
            changed.add(name)
    return changed


def _is_blank(value: Any) -> bool:
    return value is None or value in ("", [])


def columns_of(values: dict[str, Any]) -> dict[str, Any]:
    """Validated values with ``texts`` spread over their columns."""
    columns: dict[str, Any] = values.pop("texts", {})
    return columns | values


def revision_of(row: Model, *, without: Iterable[str] = (), parts: Iterable[str] = ()) -> str:
    """A short name for the state of a row that counts no versions: it changes whenever a field does.

    ``parts`` name lists that count as well: rows of its own with all they say, linked ones by their keys.
    """
    left_out = set(without)
    state = [getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in left_out]
    for name in parts:
        linked = sorted(getattr(row, name).all(), key=lambda each: each.pk)
        if row._meta.get_field(name).one_to_many:
            state += [getattr(each, field.attname) for each in linked for field in each._meta.concrete_fields]
        else:
            state += [each.pk for each in linked]
    return f"{zlib.crc32(repr(state).encode()):08x}"


def tagged(response: Response, row: Model, *, without: Iterable[str] = (), parts: Iterable[str] = ()) -> Response:
    """The answer with the ETag that a change of the row must bring as If-Match."""
    content = orjson.dumps(response.data, default=str)
    response.headers["ETag"] = etag_of(revision_of(row, without=without, parts=parts), content)
    return response
