"""What the resources of co-productions share: seen through a production, which the path or a filter names."""

from typing import Any

from django_filters import rest_framework as filters
from rest_framework import serializers

from training.api.base import WritableViewSet


class ProductionsViewSet(WritableViewSet):
    """Rows of which a change must name the state that was seen; a key needs ``productions:read`` or ``:write``."""

    resource = "productions"


class ByProduction(filters.FilterSet):
    """Parts of one production, named by its UUID."""

    production = filters.UUIDFilter(field_name="production__uid")


class ProductionField(serializers.SlugRelatedField):
    """The production that a part belongs to, by its UUID."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="uid", read_only=True, **kwargs)
