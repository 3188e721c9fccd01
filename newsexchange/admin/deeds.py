"""Deeds on rows: the same button on the record's page and in the list, one service behind both.

A deed changes things only by POST. One that asks something has a page of its own first; the others act at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import ngettext

from broadcasters.permissions import permissions_of
from mediaexchange.core.admin_base import ExchangeAdmin, staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.errors import Message
from mediaexchange.core.models import User

MAX_AT_ONCE = 100


class DeedForm(HelpedForm):
    """What a deed asks; knows whom it is about, and who is asked."""

    def __init__(self, *args: Any, subjects: Sequence[Any], user: User, **kwargs: Any) -> None:
        self.subjects, self.user = subjects, user
        super().__init__(*args, **kwargs)


@dataclass(frozen=True, slots=True)
class Secret:
    """What a deed on one row may return instead of a message: a text to be shown this once, and never again."""

    title: Message
    text: str
    note: Message = ""


@dataclass(frozen=True, slots=True)
class Deed:
    """``is_open`` says whether this user may do it to this row now; ``run`` gets row, user and the form's answers.

    ``bars`` says why it would be refused, in the reader's words: the page then shows that in place of the way there.
    ``done`` is shown once it has been done to a single row; None leaves the message to ``run``'s return value.
    """

    name: str
    title: Message
    permission: str
    is_open: Callable[[User, Any], bool]
    run: Callable[[Any, User, dict[str, Any]], Message | Secret | None]
    done: Message
    icon: str
    form: type[DeedForm] | None = None
    template: str = "newsexchange/deed.html"
    look: str = "default"
    in_list: bool = True
    bars: Callable[[User, Any], Sequence[str]] | None = None

    @property
    def asks(self) -> bool:
        """Whether it has a page of its own. Templates cannot ask for ``form``: they would call the class."""
        return self.form is not None


class DeedAdmin(ExchangeAdmin):
    """Pages whose rows have deeds. ``deeds`` are offered to those who may, in this order."""

    deeds: tuple[Deed, ...] = ()
    change_form_outer_before_template = "newsexchange/record_top.html"

    class Media:
        css = {"all": ["newsexchange/desk.css"]}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.deed_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_deed"
        return [path("<path:object_id>/deed/<slug:deed>/", view, name=name), *super().get_urls()]

    def deeds_for(self, request: HttpRequest, subject: Model) -> list[dict[str, Any]]:
        """The buttons of a record's page."""
        user = staff(request)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_deed"
        return [
            {
                "deed": deed,
                "url": reverse(name, args=[subject.pk, deed.name]),
                "bars": deed.bars(user, subject) if deed.bars else (),
            }
            for deed in self.deeds
            if deed.is_open(user, subject)
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, obj: Any = None, **kwargs: Any
    ) -> HttpResponse:
        if obj is not None:
            context |= {"subject": obj, "deeds": self.deeds_for(request, obj), "top": self.top_of(request, obj)}
        response: HttpResponse = super().render_change_form(request, context, *args, **{**kwargs, "obj": obj})
        return response

    def top_of(self, request: HttpRequest, subject: Any) -> dict[str, Any]:
        """What stands above the form: ``title``, ``mark`` and ``facts`` (pairs of name and value)."""
        return {}

    def deed_view(self, request: HttpRequest, object_id: str, deed: str) -> HttpResponse:
        subject = self.get_object(request, object_id)
        if subject is None:
            return self.missing(request, object_id)
        found = next((candidate for candidate in self.deeds if candidate.name == deed), None)
        if found is None or not found.is_open(staff(request), subject):
            raise PermissionDenied
        back = self.address(subject)
        if found.form is None:
            if request.method != "POST":
                return HttpResponseNotAllowed(["POST"])
            return self._after(request, subject, self._do(request, found, [subject], {}))
        form = found.form(request.POST if request.method == "POST" else None, subjects=[subject], user=staff(request))
        if request.method == "POST" and form.is_valid():
            return self._after(request, subject, self._do(request, found, [subject], form.cleaned_data))
        return self._page(request, found, [subject], form, back, {})

    def get_actions(self, request: HttpRequest) -> dict[str, tuple[Any, str, Message]]:
        """The list's deeds, for those who have the permission at any of their broadcasters."""
        actions: dict[str, tuple[Any, str, Message]] = super().get_actions(request)
        granted = permissions_of(staff(request))
        for deed in self.deeds:
            if deed.in_list and deed.permission in granted:
                actions[deed.name] = (_as_action(deed), deed.name, deed.title)
        return actions

    def do_to_selected(self, request: HttpRequest, queryset: QuerySet[Any], deed: Deed) -> HttpResponse | None:
        """One deed for the ticked rows; rows to which it does not apply are counted, never touched."""
        user = staff(request)
        ticked = list(queryset[:MAX_AT_ONCE])
        subjects = [subject for subject in ticked if deed.is_open(user, subject)]
        if len(subjects) < len(ticked):
            skipped = len(ticked) - len(subjects)
            text = ngettext("%(count)d row was left out: this cannot be done to it.",
                            "%(count)d rows were left out: this cannot be done to them.", skipped)  # fmt: skip
            self.message_user(request, text % {"count": skipped}, messages.WARNING)
        if not subjects:
            return None
        if deed.form is None:
            self._do(request, deed, subjects, {})
            return None
        is_answered = "answered" in request.POST
        form = deed.form(request.POST if is_answered else None, subjects=subjects, user=user)
        if is_answered and form.is_valid():
            self._do(request, deed, subjects, form.cleaned_data)
            return None
        hidden = [("action", deed.name), *((ACTION_CHECKBOX_NAME, subject.pk) for subject in subjects)]
        return self._page(request, deed, subjects, form, request.get_full_path(), hidden)

    def _do(self, request: HttpRequest, deed: Deed, subjects: Sequence[Any], answers: dict[str, Any]) -> Any:
        """Do it to each; returns what the deed said of the last one, and tells the person unless that is a secret."""
        said: list[Any] = []
        for subject in subjects:
            about = str(subject) if len(subjects) > 1 else ""

            def do(each: Any = subject) -> None:
                said.append(deed.run(each, staff(request), answers))

            self.tried(request, do, about=about)
        done = len(said)
        if done == 1 and not isinstance(said[0], Secret):
            self.message_user(request, said[0] or deed.done, messages.SUCCESS)
        elif done > 1:
            text = ngettext("Done: %(count)d row.", "Done: %(count)d rows.", done)
            self.message_user(request, text % {"count": done}, messages.SUCCESS)
        return said[-1] if said else None

    def _after(self, request: HttpRequest, subject: Any, said: Any) -> HttpResponse:
        if isinstance(said, Secret):
            return self.page(request, "newsexchange/secret.html", subject, {"title": said.title, "secret": said})
        return self._leave(request, self.address(subject))

    def _leave(self, request: HttpRequest, back: str) -> HttpResponse:
        """Back to the record, or to the list if the deed took the record out of sight."""
        object_id = back.rstrip("/").split("/")[-2]
        if self.get_object(request, object_id) is None:
            back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return HttpResponseRedirect(back)

    def _page(
        self, request: HttpRequest, deed: Deed, subjects: Sequence[Any], form: DeedForm, back: str, hidden: Any
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": deed.title,
            "deed": deed,
            "subjects": subjects,
            "form": form,
            "back": back,
            "hidden": hidden,
            "media": self.media + form.media,
        }
        request.current_app = self.admin_site.name
        return TemplateResponse(request, deed.template, context)


def _as_action(deed: Deed) -> Callable[[DeedAdmin, HttpRequest, QuerySet[Any]], HttpResponse | None]:
    def action(model_admin: DeedAdmin, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return model_admin.do_to_selected(request, queryset, deed)

    return action


class ReadOnly:
    """For records that only deeds change."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
