"""The partners of a production and their shares, on one page that is stored as a whole."""

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadcasters.models import Broadcaster
from mediaexchange.core.admin_base import staff
from mediaexchange.core.admin_help import HelpedForm
from mediaexchange.core.numbers import whole_number
from productions.admin.base import may_at, production_view
from productions.admin.deeds import require_change
from productions.constants import PartnerRole
from productions.models import Production
from productions.querysets import CHANGE
from productions.services.partner import Share, advice_on, set_shares

_NUMBER = {"class": "ar-input", "inputmode": "decimal", "size": "7"}


class ShareForm(HelpedForm):
    """One house; without a share it is no partner."""

    share_percent = forms.DecimalField(
        label=gettext_lazy("share, in per cent"), required=False, min_value=0, max_value=100, max_digits=5,
        decimal_places=2, localize=True, widget=forms.TextInput(attrs=_NUMBER | {"data-share": "1"}),
    )  # fmt: skip
    in_kind_percent = forms.DecimalField(
        label=gettext_lazy("of it in kind"), required=False, min_value=0, max_value=100, max_digits=5,
        decimal_places=2, localize=True, widget=forms.TextInput(attrs=_NUMBER),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=gettext_lazy("role"), choices=PartnerRole.choices, widget=forms.Select(attrs={"class": "ar-input"})
    )
    holds_final_cut = forms.BooleanField(label=gettext_lazy("holds the final cut"), required=False)

    def __init__(self, house: Broadcaster, sent: Any, initial: dict[str, Any]) -> None:
        self.house = house
        super().__init__(sent, initial=initial, prefix=f"p{house.pk}")
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{house}: {field.label}"


@production_view("shares/", "shares", title=gettext_lazy("Partners and shares"), position=10)
def shares(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """Every party of the module is listed; those with a share are partners."""
    partners = {partner.broadcaster_id: partner for partner in production.partners.select_related("broadcaster")}
    parties = {party.pk: party for party in production.module.parties.filter(is_active=True)}
    houses = [partner.broadcaster for partner in partners.values()]
    houses += [party for pk, party in sorted(parties.items()) if pk not in partners]
    sent = request.POST if request.method == "POST" else None
    lead = next((pk for pk, partner in partners.items() if partner.is_editorial_lead), None)
    forms_of = [ShareForm(house, sent, _initial(partners.get(house.pk))) for house in houses]
    if sent is not None:
        require_change(request, production)
        chosen = sent.get("lead", "")
        lead = whole_number(chosen)
        if all(form.is_valid() for form in forms_of):
            wanted = [_share(form, lead) for form in forms_of if form.cleaned_data.get("share_percent")]
            seen = sent.get("seen", "")

            def run() -> None:
                set_shares(production, wanted, actor=staff(request), seen=whole_number(seen))

            if page.tried(request, run):
                page.message_user(request, _("The shares are stored. They total 100 per cent."), messages.SUCCESS)
                return HttpResponseRedirect(request.path)
    context = {
        "title": _("Partners and shares"),
        "rows": [(form, form.house, form.house.pk == lead) for form in forms_of],
        "has_no_lead": lead is None,
        "seen": sent.get("seen", "") if sent is not None else production.shares_revision,
        "partners": list(partners.values()),
        "total": sum((partner.share_percent for partner in partners.values()), Decimal(0)),
        "advice": advice_on(production),
        "may": may_at(request, CHANGE, production),
    }
    return page.production_response(request, production, "productions/shares.html", context)  # type: ignore[no-any-return]


def _initial(partner: Any) -> dict[str, Any]:
    if partner is None:
        return {"role": PartnerRole.CO_PRODUCER}
    return {name: getattr(partner, name) for name in ("share_percent", "in_kind_percent", "role", "holds_final_cut")}


def _share(form: ShareForm, lead: int | None) -> Share:
    answers = form.cleaned_data
    return Share(
        broadcaster=form.house,
        share_percent=answers["share_percent"],
        role=answers["role"],
        in_kind_percent=answers["in_kind_percent"] or Decimal(0),
        is_editorial_lead=form.house.pk == lead,
        holds_final_cut=answers["holds_final_cut"],
    )
