"""What is done to a whole item: let others read its record, and take it back."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from unfold.dataclasses import UnfoldAction
from unfold.decorators import action
from unfold.enums import ActionVariant
from unfold.widgets import UnfoldAdminTextareaWidget

from archive.admin.base import ArchiveAdmin
from archive.constants import ItemStatus
from archive.models import Item
from archive.services.item import publish_item, withdraw_item
from mediaexchange.core.admin_base import staff
from mediaexchange.core.admin_help import HelpedForm

# A deed is offered from these states.
_FROM = {
    "publish": frozenset({ItemStatus.DRAFT, ItemStatus.WITHDRAWN}),
    "withdraw": frozenset({ItemStatus.PUBLISHED}),
}


class ReasonForm(HelpedForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Whoever has read the record is told."),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget,
    )


class ItemDeeds(ArchiveAdmin):
    actions_detail = ("publish", "withdraw")

    def get_actions_detail(self, request: HttpRequest, object_id: Any) -> list[UnfoldAction]:
        """The deeds that this item allows now and this user may do."""
        item = self.get_object(request, str(object_id))
        offered = super().get_actions_detail(request, object_id)
        if item is None or not self.has_change_permission(request, item):
            return []
        prefix = f"{self.opts.app_label}_{self.opts.model_name}_"
        return [each for each in offered if item.status in _FROM[each.action_name.removeprefix(prefix)]]

    @action(description=_("Publish the record"), icon="visibility", variant=ActionVariant.SUCCESS)
    def publish(self, request: HttpRequest, object_id: str) -> HttpResponse:
        item = self._item(request, object_id)
        if item is None:
            return self.missing(request, object_id)
        explanation = _("The record becomes readable for: %(access)s. Footage itself needs a grant or a licence.") % {
            "access": item.get_access_display()
        }

        def run(_answers: dict[str, Any]) -> None:
            publish_item(item, actor=staff(request))

        return self.ask(request, item, title=_("Publish the record"), run=run, explanation=explanation)

    @action(description=_("Withdraw the record"), icon="visibility_off", variant=ActionVariant.WARNING)
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        item = self._item(request, object_id)
        if item is None:
            return self.missing(request, object_id)

        def run(answers: dict[str, Any]) -> None:
            withdraw_item(item, actor=staff(request), reason=answers["reason"])

        return self.ask(request, item, title=_("Withdraw the record"), form=ReasonForm, run=run)

    def _item(self, request: HttpRequest, object_id: str) -> Item | None:
        item: Item | None = self.get_object(request, object_id)
        if item is not None and not self.has_change_permission(request, item):
            raise PermissionDenied
        return item
