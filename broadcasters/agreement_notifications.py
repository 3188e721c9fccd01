"""Of what people are told about terms, notices, minutes, reviews and digital development, and in which words."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.apps import apps
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadcasters.terms import Term, term_of
from mediaexchange.core.errors import Message
from mediaexchange.core.inbox.constants import Way
from mediaexchange.core.inbox.models import Notification
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import STORED
from mediaexchange.core.notifications import NotificationKind, Tell, page_of, register, sentences


def _rows(model: str, *related: str) -> Callable[[], QuerySet[Any]]:
    return lambda: apps.get_model("broadcasters", model)._default_manager.select_related(*related)


def _kind(
    code: str, title: Message, subjects: Callable[[], QuerySet[Any]], say: Callable[[Any], str], *, permission: str,
    way: Way = Way.DIGEST, shows: str = "pk", page: str = "",
) -> NotificationKind:  # fmt: skip
    """It leads to the page of the subject, or to the one that ``page`` and the column ``shows`` name."""
    return register(
        NotificationKind(
            code=f"broadcasters.{code}",
            tell=lambda rows: sentences(rows, subjects(), say),
            link=page_of(subjects, shows=shows, view=f"broadcasters_{page}_change" if page else ""),
            title=title,
            permission=f"broadcasters.{permission}",
            usual=way,
        )
    )


def _day(day: Any) -> str:
    return date_format(day, "DATE_FORMAT") if day else "—"


def _memoranda() -> QuerySet[Any]:
    return _rows("Memorandum")().prefetch_related("parties", "notices", "consents")


def _ends(term: Term | None, title: str) -> str:
    names = {"title": title, "day": _day(term.last_on if term else None)}
    return _("The term of “%(title)s” ends on %(day)s.") % names


def _notice_by(term: Term | None, title: str) -> str:
    names = {"title": title, "day": _day(term.notice_by if term else None)}
    return _("“%(title)s” goes on by itself unless notice is given; the last day for it is %(day)s.") % names


def _of_term(say: Callable[[Term | None, str], str]) -> Tell:
    """Of the term in which the day lies that stands in the key, however late it is read."""

    def tell(rows: list[Notification]) -> dict[int, str]:
        seen = _memoranda().visible_to(rows[0].recipient)  # type: ignore[attr-defined]
        found = {each.uid: each for each in seen.filter(uid__in={row.subject_uid for row in rows})}
        return {
            row.pk: say(term_of(memorandum, _told_day(row)), localized(memorandum, "name"))
            for row in rows
            if (memorandum := found.get(row.subject_uid))
        }

    return tell


def _told_day(row: Notification) -> date:
    return date.fromisoformat(row.key.rpartition(" ")[2])


TERM_ENDS, NOTICE_BY = (
    register(
        NotificationKind(
            code=f"broadcasters.{code}",
            tell=_of_term(say),
            link=page_of(_rows("Memorandum")),
            title=title,
            permission="broadcasters.view_memorandum",
            usual=Way.AT_ONCE,
        )
    )
    for code, title, say in (
        ("term-ends", gettext_lazy("The term of a memorandum ends"), _ends),
        ("notice-by", gettext_lazy("The last day for giving notice comes near"), _notice_by),
    )
)
NOTICE_GIVEN = _kind(
    "notice-given", gettext_lazy("A party has given notice"),
    _rows("TerminationNotice", "memorandum", "broadcaster"),
    lambda row: _("%(house)s has given notice of “%(title)s”; its last day is %(day)s.")
    % {
        "house": localized(row.broadcaster, "name"), "title": localized(row.memorandum, "name"),
        "day": _day(row.last_on),
    },
    permission="view_terminationnotice", way=Way.AT_ONCE, shows="memorandum_id", page="memorandum",
)  # fmt: skip
MINUTES_TO_APPROVE = _kind(
    "minutes-to-approve", gettext_lazy("Minutes wait for our approval"), _rows("Minutes", "memorandum"),
    lambda row: _("Minutes of %(day)s wait for your approval: “%(title)s”.")
    % {"day": _day(row.held_on), "title": localized(row, "title")},
    permission="view_minutes",
)  # fmt: skip
ACTION_DUE = _kind(
    "action-due", gettext_lazy("Something that we promised in a consultation is due"),
    _rows("MinutesItem", "minutes"),
    lambda row: _("“%(topic)s” was promised for %(day)s.")
    % {"topic": localized(row, "topic"), "day": _day(row.due_on)},
    permission="view_minutes", shows="minutes_id", page="minutes",
)  # fmt: skip


def _reason(move: Any) -> str:
    """In the reader's language, where the module has it, and as it was written once the module has moved on."""
    kept = {getattr(move.module, f"state_reason_{language}") for language in STORED}
    return str(move.module.reason if move.reason in kept else move.reason)


