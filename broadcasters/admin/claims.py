"""Claims about one thing side by side: who says what, where and as of when. None of them is chosen."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from broadcasters.attribution import Attributed, attributed
from broadcasters.models import Claim, ClaimTopic
from broadcasters.models.claim import SUBJECTS
from mediaexchange.core.admin_base import ExchangeAdmin, not_found, staff
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import stored_language
from mediaexchange.core.models import User

MOST = 200


@dataclass(frozen=True, slots=True)
class Side:
    """A claim with its words and the address of its page."""

    claim: Claim
    told: Attributed
    note: str
    url: str
    quote_language: str


def about_address(kind: str, slug: str) -> str:
    """Where the claims about a record stand."""
    return f"{reverse('admin:broadcasters_claim_about')}?{urlencode({'about': f'{kind}:{slug}'})}"


def claims_link(kind: str, record: Any) -> SafeString | str:
    """Leads from a record's page to what is said about it."""
    if record.pk is None:
        return "—"
    words = _("What is said about it, and by whom")
    return format_html('<a class="text-link" href="{}">{}</a>', about_address(kind, record.slug), words)


def side_by_side_view(page: ExchangeAdmin, request: HttpRequest) -> HttpResponse:
    """404 for what the reader does not see, as for what is not there."""
    user = staff(request)
    kind, _colon, slug = request.GET.get("about", "").partition(":")
    record = None if "\0" in slug else _record(user, kind, slug[:50])
    if record is None:
        return not_found(request, page.admin_site)
    rows = Claim.objects.visible_to(user).filter(**{kind: record}).with_attribution().side_by_side()
    sides = [side_of(claim) for claim in rows[:MOST]]
    context = {
        "title": str(record),
        "note": localized(record, "note") if kind in ("topic", "event") else "",
        "sides": sides,
        "figures": [side for side in sides if side.claim.value is not None],
        "may_add": page.has_add_permission(request),
        "add_address": f"{reverse('admin:broadcasters_claim_add')}?{urlencode({kind: record.pk})}",
    }
    return page.page(request, "broadcasters/claims.html", record, context)


def side_of(claim: Claim) -> Side:
    spoken = stored_language(claim.original_language) or claim.original_language
    url = reverse("admin:broadcasters_claim_change", args=[claim.pk])
    return Side(claim, attributed(claim), localized(claim, "note"), url, spoken)


def _record(user: User, kind: str, slug: str) -> Any:
    if kind == "topic":
        return ClaimTopic.objects.visible_to(user).filter(slug=slug).first()
    if kind not in SUBJECTS:
        return None
    model: Any = Claim._meta.get_field(kind).related_model
    return model.objects.visible_to(user).filter(slug=slug).first()
