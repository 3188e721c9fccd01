"""What every admin page shares: only what the user may see, translated text in the chosen language, no N+1."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.sites import AdminSite
from django.contrib.admin.utils import flatten, unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Prefetch, QuerySet, URLField, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin
from unfold.admin import ModelAdmin

from mediaexchange.core.admin_desks import with_desk_filter
from mediaexchange.core.admin_help import HelpedFields, HelpedForm
from mediaexchange.core.admin_history import history_of
from mediaexchange.core.admin_paging import BoundedPaginator
from mediaexchange.core.errors import DomainError, Message
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.serbian import to_cyrillic, to_latin
from mediaexchange.core.languages.tags import LANGUAGES, STORED, stored_language, to_bcp47
from mediaexchange.core.models import User

_TAB_NAMES = {language.code: language.autonym for language in LANGUAGES}


def staff(request: HttpRequest) -> User:
    """The signed-in person; the admin lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def in_all_languages(*fields: str) -> tuple[str, ...]:
    """The stored columns of translated fields, to search in: the base column is another one to every reader."""
    return tuple(f"{field}_{language}" for field in fields for language in STORED)


def label(text: object, look: str = "") -> SafeString:
    """A small coloured label; ``look`` is success, info, warning, danger or empty."""
    return mark_safe(render_to_string("unfold/helpers/label.html", {"text": text, "type": look}))  # noqa: S308 — escaped there


def refusal(error: DomainError) -> str:
    """What a person is told: the rule's message and, where it names them, its reasons."""
    reasons = (str(reason["message"]) for reason in error.details.get("reasons", ()))
    return " ".join((str(error), *reasons))


def not_found(request: HttpRequest, site: AdminSite) -> HttpResponse:
    """The one page for whatever is not there, or not there for this user. It says nothing about what was asked for."""
    request.current_app = site.name
    context = {**site.each_context(request), "title": _("Not found")}
    return TemplateResponse(request, "core/admin/not_found.html", context, status=404).render()


class VisibleChoices(HelpedFields):
    """Choices of a relation are what the user may see, on pages and in inlines; every field says what it is for."""

    admin_site: AdminSite

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        """The rows of the related model's own page if it has one; the model's ``visible_to`` otherwise."""
        model = db_field.remote_field.model
        if self.admin_site.is_registered(model):
            return self.admin_site.get_model_admin(model).get_queryset(request)
        queryset: QuerySet[Any] | None = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        base = model._default_manager.all() if queryset is None else queryset
        return base.visible_to(request.user) if hasattr(base, "visible_to") else queryset


