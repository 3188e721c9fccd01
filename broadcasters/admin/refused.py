"""Pages whose rows the database itself keeps an eye on: what it refuses is told in words."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.forms import PaginationInlineFormSet

from broadcasters.services.saving import refusals
from mediaexchange.core.errors import DomainError


class RefusedInWords:
    """What forms do not know beforehand, such as a pause that came meanwhile, is a message and no error page."""

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if request.method != "POST":
            shown: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
            return shown
        try:
            with refusals():
                stored: HttpResponse = super().changeform_view(request, object_id, form_url, extra_context)  # type: ignore[misc]
        except DomainError as error:
            return self.refused(request, error, request.path)  # type: ignore[attr-defined, no-any-return]
        return stored

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What waits for the end of the transaction is asked before anybody is told that all is well."""
        with refusals(at_once=True):
            super().save_related(request, form, formsets, change)  # type: ignore[misc]


class HousesFormSet(PaginationInlineFormSet):
    """Rows that name houses name those which the row above allows; ``house_field`` says where they name them."""

    house_field = "broadcaster"

    def allowed(self) -> set[int]:
        """Ids of the houses; asked once the row above is filled in."""
        raise NotImplementedError

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        allowed = self.allowed()
        for form in self.forms:
            house = form.cleaned_data.get(self.house_field)
            if house is not None and house.pk not in allowed and not form.cleaned_data.get("DELETE"):
                form.add_error(self.house_field, ValidationError(_("Choose one of the parties.")))


class OfMemorandumFormSet(HousesFormSet):
    def allowed(self) -> set[int]:
        memorandum = self.instance.memorandum if self.instance.memorandum_id else None
        return set(memorandum.parties.values_list("broadcaster_id", flat=True)) if memorandum else set()


class OfModuleFormSet(HousesFormSet):
    def allowed(self) -> set[int]:
        module = self.instance.module if self.instance.module_id else None
        return set(module.parties.values_list("pk", flat=True)) if module else set()
