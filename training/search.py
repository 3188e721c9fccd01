"""Programmes and workshops as search finds them. People who take part are never found by it."""

from broadcasters.search import NamedSearch
from mediaexchange.core.search.registry import register
from training.models import Programme, Workshop


@register
class ProgrammeSearch(NamedSearch):
    key = "programme"
    model = Programme
    icon = "school"
    resource = "training"
    route = "api:programme-detail"
    described = ("description",)


@register
class WorkshopSearch(NamedSearch):
    key = "workshop"
    model = Workshop
    icon = "groups"
    resource = "training"
    route = "api:workshop-detail"
    described = ("description",)
