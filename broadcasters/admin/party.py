"""A party's signature and who says what about it."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import StackedInline

from broadcasters.admin.base import PartInline, RecordAdmin, link
from broadcasters.admin.refused import RefusedInWords
from broadcasters.constants import SignatureStatus
from broadcasters.models import Party, PartySource
from broadcasters.services.memorandum import tell_of_signature
from mediaexchange.core.admin_base import label, staff

SIGNATURE_LOOKS: dict[str, str] = {
    SignatureStatus.ANNOUNCED: "warning",
    SignatureStatus.SIGNED: "success",
    SignatureStatus.CORROBORATED: "info",
}
_MEANINGS = {
    SignatureStatus.ANNOUNCED: _("Announced only: the signature is not corroborated."),
    SignatureStatus.SIGNED: _("The party itself or the document confirms the signature."),
    SignatureStatus.CORROBORATED: _("Sources report the signature; the document has not been seen."),
}


class SignatureColumns:
    """What a party's pages and rows show of its signature."""

    @admin.display(description=_("standing"))
    def standing(self, party: Party) -> SafeString | str:
        if party._state.adding:
            return "—"
        status = SignatureStatus(party.signature_status)
        return format_html("{} {}", label(status.label, SIGNATURE_LOOKS[status]), _MEANINGS[status])

    @admin.display(description=_("sources"))
    def source_list(self, party: Party) -> SafeString | str:
        if party._state.adding:
            return "—"
        return format_html_join(
            "", '<p class="mb-3">{}<br>{}</p>', (_source_line(source) for source in party.sources.all())
        )


def _source_line(source: PartySource) -> tuple[SafeString, str]:
    house = str(source.belongs_to) if source.belongs_to else ""
    about = (source.get_stance_display(), source.publisher, house, source.published_on, source.note)
    return link(source.url, source.title), ", ".join(filter(None, about))


class PartySourceInline(PartInline, StackedInline):
    model = PartySource


@admin.register(Party)
class PartyAdmin(RefusedInWords, SignatureColumns, RecordAdmin):
    """Reached from its memorandum's page."""

    list_display = ["memorandum", "broadcaster", "standing"]
    list_select_related = ["memorandum", "broadcaster"]
    search_fields = ["signatory_name"]
    fields = [
        "memorandum",
        "broadcaster",
        "joined_on",
        "standing",
        "signature_status",
        "signed_on",
        "signatory_name",
        "signatory_office",
    ]
    readonly_fields = ["joined_on", "standing", "memorandum", "broadcaster"]
    inlines = [PartySourceInline]

    def owners(self, obj: Party) -> Iterable[int]:
        return obj.memorandum.parties.values_list("broadcaster_id", flat=True)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        tell_of_signature(form.instance, staff(request))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Parties join on the memorandum's page."""
        return False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False
