"""Records of the diplomatic calendar: a house keeps its own, administrators keep what came with the reference data."""

from typing import Any

from django import forms
from django.contrib.auth import get_permission_codename
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from broadcasters.admin.base import RecordAdmin, administered
from broadcasters.admin.refused import RefusedInWords
from broadcasters.permissions import may
from mediaexchange.core.admin_base import staff
from mediaexchange.core.models import User

KEEP = "broadcasters.keep_calendar"


class KeptForm(forms.ModelForm):
    """``user`` is who asks."""

    user: User

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or self.cleaned_data
        if "broadcaster" in self.fields and answers.get("broadcaster") is None and not self.user.has_perm(KEEP):
            raise ValidationError({"broadcaster": _("Choose the house that keeps it.")})
        return answers


class KeptAdmin(RefusedInWords, RecordAdmin):
    """What is published stays published, which the database holds. Its house changes it, or calls it off."""

    form = KeptForm

    def may_on(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        user = staff(request)
        if user.is_superuser:
            return True
        if obj.broadcaster_id is None:
            return user.has_perm(KEEP)
        return may(user, f"{self.opts.app_label}.{get_permission_codename(verb, self.opts)}", obj.broadcaster_id)

    def has_history_permission(self, request: HttpRequest, obj: Model) -> bool:
        """Only whoever may change it: the trail holds what was a draft, and columns without who says what they hold."""
        return bool(self.has_change_permission(request, obj))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)  # a class made for this request
        form.user = staff(request)
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        if obj is None:
            return given
        return (*given, "broadcaster", *(("is_published",) if getattr(obj, "is_published", False) else ()))

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            permission = f"{self.opts.app_label}.{get_permission_codename('add', self.opts)}"
            return administered(staff(request), permission)
        return super().get_field_queryset(db, db_field, request)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        permission = f"{self.opts.app_label}.{get_permission_codename('add', self.opts)}"
        own = list(administered(staff(request), permission)[:2])
        given: dict[str, Any] = super().get_changeform_initial_data(request)
        return ({"broadcaster": own[0].pk} if len(own) == 1 else {}) | given

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = staff(request)
        super().save_model(request, obj, form, change)
