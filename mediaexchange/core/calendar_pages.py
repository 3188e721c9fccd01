"""The admin's page “My calendars”: addresses of one's own, of one's desks and of their modules."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.admin_base import ExchangeAdmin, staff
from mediaexchange.core.calendar_feeds import address_of, make_feed, revoke_feed
from mediaexchange.core.calendars import subjects_of
from mediaexchange.core.errors import Message
from mediaexchange.core.models import CalendarFeed, CalendarKind, User


@dataclass(frozen=True, slots=True)
class Line:
    """A calendar that one may have, with its address if it was made."""

    kind: str
    uid: UUID | None
    name: Message
    feed: CalendarFeed | None
    address: str

    @property
    def subscribe(self) -> str:
        """What opens a calendar program at once."""
        return f"webcal://{self.address.partition('://')[2]}" if self.address else ""


@admin.register(CalendarFeed)
class CalendarPage(ExchangeAdmin):
    """Stands where a list of the addresses would. A desk or module is called by its name, its rows by nobody else."""

    class Media:
        css = {"all": ["core/calendars.css"]}
        js = ["core/copy.js"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        user = staff(request)
        if request.method == "POST":
            self._do(request, user)
            return HttpResponseRedirect(request.path)
        request.current_app = self.admin_site.name
        groups = [
            (title, [line for line in lines_of(user) if line.kind == kind])
            for kind, title in (
                (CalendarKind.PERSON, _("Mine")),
                (CalendarKind.DESK, _("Desks")),
                (CalendarKind.MODULE, _("Modules")),
            )
        ]
        context = {"title": _("My calendars"), "groups": groups, "media": self.media, "opts": self.opts}
        response = TemplateResponse(
            request, "core/admin/calendars.html", {**self.admin_site.each_context(request), **context}
        )
        response.headers["Cache-Control"] = "private, no-store"  # addresses are secrets
        return response

    def _do(self, request: HttpRequest, user: User) -> None:
        kind, subject = request.POST.get("kind", ""), _uid(request.POST.get("subject", ""))
        if kind not in CalendarKind.values:
            raise PermissionDenied
        if request.POST.get("deed") == "revoke":
            for feed in CalendarFeed.objects.visible_to(user).alive().filter(kind=kind, subject_uid=subject):
                revoke_feed(feed)
            self.message_user(request, _("The address leads nowhere any more."), messages.SUCCESS)
        elif self.tried(request, lambda: make_feed(user, kind=kind, subject=subject)):
            self.message_user(request, _("The address is made. Copy it into your calendar."), messages.SUCCESS)

    def narrowed(self, queryset: Any, request: HttpRequest) -> Any:
        return queryset.none()  # no row has a page

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return isinstance(request.user, User) and request.user.is_staff

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def lines_of(user: User) -> list[Line]:
    """Every calendar that the user may have, one's own first."""
    made = {(feed.kind, feed.subject_uid): feed for feed in CalendarFeed.objects.visible_to(user).alive()}
    wanted: list[tuple[str, UUID | None, Message]] = [(CalendarKind.PERSON, None, _("What concerns me"))]
    wanted += [(each.kind, each.uid, each.name) for each in subjects_of(user)]
    lines = []
    for kind, uid, name in wanted:
        feed = made.get((kind, uid))
        lines.append(Line(kind, uid, name, feed, address_of(feed) if feed else ""))
    return lines


def _uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