class ExchangeAdmin(VisibleChoices, ModelAdmin):
    """Rows by ``visible_to``; a foreign row's address is answered like one that never was. Nothing is deleted here."""

    list_fullwidth = True
    warn_unsaved_form = True
    list_filter_submit = True
    show_full_result_count = False
    paginator: Any = BoundedPaginator
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return self.narrowed(super().get_queryset(request), request)

    def narrowed(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        """The rows of this query that this user may see."""
        return queryset.visible_to(request.user)  # type: ignore[attr-defined, no-any-return]

    def get_list_filter(self, request: HttpRequest) -> Any:
        return with_desk_filter(request, self.model, super().get_list_filter(request))

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        if isinstance(db_field, URLField):
            kwargs.setdefault("assume_scheme", "https")
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[no-any-return]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_history_permission(self, request: HttpRequest, obj: Model) -> bool:
        """Who may see what a row held before. Only those who may change it, since old values may be secrets."""
        return bool(self.has_change_permission(request, obj))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The row's audit trail, youngest first: who, when, which fields, from what to what."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self.missing(request, object_id)
        if not self.has_history_permission(request, obj):
            raise PermissionDenied
        page, changes = history_of(obj, request, self.admin_site)
        context = {"title": _("History"), "page": page, "changes": changes}
        return self.page(request, "core/admin/history.html", obj, context | (extra_context or {}))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Linked rows that the user may not see were not among the choices; saving keeps them linked."""
        for field in self.opts.many_to_many if change else ():
            if field.name in form.cleaned_data:
                chosen, choices = form.cleaned_data[field.name], form.fields[field.name].queryset
                unseen = getattr(form.instance, field.name).exclude(pk__in=choices.values("pk"))
                form.cleaned_data[field.name] = [*chosen, *unseen]
        super().save_related(request, form, formsets, change)

    def render_change_form(
        self,
        request: HttpRequest,
        context: Any,
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj is not None:
            self._hide_unseen(request, obj, context["adminform"].readonly_fields)
        return super().render_change_form(request, context, add, change, form_url, obj)  # type: ignore[no-any-return]

    def _hide_unseen(self, request: HttpRequest, obj: Model, shown: Iterable[Any]) -> None:
        """What a page shows without letting anybody choose names linked rows, too: only those that the user may see.

        Not those that may be chosen here: what can no longer be chosen is still read.
        """
        names = {name for name in shown if isinstance(name, str)}
        for field in self.opts.many_to_many:
            rows = VisibleChoices.get_field_queryset(self, None, field, request) if field.name in names else None
            if rows is not None:
                getattr(obj, "_prefetched_objects_cache", {}).pop(field.name, None)
                prefetch_related_objects([obj], Prefetch(field.name, rows))
        for field in self.opts.fields:
            if field.name in names and field.is_relation and field.null and getattr(obj, field.attname) is not None:
                rows = VisibleChoices.get_field_queryset(self, None, field, request)
                if rows is not None and not rows.filter(pk=getattr(obj, field.attname)).exists():
                    setattr(obj, field.name, None)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Nothing: PostgreSQL keeps the trail, completely."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """Nothing: PostgreSQL keeps the trail, completely."""

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """Nothing: PostgreSQL keeps the trail, completely."""

    def tried(self, request: HttpRequest, deed: Callable[[], object], *, about: str = "") -> bool:
        """Run a service, whole or not at all; a rule's refusal becomes a message, which begins with what it is about.

        Returns whether it was done.
        """
        try:
            with transaction.atomic():  # also where the audit trail learns who acts
                deed()
        except DomainError as error:
            said = refusal(error)
            self.message_user(request, f"{about}: {said}" if about else said, messages.ERROR)
            return False
        return True

    def refused(self, request: HttpRequest, error: DomainError, back: str) -> HttpResponse:
        """A rule's refusal as a message on the page that one came from."""
        self.message_user(request, refusal(error), messages.ERROR)
        return HttpResponseRedirect(back)

    def address(self, obj: Model) -> str:
        """Where the object's page is."""
        return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_change", args=[obj.pk])

    def missing(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What is answered for a row that is not there, or not there for this user."""
        return not_found(request, self.admin_site)

    def _get_obj_does_not_exist_redirect(self, request: HttpRequest, opts: Any, object_id: str) -> HttpResponse:
        """Django asks this for all of its own pages; its redirect with a message names the row."""
        return self.missing(request, object_id)

    def page(self, request: HttpRequest, template: str, obj: Model, context: dict[str, Any]) -> HttpResponse:
        """A page about one object beside its form."""
        request.current_app = self.admin_site.name
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "original": obj, "media": self.media}
        return TemplateResponse(request, template, shared | {"back": self.address(obj)} | context)

    def ask(
        self,
        request: HttpRequest,
        obj: Model,
        *,
        title: Message,
        run: Callable[[dict[str, Any]], HttpResponse | None],
        form: type[forms.Form] = HelpedForm,
        explanation: Message = "",
        initial: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """A page that asks before it does; ``run`` gets the answers and may return the page to show afterwards.

        Where ``run`` tells nothing itself, a message says that what the title names was done.
        """
        data = request.POST if request.method == "POST" else None
        filled = form(data) if initial is None else form(data, initial=initial)
        if request.method == "POST" and filled.is_valid():
            answer: list[HttpResponse | None] = []
            before = len(messages.get_messages(request))
            is_done = self.tried(request, lambda: answer.append(run(filled.cleaned_data)))
            shown = next(iter(answer), None)
            if is_done and shown is None and len(messages.get_messages(request)) == before:
                self.message_user(request, _("Done: %(deed)s.") % {"deed": title}, messages.SUCCESS)
            return shown or HttpResponseRedirect(self.address(obj))
        context = {"title": title, "form": filled, "explanation": explanation}
        return self.page(request, "core/admin/ask.html", obj, context)


class ServiceForm(forms.ModelForm):
    """A form that a service stores: its refusals stand in the form like any other error. ``user`` is who asks."""

    user: User
    done: Any = None

    def perform(self, answers: dict[str, Any]) -> Model:
        """Call the service and return the row that it wrote."""
        raise NotImplementedError

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        try:
            with transaction.atomic():
                self.done = self.perform(self.cleaned_data)
        except DomainError as error:
            self.add_error(None, refusal(error))


class ServiceAdmin(ExchangeAdmin):
    """Pages whose form is a ``ServiceForm``."""

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)  # a class made for this request
        form.user = staff(request)
        return form

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Stored already; the page goes on with what the service wrote."""
        obj.__dict__.update(form.done.__dict__)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Stored already."""


class TranslatedAdmin(ExchangeAdmin, TranslationAdmin):
    """The same for records with translated fields: one tab a stored language, the reader's own first."""

    def __init__(self, model: type[Model], admin_site: AdminSite) -> None:
        super().__init__(model, admin_site)
        for name in self.trans_opts.all_fields:
            setattr(self, f"{name}_text", _text(name, model._meta.get_field(name)))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is not None and not self.has_change_permission(request, obj):
            return self._as_read(super().get_fieldsets(request, obj))
        translated = set(in_all_languages(*self.trans_opts.all_fields))
        untranslated, tabs = [], {language: [] for language in _reading_order()}  # type: ignore[var-annotated]
        for name, options in super().get_fieldsets(request, obj):
            lines = [_without(translated, line) for line in options["fields"]]
            untranslated.append((name, {**options, "fields": [line for line in lines if line]}))
            for field in flatten(options["fields"]):
                if field in translated:
                    tabs[field.rpartition("_")[2]].append(field)
        shown_tabs = [
            (_TAB_NAMES[language], {"fields": fields, "classes": ["tab"]}) for language, fields in tabs.items()
        ]
        return [(name, options) for name, options in untranslated + shown_tabs if options["fields"]]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return names
        return (*names, *(f"{name}_text" for name in self.trans_opts.all_fields))

    def _as_read(self, fieldsets: Any) -> Any:
        """For those who only read: each text once, in their own language and script."""
        columns = {f"{name}_{language}": f"{name}_text" for name in self.trans_opts.all_fields for language in STORED}
        read = []
        for title, options in fieldsets:
            names = dict.fromkeys(columns.get(name, name) for name in flatten(options["fields"]))
            read.append((title, {**options, "fields": list(names)}))
        return read

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and hasattr(db_field, "translated_field"):
            field.label = str(field.label).removesuffix(f" [{db_field.language}]")  # the tab says it
        return field

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Serbian is found in Cyrillic and in Latin, whichever was typed."""
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        for variant in {to_cyrillic(search_term), to_latin(search_term)} - {search_term}:
            found |= super().get_search_results(request, queryset, variant)[0]
        return found, may_repeat


def shown(field: str, description: Any, ordering: str | None = None) -> Any:
    """A list column with a translated field in the reader's language and script."""

    def column(self: Any, obj: Model) -> str:
        return localized(obj, field) or "—"

    column.short_description = description  # type: ignore[attr-defined]
    if ordering:
        column.admin_order_field = ordering  # type: ignore[attr-defined]
    return column


def _text(name: str, field: Any) -> Callable[[Model], str]:
    """A read-only field of a page, as Django takes it: a function of the row."""

    def text(obj: Model) -> str:
        return localized(obj, name) or "—"

    text.short_description = field.verbose_name  # type: ignore[attr-defined]
    return text


def _reading_order() -> list[str]:
    own = stored_language(to_bcp47(get_language() or ""))
    return sorted(STORED, key=lambda language: language != own)


def _without(names: Iterable[str], line: Any) -> Any:
    """A fieldset's line, a name or a group of names, less these names."""
    if isinstance(line, str):
        return None if line in names else line
    return tuple(name for name in line if name not in names)
