"""The inbox and the choices of whoever is signed in."""

from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import time_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.widgets import UnfoldAdminSelectWidget

from mediaexchange.core.admin_base import ExchangeAdmin, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.inbox.choosing import choose_ways, ways_of
from mediaexchange.core.inbox.constants import MailStatus
from mediaexchange.core.inbox.models import Notification, NotificationMail
from mediaexchange.core.inbox.reading import mark_all_read, mark_read, with_texts
from mediaexchange.core.models import User
from mediaexchange.core.notifications import all_kinds, kinds_for, link_of
from mediaexchange.core.numbers import whole_number

ON_A_PAGE = 25
WAYS_HELP = gettext_lazy(
    "How you hear of it: by mail at once, in one mail a day, here in the inbox alone, or not at all."
)


@dataclass(frozen=True, slots=True)
class Filter:
    """An address that narrows the list, and whether it does now."""

    label: str
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One notification; ``text`` is "" if its subject is gone for the reader."""

    row: Notification
    kind: str
    text: str
    address: str


@admin.register(Notification)
class Inbox(ExchangeAdmin):
    """Stands where a list of rows would. Everybody on the staff has one, and nobody another's."""

    def get_urls(self) -> list[URLPattern]:
        def own(view: Any) -> Any:
            return self.admin_site.admin_view(view)

        return [
            path("mark/", own(self.mark), name="core_notification_mark"),
            path("choices/", own(self.choices), name="core_notification_choices"),
            path("<int:pk>/open/", own(self.open), name="core_notification_open"),
            *super().get_urls(),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_active and request.user.is_staff)  # the sign-in page asks, too

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False  # the bell is on every page

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        reader = staff(request)
        app, is_unread = _app_asked(request), "unread" in request.GET
        rows = Notification.objects.visible_to(reader)
        if is_unread:
            rows = rows.unread()
        if app:
            rows = rows.filter(kind__startswith=f"{app}.")
        before = whole_number(request.GET.get("before", ""))
        if before is not None:
            rows = rows.filter(pk__lt=before)
        found = list(rows.order_by("-pk")[: ON_A_PAGE + 1])
        listed = with_texts(found[:ON_A_PAGE], reader)
        titles = {kind.code: str(kind.title) for kind in all_kinds()}
        context = {
            "title": _("Notifications"),
            "lines": [
                Line(row, titles.get(row.kind, ""), row.text, reverse("admin:core_notification_open", args=[row.pk]))
                for row in listed
            ],
            "filters": _filters(reader, app, is_unread=is_unread),
            "marking": _address(app, is_unread=is_unread, page="mark"),
            "up_to": listed[0].pk if listed else "",
            "has_unread": any(row.read_at is None for row in listed),
            "is_narrowed": is_unread or bool(app),
            "older": _address(app, is_unread=is_unread, before=listed[-1].pk) if len(found) > ON_A_PAGE else "",
            "newest": _address(app, is_unread=is_unread) if before else "",
        }
        return self._page(request, "core/inbox/inbox.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A notification has no page of its own: the list is where it stands."""
        if self.get_object(request, object_id) is None:
            return self.missing(request, object_id)
        return HttpResponseRedirect(reverse("admin:core_notification_changelist"))

    def open(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Mark it as read and lead to its subject; to the inbox where that is gone."""
        reader = staff(request)
        row = get_object_or_404(Notification.objects.visible_to(reader), pk=pk)
        if request.method != "HEAD":
            mark_read(reader, [row.uid])
        row.recipient = reader
        address = link_of(row)
        if not address:
            self.message_user(request, _("What this is about cannot be seen by you now."), messages.WARNING)
        return HttpResponseRedirect(address or reverse("admin:core_notification_changelist"))

    def mark(self, request: HttpRequest) -> HttpResponse:
        """Mark the chosen ones, or all up to the youngest that was shown, as read."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        reader, app = staff(request), _app_asked(request)
        if "all" in request.POST:
            count = mark_all_read(reader, up_to=whole_number(request.POST.get("up_to", "")) or 0, app=app)
        else:
            count = mark_read(reader, _uids(request.POST.getlist("uid")))
        said = ngettext("%(count)d notification is read now.", "%(count)d notifications are read now.", count)
        self.message_user(request, said % {"count": count}, messages.SUCCESS)
        return HttpResponseRedirect(_address(app, is_unread="unread" in request.GET))

    def choices(self, request: HttpRequest) -> HttpResponse:
        """How the signed-in person wants to be told, kind by kind."""
        reader = staff(request)
        form = ChoicesForm(reader, request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            hour = int(form.cleaned_data["digest_hour"])
            ways = {kind.code: form.cleaned_data[kind.code] for kind in form.kinds}
            if self.tried(request, lambda: choose_ways(reader, ways, digest_hour=hour)):
                self.message_user(request, _("Your choices are kept."), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:core_notification_choices"))
        last = NotificationMail.objects.filter(recipient=reader).exclude(status=MailStatus.PENDING).order_by("-pk")
        context = {
            "title": _("What I am told, and how"),
            "form": form,
            "groups": form.groups(),
            "ways": WAYS_HELP,
            "address": reader.email,
            "zone": reader.time_zone,
            "has_failed": last.values_list("status", flat=True).first() == MailStatus.FAILED,
        }
        return self._page(request, "core/inbox/choices.html", context)

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        request.current_app = self.admin_site.name
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return TemplateResponse(request, template, shared | context)


class ChoicesForm(HelpedForm):
    """A field for each kind of which the person may be told, named by its code, and the hour of the digest."""

    digest_hour = forms.TypedChoiceField(
        label=gettext_lazy("Hour of the mail once a day"), coerce=int, widget=UnfoldAdminSelectWidget,
        help_text=gettext_lazy("Mail once a day goes out at this hour, if there is anything to tell."),
    )  # fmt: skip

    def __init__(self, person: User, data: Any = None) -> None:
        super().__init__(data, initial={"digest_hour": person.digest_hour, **ways_of(person)})
        self.kinds = kinds_for(person)
        hours = self.fields["digest_hour"]
        hours.choices = [(hour, time_format(time(hour), "TIME_FORMAT")) for hour in range(24)]  # type: ignore[attr-defined]
        for kind in self.kinds:
            ways = [(way.value, way.label) for way in kind.ways()]
            self.fields[kind.code] = forms.ChoiceField(
                label=str(kind.title),
                choices=ways,
                help_text=WAYS_HELP,
                widget=UnfoldAdminSelectWidget({"aria-describedby": "mx-ways"}),  # said once on the page
            )

    def groups(self) -> list[tuple[str, list[tuple[forms.BoundField, bool]]]]:
        """By app: each kind's field, and whether another message goes out already."""
        by_app: dict[str, list[tuple[forms.BoundField, bool]]] = {}
        for kind in self.kinds:
            by_app.setdefault(kind.app, []).append((self[kind.code], kind.is_mailed_elsewhere))
        return [(_app_name(app), fields) for app, fields in by_app.items()]


def _filters(reader: User, app: str, *, is_unread: bool) -> list[Filter]:
    apps_told = dict.fromkeys(kind.app for kind in kinds_for(reader))
    return [
        Filter(_("all"), _address(app, is_unread=False), not is_unread),
        Filter(_("unread"), _address(app, is_unread=True), is_unread),
        *(
            Filter(_app_name(each), _address("" if each == app else each, is_unread=is_unread), each == app)
            for each in apps_told
        ),
    ]


def _address(app: str, *, is_unread: bool, page: str = "changelist", **more: Any) -> str:
    """The list's, or another page's that knows how it is narrowed."""
    query = {**({"unread": 1} if is_unread else {}), **({"app": app} if app else {}), **more}
    return reverse(f"admin:core_notification_{page}") + (f"?{urlencode(query)}" if query else "")


def _app_asked(request: HttpRequest) -> str:
    """An app that tells people of something; "" for anything else."""
    asked = request.GET.get("app", "")
    return asked if asked in {kind.app for kind in all_kinds()} else ""


def _app_name(app: str) -> str:
    return str(apps.get_app_config(app).verbose_name)


def _uids(texts: list[str]) -> list[UUID]:
    """What can be read among what was sent."""
    found = []
    for text in texts[:ON_A_PAGE]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