def _moved(rows: list[Notification]) -> dict[int, str]:
    """Of the very move whose key the row has, whatever has become of the module since."""
    seen = _rows("Module")().visible_to(rows[0].recipient)  # type: ignore[attr-defined]
    keys = [int(row.key) for row in rows if row.key.isdecimal()]
    moves = {str(move.pk): move for move in _rows("ModuleMove", "module")().filter(pk__in=keys, module__in=seen)}
    return {
        row.pk: _("The module “%(module)s” is now: %(state)s. The reason given: “%(reason)s”.")
        % {"module": localized(move.module, "name"), "state": move.get_to_state_display(), "reason": _reason(move)}
        for row in rows
        if (move := moves.get(row.key))
    }


MODULE_MOVED = register(
    NotificationKind(
        code="broadcasters.module-moved",
        tell=_moved,
        link=page_of(_rows("Module")),
        title=gettext_lazy("A module is started, paused, scaled or ended"),
        permission="broadcasters.view_module",
        usual=Way.AT_ONCE,
    )
)
MODULE_REVIEWED = _kind(
    "module-reviewed", gettext_lazy("A module has been reviewed"), _rows("ModuleReview", "module", "broadcaster"),
    lambda row: _("%(house)s has reviewed “%(module)s”: %(verdict)s.")
    % {
        "house": localized(row.broadcaster, "name"), "module": localized(row.module, "name"),
        "verdict": row.get_verdict_display(),
    },
    permission="view_modulereview",
)  # fmt: skip
INITIATIVE_MOVED = _kind(
    "initiative-moved", gettext_lazy("An initiative has changed its state"), _rows("Initiative"),
    lambda row: _("The initiative “%(title)s” is now: %(state)s.")
    % {"title": localized(row, "name"), "state": row.get_state_display()},
    permission="view_initiative",
)  # fmt: skip
MILESTONE_DUE = _kind(
    "milestone-due", gettext_lazy("A milestone of digital development is due soon"),
    _rows("InitiativeMilestone", "initiative"),
    lambda row: _("“%(milestone)s” of “%(title)s” is due on %(day)s.") % _of_milestone(row),
    permission="view_initiativemilestone", shows="initiative_id", page="initiative",
)  # fmt: skip
MILESTONE_LATE = _kind(
    "milestone-late", gettext_lazy("A milestone of digital development is late"),
    _rows("InitiativeMilestone", "initiative"),
    lambda row: _("“%(milestone)s” of “%(title)s” was due on %(day)s and is not reached.") % _of_milestone(row),
    permission="view_initiativemilestone", way=Way.AT_ONCE, shows="initiative_id", page="initiative",
)  # fmt: skip
GUIDELINE_WRITTEN = _kind(
    "guideline-written", gettext_lazy("A guideline has a new version"), _rows("GuidelineVersion", "guideline"),
    lambda row: _("Version %(number)d of “%(title)s” can be adopted.")
    % {"number": row.number, "title": localized(row.guideline, "name")},
    permission="view_guideline", shows="guideline_id", page="guideline",
)  # fmt: skip


def _of_milestone(row: Any) -> dict[str, str]:
    return {
        "milestone": localized(row, "title"), "title": localized(row.initiative, "name"), "day": _day(row.planned_on)
    }  # fmt: skip
