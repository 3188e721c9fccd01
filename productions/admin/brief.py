"""The page from which a production's brief is taken, in any language of the system."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from mediaexchange.core.admin_base import staff
from mediaexchange.core.languages.tags import LANGUAGES, SHOWN
from productions.admin.base import production_view
from productions.formats import brief
from productions.formats.brief_answer import pdf_response
from productions.models import Production


@production_view("brief/", "brief", title=_("Brief"))
def brief_page(page: Any, request: HttpRequest, production: Production) -> HttpResponse:
    """One link a language; the reader's own comes first."""
    own = get_language()
    languages = [
        {
            "code": language.code,
            "tag": language.tag,
            "name": language.autonym,
            "is_own": language.code == own,
            "address": reverse("admin:productions_production_brief_pdf", args=[production.pk, language.code]),
        }
        for language in LANGUAGES
        if language.code in SHOWN
    ]
    languages.sort(key=lambda language: not language["is_own"])
    context = {"title": _("Brief"), "languages": languages}
    return page.production_response(request, production, "productions/brief.html", context)  # type: ignore[no-any-return]


@production_view("brief/<slug:language>.pdf", "brief_pdf")
def brief_pdf(page: Any, request: HttpRequest, production: Production, language: str) -> HttpResponse:
    """Made anew each time, as this reader may see the production."""
    if language not in SHOWN:
        raise Http404
    return pdf_response(production, brief.render(production, staff(request), language), language)
