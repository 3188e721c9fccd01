"""The questions that deeds on an assignment ask."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from archive.models import Item
from broadcasters.models import Institution
from correspondents.admin.base import LocalMomentField, at_clocks
from correspondents.constants import Sphere, WishStatus
from correspondents.filed import kinds
from correspondents.models import Assignment, Correspondent, CoverageWish
from correspondents.services.filing import file_footage
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.models import User

MOST = 100
Filing = Callable[[User, CoverageWish | None], object]


class WhyForm(HelpedForm):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=UnfoldAdminTextareaWidget)


class PersonChoice(forms.ModelChoiceField):
    """People by the name that readers of the active language know, with their house."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name_in(get_language() or DEFAULT)} · {obj.broadcaster}"


class HandOverForm(HelpedForm):
    """To a colleague of the house, or of a party of the module that one sees."""

    to_correspondent = PersonChoice(
        label=_("taken over by"), queryset=Correspondent.objects.none(), widget=UnfoldAdminSelectWidget
    )
    at = LocalMomentField(label=_("handed over at"), help_text=_("By the clocks of the place, within the period."))
    matters = forms.CharField(
        label=_("what is handed over"), help_text=_("Open stories, promises, appointments, keys."),
        widget=UnfoldAdminTextareaWidget,
    )  # fmt: skip

    def __init__(self, *args: Any, assignment: Assignment, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = colleagues_of(assignment, user)
        self.fields["to_correspondent"].queryset = people  # type: ignore[attr-defined]
        self.initial["at"] = at_clocks(assignment.starts_at, assignment.time_zone)


def colleagues_of(assignment: Assignment, user: User) -> Any:
    """Who may take over: people at work of the same house, and of the module's parties as far as the user sees them.

    The person of an assignment may choose among the colleagues of the own house.
    """
    houses = [assignment.broadcaster_id]
    if assignment.module is not None:
        houses = list(assignment.module.parties.values_list("pk", flat=True))
    seen = Correspondent.objects.visible_to(user).filter(broadcaster__in=houses).values("pk")
    rows = Correspondent.objects.filter(Q(broadcaster=assignment.broadcaster_id) | Q(pk__in=seen))
    return (
        rows.at_work().exclude(pk=assignment.correspondent_id or 0).select_related("broadcaster").order_by("name", "pk")
    )


class AccessForm(HelpedForm):
    sphere = forms.ChoiceField(label=_("sphere"), choices=Sphere.choices, widget=UnfoldAdminSelectWidget)
    institution = forms.ModelChoiceField(
        label=_("institution"), queryset=Institution.objects.all(), required=False, widget=UnfoldAdminSelectWidget
    )
    conditions = forms.CharField(
        label=_("conditions"), max_length=500, required=False, widget=UnfoldAdminTextInputWidget
    )


class FileForm(HelpedForm):
    """``thing`` becomes the deed that files it."""

    thing = forms.ChoiceField(label=_("what came of it"), widget=UnfoldAdminSelectWidget)
    wish = forms.ModelChoiceField(
        label=_("coverage that it answers"), queryset=CoverageWish.objects.none(), required=False,
        widget=UnfoldAdminSelectWidget,
    )  # fmt: skip

    def __init__(self, *args: Any, assignment: Assignment, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filings: dict[str, Filing] = {}
        groups = []
        for kind in kinds():
            rows = kind.choices(assignment, user)
            self.filings |= {f"{kind.code}-{pk}": _by(kind.file, assignment, pk) for pk, _title in rows}
            groups.append((kind.title, [(f"{kind.code}-{pk}", title) for pk, title in rows]))
        items = Item.objects.visible_to(user).filter(broadcaster=assignment.broadcaster_id)
        filed = assignment.footage_filed.values("item")
        footage = list(items.exclude(pk__in=filed).order_by("-pk")[:MOST])
        self.filings |= {f"item-{item.pk}": partial(_file_item, assignment, item) for item in footage}
        titles = [(f"item-{item.pk}", localized(item, "title") or item.identifier) for item in footage]
        groups.append((_("Footage"), titles))
        self.fields["thing"].choices = groups  # type: ignore[attr-defined]
        wishes = CoverageWish.objects.visible_to(user).filter(assignment=assignment, status=WishStatus.PLANNED)
        self.fields["wish"].queryset = wishes.select_related("event", "broadcaster")  # type: ignore[attr-defined]

    def clean_thing(self) -> Filing:
        return self.filings[self.cleaned_data["thing"]]


def _file_item(assignment: Assignment, item: Item, actor: User, wish: CoverageWish | None) -> object:
    return file_footage(assignment, item, actor=actor, wish=wish)


def _by(file: Callable[..., object], assignment: Assignment, pk: int) -> Filing:
    def filing(actor: User, wish: CoverageWish | None) -> object:
        return file(assignment, pk, actor, wish)

    return filing
