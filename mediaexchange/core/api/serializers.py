"""Serializers for records with translated fields."""

import re
from typing import Any

from django.db.models import Model
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from mediaexchange.core.languages.localize import localized, resolve_field
from mediaexchange.core.languages.tags import SHOWN, to_bcp47

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,50}")


class SeesOnly(serializers.SlugRelatedField):
    """A relation chosen among what the caller may see; anything else does not exist."""

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str) or not _SLUG.fullmatch(data):
            self.fail("does_not_exist", slug_name=self.slug_field, value=str(data)[:60])
        return super().to_internal_value(data)

    def get_queryset(self) -> Any:
        queryset: Any = super().get_queryset()
        return queryset.visible_to(self.context["request"].user)


class UidOf(SeesOnly):
    """The same, named by its UUID."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="uid", **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(str(serializers.UUIDField().run_validation(data)))


class TranslatedField(serializers.CharField):
    """The text in the request's language, or in the nearest one that has text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def get_attribute(self, instance: Model) -> Any:
        return instance

    def to_representation(self, value: Any) -> str:
        return localized(value, self.field_name or "")


class TranslatedSerializer(serializers.ModelSerializer):
    """Says for each translated field which language was really given; ``?translations=all`` adds every language."""

    text_languages = serializers.SerializerMethodField()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        data: dict[str, Any] = super().to_representation(instance)
        request = self.context.get("request")
        if request is not None and request.query_params.get("translations") == "all":
            data["translations"] = {
                name: {to_bcp47(code): localized(instance, name, code) for code in SHOWN if _has(instance, name, code)}
                for name in self._translated()
            }
        return data

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "string"}})
    def get_text_languages(self, instance: Any) -> dict[str, str]:
        given = {name: resolve_field(instance, name).language for name in self._translated()}
        return {name: to_bcp47(language) for name, language in given.items() if language}

    def _translated(self) -> list[str]:
        return [name for name, field in self.fields.items() if isinstance(field, TranslatedField)]


def _has(instance: Model, name: str, code: str) -> bool:
    return resolve_field(instance, name, code).language == code
