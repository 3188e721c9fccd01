"""Of what people are told about agreements, and in which words. A sentence is made when it is read."""

from django.apps import apps
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadcasters.spans import parse_span
from mediaexchange.core.inbox.constants import Way
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import DEFAULT, SHOWN
from mediaexchange.core.notifications import NotificationKind, register, sentences


def _briefs() -> QuerySet:
    return apps.get_model("broadcasters", "Brief")._default_manager.select_related("memorandum")


def _brief_link(row: Notification) -> str:
    key = _briefs().filter(uid=row.subject_uid).visible_to(row.recipient).values_list("pk", flat=True).first()  # type: ignore[attr-defined]
    language = row.recipient.language if row.recipient.language in SHOWN else DEFAULT
    return "" if key is None else reverse("admin:broadcasters_brief_page", args=[key, language])


BRIEF_READY = register(
    NotificationKind(
        code="broadcasters.brief-ready",
        tell=lambda rows: sentences(
            rows,
            _briefs(),
            lambda brief: (
                _("The brief of “%(agreement)s” is ready: %(period)s.")
                % {"agreement": localized(brief.memorandum, "name"), "period": parse_span(brief.period).title}
            ),
        ),
        link=_brief_link,
        title=gettext_lazy("A brief that you have asked for is ready"),
        permission="broadcasters.view_memorandum",
        usual=Way.INBOX,
        is_mailed_elsewhere=True,
    )
)
