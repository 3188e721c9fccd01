"""What the pages of co-productions share: one header over all that belongs to a production.

A part of a production makes its own pages with ``production_view`` and is in the header of every one of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString

from archive.admin.base import ArchiveAdmin
from mediaexchange.core.admin_base import label, staff
from mediaexchange.core.errors import Message
from mediaexchange.core.languages.localize import localized
from productions.models import Production, Stage
from productions.services.production import houses_that_may, partner_ids

View = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Tab:
    """A link in the header. ``permission`` is asked at the production's partners."""

    title: Message
    url_name: str
    permission: str
    position: int


@dataclass(frozen=True, slots=True)
class Mounted:
    route: str
    name: str
    view: View
    permission: str


_tabs: dict[str, Tab] = {}
_views: dict[str, Mounted] = {}


def production_page(title: Message, url_name: str, permission: str, *, position: int = 50) -> None:
    """Link a page from the header of its production; ``url_name``, in the admin's namespace, takes its id."""
    _tabs[url_name] = Tab(title, url_name, permission, position)


def production_view(
    route: str,
    name: str,
    *,
    title: Message | None = None,
    permission: str = "productions.view_production",
    position: int = 50,
) -> Callable[[View], View]:
    """Mount a page below a production's own: ``…/{id}/{route}``, named ``admin:productions_production_{name}``.

    The function is given the production's page (a ``ModelAdmin``), the request, the production and what else the route
    names. A production that the reader does not see is answered with 404, a missing permission at its partners with
    403. With a title the header links to it.
    """

    def register(view: View) -> View:
        _views[name] = Mounted(route, name, view, permission)
        if title is not None:
            production_page(title, f"productions_production_{name}", permission, position=position)
        return view

    return register


def mounted_views() -> list[Mounted]:
    return list(_views.values())


def may_at(request: HttpRequest, permission: str, production: Production) -> bool:
    """Whether one of the production's partners has given the reader a role with the permission."""
    return bool(houses_that_may(staff(request), permission, production))


def tabs_of(request: HttpRequest, production: Production) -> list[dict[str, Any]]:
    """The links of the header, the production's own page first; each once, for those who may open it."""
    user = staff(request)
    own = reverse("admin:productions_production_change", args=[production.pk])
    shown: list[dict[str, Any]] = [{"title": Production._meta.verbose_name, "address": own}]
    granted: dict[str, bool] = {}
    for tab in sorted(_tabs.values(), key=lambda tab: tab.position):
        if tab.permission not in granted:
            granted[tab.permission] = bool(houses_that_may(user, tab.permission, production))
        if granted[tab.permission]:
            shown.append({"title": tab.title, "address": reverse(f"admin:{tab.url_name}", args=[production.pk])})
    for link in shown:
        link["is_current"] = link["address"] == request.path
    return shown


def header_of(request: HttpRequest, production: Production) -> dict[str, Any]:
    """What ``productions/page.html`` and the box above the form show of a production."""
    return {
        "production": production,
        "production_title": localized(production, "name"),
        "stage_label": stage_label(production.stage),
        "tabs": tabs_of(request, production),
    }


def stage_label(stage: Stage) -> SafeString:
    look = "danger" if stage.is_stopped else "success" if stage.is_delivering else "" if stage.is_closed else "info"
    return label(localized(stage, "name"), look)


class ProductionPagesAdmin(ArchiveAdmin):
    """Rows that belong to a production: seen through it, changed by producers of its partners."""

    class Media:
        css = {
            "all": [
                "productions/productions.css",
                "productions/money.css",
                "productions/review.css",
                "productions/schedule.css",
            ]
        }

    def production_of(self, obj: Any) -> Production:
        return obj if isinstance(obj, Production) else obj.production

    def houses_of(self, obj: Any) -> Iterable[int]:
        return partner_ids(self.production_of(obj))

    def production_response(
        self, request: HttpRequest, production: Production, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        """A page about a production below its header; the template extends ``productions/page.html``."""
        return self.page(request, template, production, header_of(request, production) | context)
