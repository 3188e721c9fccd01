"""What is still missing: parts and episodes that should be there, and why items are not complete."""

import csv
import io
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _

from archive.admin.base import ArchiveAdmin
from archive.constants import ValidationStatus
from archive.formats.tables import FORMULA
from archive.models import Item, Series
from archive.services.validation import items_with_missing_parts, series_with_missing_items
from archive.validation import RULES
from mediaexchange.core.admin_base import staff
from mediaexchange.core.models import User

MOST_SHOWN = 200


class CompletenessPage(ArchiveAdmin):
    """Stands beside the items, for those who may see them; it counts what one's own houses hold."""

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        return [
            path("completeness/", site.admin_view(self.completeness_view), name="archive_completeness"),
            path("completeness/missing.csv", site.admin_view(self.missing_view), name="archive_missing"),
            *super().get_urls(),
        ]

    def completeness_view(self, request: HttpRequest) -> HttpResponse:
        user = staff(request)
        own = Item.objects.own(user)
        counted = dict(own.order_by().values_list("validation").annotate(number=Count("pk")))
        address = reverse("admin:archive_item_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Completeness"),
            "content_title": _("Completeness"),
            "states": [
                (each.label, counted.get(each.value, 0), f"{address}?{urlencode({'validation': each.value})}")
                for each in ValidationStatus
            ],
            "reasons": _reasons(user),
            "items": items_with_missing_parts(own)[:MOST_SHOWN],
            "series": series_with_missing_items(Series.objects.visible_to(user))[:MOST_SHOWN],
            "table": reverse("admin:archive_missing"),
            "media": self.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, "archive/completeness.html", context)

    def missing_view(self, request: HttpRequest) -> HttpResponse:
        """All that is missing, as CSV."""
        user = staff(request)
        target = io.StringIO()
        target.write("\ufeff")
        writer = csv.writer(target)
        writer.writerow(str(each) for each in (_("identifier"), _("title"), _("expected"), _("there"), _("missing")))
        for item in items_with_missing_parts(Item.objects.own(user)).iterator():
            _write(writer, item.identifier, str(item), item.expected_children, item)
        for series in series_with_missing_items(Series.objects.visible_to(user)).iterator():
            _write(writer, series.slug, str(series), series.expected_items, series)
        headers = {"Content-Disposition": 'attachment; filename="missing.csv"'}
        return HttpResponse(target.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _write(writer: Any, name: str, title: str, expected: int | None, row: Any) -> None:
    texts = [f"'{text}" if FORMULA.match(text) else text for text in (name, title)]
    writer.writerow([*texts, expected, row.there, row.missing])


def _reasons(user: User) -> list[tuple[Any, int]]:
    """Rule by rule, how many of one's own items it finds fault with."""
    own = Item.objects.own(user).exclude(validation_reasons=[])
    counts = [(rule.message, own.filter(validation_reasons__contains=[{"code": rule.code}]).count()) for rule in RULES]
    return [(message, number) for message, number in counts if number]
