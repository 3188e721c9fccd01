"""``GET /me``: who the credential is, for whom, and what it may do. The first call of a quick start."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from broadcasters.api.serializers import MeSerializer
from broadcasters.models import Broadcaster
from broadcasters.permissions import roles_of
from mediaexchange.core.api.filters import refuse_unknown
from mediaexchange.core.api.views import PrivateMixin, actor_of
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import to_bcp47
from mediaexchange.core.models import ApiKey


class MeView(PrivateMixin):
    @extend_schema(operation_id="me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        refuse_unknown(request, ())
        user = actor_of(request)
        roles = roles_of(user)
        return Response(
            {
                "username": user.username,
                "is_service": user.is_service,
                "language": to_bcp47(user.language),
                "broadcasters": [
                    {
                        "slug": broadcaster.slug,
                        "name": localized(broadcaster, "name"),
                        "roles": sorted(roles[broadcaster.pk]),
                    }
                    for broadcaster in Broadcaster.objects.of(user)
                ],
                "scopes": request.auth.scopes if isinstance(request.auth, ApiKey) else None,
                "networks": request.auth.networks if isinstance(request.auth, ApiKey) else None,
            }
        )
