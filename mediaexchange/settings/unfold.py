"""How the admin looks: unfold's settings, with nothing loaded from elsewhere."""

from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": _("Media exchange"),
    "SITE_HEADER": _("Media exchange"),
    "SITE_SUBHEADER": _("News without a joint channel"),
    "SITE_SYMBOL": "hub",
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("core/favicon.svg")}],
    "STYLES": [lambda request: static("core/access.css")],
    "SCRIPTS": [lambda request: static("core/access.js")],
    "DASHBOARD_CALLBACK": "broadcasters.admin.desk.desk",
    "ENVIRONMENT": None,
    "SIDEBAR": {
        "show_search": False,  # the box on every page finds everything
        "show_all_applications": False,
        "navigation": "mediaexchange.core.navigation.sidebar",
    },
}
