"""Keeping each item's validation status with its reasons. Triggers mark what is due; here it is looked at again."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from archive.catalogue import with_parts
from archive.constants import PremisOutcome, PremisType, ValidationStatus
from archive.models import Item, PreservationEvent, Series
from archive.validation import Known, findings_of
from mediaexchange.core.rows import update_rows

BATCH = 200


def validate_items(ids: Collection[int]) -> int:
    """Look at these items and at the wholes that they are parts of; returns how many have another status now.

    In the caller's transaction, if there is one; safe to repeat. Nothing is announced: harvesters see no change.
    """
    wholes = Item.objects.filter(children__in=ids, expected_children__isnull=False).values_list("pk", flat=True)
    wanted = {*ids, *wholes}
    changed = 0
    for start in range(0, len(wanted), BATCH):
        changed += _validate(sorted(wanted)[start : start + BATCH])
    return changed


@transaction.atomic
def _validate(ids: list[int]) -> int:
    list(Item.objects.filter(pk__in=ids).order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    items = list(with_parts(Item.objects.filter(pk__in=ids)))
    known = Known(_children_of(ids), _damaged(items))
    differing = []
    for item in items:
        status, reasons = findings_of(item, known)
        if (item.validation, item.validation_reasons) != (status, reasons):
            item.validation, item.validation_reasons = status.value, reasons
            differing.append(item)
    update_rows(differing, ["validation", "validation_reasons"])
    return len(differing)


def _children_of(ids: list[int]) -> dict[int, int]:
    rows = Item.objects.filter(parent__in=ids).order_by().values_list("parent").annotate(number=Count("pk"))
    return {int(parent or 0): number for parent, number in rows}


def _damaged(items: list[Item]) -> frozenset[int]:
    """Files whose youngest fixity check failed."""
    files = {row.file_id for item in items for row in item.instantiations.all() if row.file_id}
    if not files:
        return frozenset()
    checks = PreservationEvent.objects.filter(file__in=files, kind=PremisType.FIXITY_CHECK)
    youngest = checks.order_by("file", "-at", "-id").distinct("file").values_list("file", "outcome")
    return frozenset(file for file, outcome in youngest if outcome == PremisOutcome.FAILURE)


def validate_due(limit: int = BATCH) -> bool:
    """Look at some of the items that have changed since they were last looked at; False if there is none."""
    due = Item.objects.filter(validation=ValidationStatus.UNCHECKED).order_by("pk")
    ids = list(due.values_list("pk", flat=True)[:limit])
    if ids:
        validate_items(ids)
    return len(ids) == limit


def items_with_missing_parts(items: QuerySet[Item]) -> QuerySet[Any]:
    """Wholes with fewer parts than expected, each with ``there`` and ``missing``, the emptiest first."""
    there = Item.objects.filter(parent=OuterRef("pk")).order_by().values("parent").annotate(number=Count("pk"))
    counted = items.filter(expected_children__isnull=False).annotate(
        there=Coalesce(Subquery(there.values("number")), 0)
    )
    missing = counted.filter(there__lt=F("expected_children")).annotate(missing=F("expected_children") - F("there"))
    return missing.order_by("-missing", "pk")


def series_with_missing_items(series: QuerySet[Series]) -> QuerySet[Any]:
    """Series with fewer items than expected, likewise."""
    there = Item.objects.filter(series=OuterRef("pk")).order_by().values("series").annotate(number=Count("pk"))
    counted = series.filter(expected_items__isnull=False).annotate(there=Coalesce(Subquery(there.values("number")), 0))
    missing = counted.filter(there__lt=F("expected_items")).annotate(missing=F("expected_items") - F("there"))
    return missing.order_by("-missing", "pk")
