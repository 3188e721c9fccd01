"""What every admin page shares: only what the user may see, translated text in the chosen language, no N+1."""

from typing import Any

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from modeltranslation.admin import TabbedTranslationAdmin
from unfold.admin import ModelAdmin

from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User


def staff(request: HttpRequest) -> User:
    """The signed-in person; the admin lets nobody else in."""
    if not isinstance(request.user, User):
        raise PermissionError("The admin is for signed-in staff.")
    return request.user


class ExchangeAdmin(ModelAdmin):
    """Rows by ``visible_to``; a foreign row's address is answered like one that never was. Nothing is deleted here."""

    list_fullwidth = True
    warn_unsaved_form = True
    list_filter_submit = True
    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).visible_to(request.user)  # type: ignore[attr-defined, no-any-return]

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        """Choices of a relation are what the user may see, too."""
        queryset = super().get_field_queryset(db, db_field, request)
        manager = db_field.remote_field.model._default_manager
        base = queryset if queryset is not None else manager.all()
        return base.visible_to(request.user) if hasattr(base, "visible_to") else queryset

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def tried(self, request: HttpRequest, deed: Any, *args: Any, **kwargs: Any) -> bool:
        """Run a service; a rule's refusal becomes a message. Returns whether it was done."""
        try:
            deed(*args, **kwargs)
        except DomainError as error:
            self.message_user(request, str(error), messages.ERROR)
            return False
        return True


class TranslatedAdmin(ExchangeAdmin, TabbedTranslationAdmin):
    """The same for records with translated fields: one tab a stored language."""


def shown(field: str, description: Any, ordering: str | None = None) -> Any:
    """A list column with a translated field in the reader's language and script."""

    def column(self: Any, obj: Model) -> str:
        return localized(obj, field) or "—"

    column.short_description = description  # type: ignore[attr-defined]
    if ordering:
        column.admin_order_field = ordering  # type: ignore[attr-defined]
    return column
