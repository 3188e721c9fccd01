"""Feedback forms: questions as data. A form that somebody has answered stands still."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from archive.admin.base import houses_with
from archive.admin.filters import ByChoice
from broadcasters.admin.base import PartInline, RecordAdmin
from broadcasters.permissions import may
from mediaexchange.core.admin_base import in_all_languages, shown, staff
from mediaexchange.core.languages.tags import STORED
from training.admin.base import TrainingAdmin
from training.constants import FormKind
from training.models import Choice, FeedbackForm, FeedbackResponse, Question


class KindFilter(ByChoice):
    title, parameter_name, column, choices_of = _("kind"), "kind", "kind", FormKind


class QuestionInline(PartInline, StackedInline):
    model = Question
    fields = (tuple(f"text_{language}" for language in STORED), ("kind", "scale_max", "is_required", "position"))


class ChoiceInline(PartInline, StackedInline):
    model = Choice
    fields = (*(f"text_{language}" for language in STORED), "position")


class _Standing(TrainingAdmin):
    """Rows of a house until somebody has answered."""

    def may_on(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        form = obj if isinstance(obj, FeedbackForm) else obj.form
        is_answered = FeedbackResponse.objects.filter(form=form).exists()
        return not is_answered and may(staff(request), "training.change_feedbackform", form.broadcaster_id)


@admin.register(FeedbackForm)
class FeedbackFormAdmin(_Standing, RecordAdmin):
    list_display = ("shown_name", "kind", "broadcaster", "answered")
    list_select_related = ("broadcaster",)
    list_filter = (KindFilter,)
    search_fields = ("slug", *in_all_languages("name"))
    fields = ("slug", "broadcaster", "kind", "name", "introduction")
    inlines = (QuestionInline,)

    shown_name = shown("name", _("name"))

    def narrowed(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return queryset.visible_to(request.user)  # type: ignore[attr-defined, no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        there = FeedbackResponse.objects.filter(form=OuterRef("pk"))
        rows: QuerySet[Any] = super().get_queryset(request).annotate(is_answered=Exists(there))
        return rows

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        given = tuple(super().get_readonly_fields(request, obj))
        return (*given, "broadcaster") if obj is not None else given

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        if db_field.name == "broadcaster":
            return houses_with(request, "training.add_feedbackform")
        return super().get_field_queryset(db, db_field, request)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Forms are not searched for."""
        for formset in formsets:
            formset.save()

    @admin.display(description=_("answered"), boolean=True)
    def answered(self, form: Any) -> bool:
        return bool(form.is_answered)


@admin.register(Question)
class QuestionAdmin(_Standing, RecordAdmin):
    """The choices of one question."""

    house_column = "form__broadcaster_id"
    list_display = ("shown_text", "form", "kind")
    list_select_related = ("form",)
    fields = ("form", "kind", "text", "scale_max", "is_required", "position")
    readonly_fields = ("form", "kind")
    inlines = (ChoiceInline,)
    search_fields = in_all_languages("text")

    shown_text = shown("text", _("question"))

    def narrowed(self, queryset: QuerySet[Any], request: HttpRequest) -> QuerySet[Any]:
        return queryset.visible_to(request.user)  # type: ignore[attr-defined, no-any-return]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("form")

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("form", "position", "pk")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return super(RecordAdmin, self).get_fieldsets(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        for formset in formsets:
            formset.save()
