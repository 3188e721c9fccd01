"""Who may open and change the partners' records: members see, administrators of an owner change.

Superusers run the platform: they see and change everything here, though not the stories.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_permission_codename
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db.models import JSONField, Model, QuerySet, TextField, URLField
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.forms.widgets import ArrayWidget
from unfold.widgets import UnfoldAdminExpandableTextareaWidget

from broadcasters.languages import language_called
from broadcasters.models import Broadcaster
from broadcasters.models.base import NamedRecord
from broadcasters.permissions import may, roles_of
from broadcasters.querysets import by_name
from mediaexchange.core.admin_base import ExchangeAdmin, TranslatedAdmin, VisibleChoices, staff
from mediaexchange.core.models import User
from mediaexchange.core.search.indexing import refresh_record

WIDGETS = {
    ArrayField: {"widget": ArrayWidget},
    TextField: {"widget": UnfoldAdminExpandableTextareaWidget},
    JSONField: {"widget": UnfoldAdminExpandableTextareaWidget},
}


def administered(user: User, permission: str) -> QuerySet[Broadcaster]:
    """The broadcasters at which the user may do this; all of them for a superuser."""
    if user.is_superuser:
        return Broadcaster.objects.all()
    return Broadcaster.objects.filter(pk__in=[pk for pk in roles_of(user) if may(user, permission, pk)])


class PartnerAdmin(ExchangeAdmin):
    formfield_overrides: Any = WIDGETS

    def narrowed(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return queryset if request.user.is_superuser else super().narrowed(queryset, request)

    def owners(self, obj: Any) -> Iterable[int] | None:
        """Ids of the broadcasters whose administrators change this record; None means any broadcaster's."""
        return None

    def may_on(self, request: HttpRequest, verb: str, obj: Model) -> bool:
        """Whether the user's role at one of the owners carries the permission."""
        user, owners = staff(request), self.owners(obj)
        permission = f"{self.opts.app_label}.{get_permission_codename(verb, self.opts)}"
        return user.is_superuser or owners is None or any(may(user, permission, owner) for owner in owners)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        granted = bool(super().has_change_permission(request, obj))
        return granted and (obj is None or self.may_on(request, "change", obj))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Of a stored row what the form asks for and no more: a deed may have written the rest meanwhile."""
        obj.save(update_fields=_asked_for(form) if change else None)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """The same for the rows below it."""
        formset.save(commit=False)
        changed = {row.pk for row, _names in formset.changed_objects}
        for each in formset.initial_forms:
            if each.instance.pk in changed:
                each.instance.save(update_fields=_asked_for(each))
        for row in formset.new_objects:
            row.save()
        for row in formset.deleted_objects:
            row.delete()
        formset.save_m2m()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What is new belongs to a house at which one may add it: only now its owners are known. Else nothing stays."""
        super().save_related(request, form, formsets, change)
        if not change and not self.may_on(request, "add", form.instance):
            raise PermissionDenied(_("Your role does not allow this."))

    def has_history_permission(self, request: HttpRequest, obj: Model) -> bool:
        """Everybody who sees the record: nothing was ever a secret from its readers, but where drafts are kept."""
        return bool(self.has_view_permission(request, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        return (*given, "slug") if obj is not None and hasattr(obj, "slug") else given


def _asked_for(form: Any) -> list[str]:
    """The row's columns that the form has asked for."""
    columns = form.instance._meta.concrete_fields
    return [field.name for field in columns if field.name in form.cleaned_data and not field.primary_key]


class RecordAdmin(PartnerAdmin, TranslatedAdmin):
    """A record with a slug and a translated name. It is found under its new name as soon as it is saved."""

    def get_ordering(self, request: HttpRequest) -> Any:
        named = issubclass(self.model, NamedRecord)
        return (by_name(), "slug") if named else super().get_ordering(request)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        refresh_record(form.instance)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """The slug stands first, also where it can no longer be changed."""
        (name, options), *others = super().get_fieldsets(request, obj)
        fields = sorted(options["fields"], key=lambda field: field != "slug")
        return [(name, {**options, "fields": fields}), *others]


class PartInline(VisibleChoices):
    """Rows that belong to a record and are seen and changed by whoever sees and changes it."""

    extra = 0
    parent_model: type[Model]
    formfield_overrides: Any = WIDGETS

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, URLField):
            kwargs.setdefault("assume_scheme", "https")
        return super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]

    def _parent(self) -> Any:
        return self.admin_site.get_model_admin(self.parent_model)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self._parent().has_view_or_change_permission(request, obj))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self._parent().has_change_permission(request, obj))

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.has_change_permission(request, obj)


class ShownInline(PartInline):
    """The same, only to look at."""

    can_delete = False
    max_num = 0

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def link(url: str, text: object) -> SafeString:
    """A link if the address is one of the web, plain text otherwise: addresses are typed in by people."""
    if not url.startswith(("https://", "http://")):
        return format_html("{}", text)
    return format_html('<a href="{}" class="text-link" rel="noopener noreferrer">{}</a>', url, text)


def language_column() -> Any:
    """A column or read-only field: in which language a row is, as the reader calls it."""

    @admin.display(description=_("language"), ordering="language")
    def column(self: Any, row: Any) -> str:
        return language_called(row.language) or "—"

    return column
