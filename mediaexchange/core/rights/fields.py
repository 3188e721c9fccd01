"""A column that is derived from names, so that the database can find an organisation in whatever way it was written."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Model

from mediaexchange.core.rights.names import folded


class FoldedNamesField(ArrayField):
    """The names of the column ``of``, folded at every ``save`` and ``bulk_create``; ``update`` must set it itself."""

    def __init__(self, *, of: str, **options: Any) -> None:
        self.of = of
        chosen: dict[str, Any] = {"default": list, "blank": True, "editable": False} | options
        super().__init__(chosen.pop("base_field", None) or models.CharField(max_length=200), **chosen)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def pre_save(self, model_instance: Model, add: bool) -> list[str]:
        names = sorted(set(filter(None, map(folded, getattr(model_instance, self.of)))))
        setattr(model_instance, self.attname, names)
        return names
