"""Memoranda with their parties: what is signed, what is only announced, and who says so."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationStackedInline
from unfold.admin import StackedInline
from unfold.forms import PaginationInlineFormSet

from broadcasters.admin.agreement_terms import TermPages
from broadcasters.admin.base import PartInline, RecordAdmin, administered
from broadcasters.admin.brief import BriefPages
from broadcasters.admin.clause import ClauseInline, MemorandumTextInline
from broadcasters.admin.health import HealthPages
from broadcasters.admin.party import SIGNATURE_LOOKS, SignatureColumns
from broadcasters.admin.refused import RefusedInWords
from broadcasters.models import Clause, Memorandum, Party
from broadcasters.services.clause import tell_of_clause
from broadcasters.services.memorandum import tell, tell_of_signature
from broadcasters.terms import has_ended
from mediaexchange.core.admin_base import in_all_languages, label, shown, staff


class PartyFormSet(PaginationInlineFormSet):
    """Somebody who writes a memorandum down is of one of its parties; nobody else could see it afterwards. Whoever is
    added later joins."""

    own: QuerySet[Any] | None = None

    def clean(self) -> None:
        super().clean()
        if any(form.has_changed() for form in self.extra_forms) and self._has_ended():
            raise ValidationError(_("The memorandum has ended: nobody joins it any more."))
        if self.own is None or any(self.errors):
            return
        chosen = {form.cleaned_data["broadcaster"].pk for form in self.forms if form.cleaned_data.get("broadcaster")}
        if not self.own.filter(pk__in=chosen).exists():
            raise ValidationError(_("One of the parties must be a broadcaster that you administer."))

    def _has_ended(self) -> bool:
        return not self.instance._state.adding and has_ended(self.instance, timezone.localdate())


class PartyInline(SignatureColumns, PartInline, StackedInline, TranslationStackedInline):
    model = Party
    formset = PartyFormSet
    fields = [
        "broadcaster",
        "joined_on",
        "standing",
        "source_list",
        "signature_status",
        "signed_on",
        "signatory_name",
        *((name,) for name in in_all_languages("signatory_office")),
    ]
    readonly_fields = ["joined_on", "standing", "source_list"]
    autocomplete_fields = ["broadcaster"]
    show_change_link = True

    def get_extra(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return 2 if obj is None else 0

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        if obj is None and not request.user.is_superuser:
            formset.own = administered(staff(request), "broadcasters.add_memorandum")
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Party]:
        return super().get_queryset(request).select_related("broadcaster").prefetch_related("sources")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A party and its sources are history."""
        return False


@admin.register(Memorandum)
class MemorandumAdmin(RefusedInWords, TermPages, HealthPages, BriefPages, RecordAdmin):
    list_display = ["shown_name", "dated_on", "place", "party_list"]
    list_select_related = ["place"]
    search_fields = ["slug", *in_all_languages("name", "occasion")]
    autocomplete_fields = ["place"]
    actions_detail = ["health", "brief", "give_notice", "take_back", "agree"]
    fields = [
        "slug", "standing", "present_term", "notice_list", "consent_list", "dated_on", "place", "languages",
        "in_force_on", "term_months", "renewal", "notice_days", "name", "occasion", "summary",
    ]  # fmt: skip
    readonly_fields = ["standing", "present_term", "notice_list", "consent_list"]
    inlines = [PartyInline, ClauseInline, MemorandumTextInline]

    shown_name = shown("name", _("name"))

    def owners(self, obj: Memorandum) -> Iterable[int]:
        return obj.parties.values_list("broadcaster_id", flat=True)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Memorandum]:
        return super().get_queryset(request).prefetch_related("parties__broadcaster")

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        """Who is added to what is written down already joins today."""
        if change and formset.model is Party:
            for each in formset.extra_forms:
                if each.has_changed():
                    each.instance.joined_on = each.instance.broadcaster.today()
        super().save_formset(request, form, formset, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        actor = staff(request)
        tell(form.instance, "memorandum.changed" if change else "memorandum.created", actor)
        for clause in _written(formsets, Clause):
            tell_of_clause(clause, actor)
        for party in _written(formsets, Party) if change else ():
            tell_of_signature(party, actor)

    @admin.display(description=_("parties"))
    def party_list(self, memorandum: Memorandum) -> SafeString:
        rows = memorandum.parties.all()
        return format_html_join(
            "",
            "<div>{} {}</div>",
            (
                (row.broadcaster, label(row.get_signature_status_display(), SIGNATURE_LOOKS[row.signature_status]))
                for row in rows
            ),
        )


def _written(formsets: Iterable[Any], model: type[Model]) -> list[Any]:
    """The rows of this model that were added or changed below the form."""
    written: list[Any] = []
    for formset in formsets:
        if formset.model is model:
            written.extend((*formset.new_objects, *(row for row, _names in formset.changed_objects)))
    return written
