"""What stands above a production's form: where it is, what it may do next, what is in its way, whose it is."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from productions.admin.base import header_of, may_at
from productions.models import Production
from productions.querysets import CHANGE
from productions.services.partner import advice_on
from productions.services.stage import steps_of

_MOST_MOVES = 50


def overview_of(request: HttpRequest, production: Production) -> SafeString:
    partners = list(production.partners.select_related("broadcaster"))
    may_change = may_at(request, CHANGE, production)
    steps = [
        (step, reverse("admin:productions_production_move", args=[production.pk, step.stage.slug]))
        for step in steps_of(production)
    ]
    context: dict[str, Any] = header_of(request, production) | {
        "partners": partners,
        "total": sum((partner.share_percent for partner in partners), Decimal(0)),
        "advice": advice_on(production),
        "steps": steps,
        "moves": production.moves.select_related("from_stage", "to_stage", "actor")[:_MOST_MOVES],
        "may_change": may_change,
        "board": reverse("admin:productions_production_board"),
    }
    return SafeString(render_to_string("productions/overview.html", context, request))
