"""Of what people are told about their productions, and in which words.

A sentence is made when it is read, from the row of today, for what its reader still may see. Amounts are in none.
"""

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from broadcasters.services.recipients import people_with
from mediaexchange.core.errors import Message
from mediaexchange.core.inbox.constants import Way
from mediaexchange.core.languages.localize import localized
from mediaexchange.core.models import User
from mediaexchange.core.notifications import NotificationKind, notify, page_of, register, sentences
from productions.models import Production
from productions.window_words import ends_on, opens_on

READ = "productions.view_production"
WRITE = "productions.change_production"
Say = Callable[[Any], str]


def _kind(
    code: str, title: Message, subjects: Callable[[], QuerySet[Any]], say: Say, *, way: Way = Way.DIGEST,
    shows: str = "production_id", page: str = "production",
) -> NotificationKind:  # fmt: skip
    """Each leads to the page of the production, or of the part that ``page`` and the column ``shows`` name."""
    return register(
        NotificationKind(
            code=f"productions.{code}",
            tell=lambda rows: sentences(rows, subjects(), say),
            link=page_of(subjects, shows=shows, view=f"productions_{page}_change"),
            title=title,
            permission=READ,
            usual=way,
        )
    )


def _rows(model: str, *related: str) -> Callable[[], QuerySet[Any]]:
    """Rows of a model, by its name, with what the sentence reads."""
    return lambda: apps.get_model("productions", model)._default_manager.select_related(*related)


_productions = _rows("Production", "stage")
_pilots = _rows("PilotReview", "production")
_budgets = _rows("Budget", "production")
_instalments = _rows("Instalment", "production")
_milestones = _rows("Milestone", "production")
_revisions = _rows("Revision", "production")
_decisions = _rows("Decision", "broadcaster", "revision__production")
_deliverables = _rows("Deliverable", "broadcaster", "version__production")
_uses = _rows("ArchiveUse", "item", "production")
_windows = _rows("Window", "holder__broadcaster", "production")


def _titled(production: Production) -> str:
    return localized(production, "name")


def _of_window(window: Any) -> dict[str, str]:
    return {"house": localized(window.holder.broadcaster, "name"), "title": _titled(window.production)}


def _decided(decision: Any) -> str:
    said = decision.get_decision_display()
    return _("%(house)s on “%(title)s”, %(revision)s: %(decision)s.") % {
        "house": localized(decision.broadcaster, "name"),
        "title": _titled(decision.revision.production),
        "revision": decision.revision,
        "decision": said if decision.withdrawn_at is None else f"{said} ({_('withdrawn')})",
    }


SHARED = _kind(
    "shared", gettext_lazy("A production is shared with us"), _productions,
    lambda row: _("“%(title)s” is shared with you as a partner.") % {"title": _titled(row)}, shows="pk",
)  # fmt: skip
STAGE_MOVED = _kind(
    "stage-moved", gettext_lazy("A production has moved to another stage"), _productions,
    lambda row: _("“%(title)s” is now at this stage: %(stage)s.")
    % {"title": _titled(row), "stage": localized(row.stage, "name")},
    shows="pk",
)  # fmt: skip
SHARES_CHANGED = _kind(
    "shares-changed", gettext_lazy("Shares in a production have changed"), _productions,
    lambda row: _("The shares in “%(title)s” have changed.") % {"title": _titled(row)}, way=Way.AT_ONCE, shows="pk",
)  # fmt: skip
PILOT_OPENED = _kind(
    "pilot-opened", gettext_lazy("A pilot is to be reviewed"), _pilots,
    lambda row: _("The pilot “%(title)s” waits for your marks.") % {"title": _titled(row.production)},
)  # fmt: skip
PILOT_DECIDED = _kind(
    "pilot-decided", gettext_lazy("A pilot is decided on"), _pilots,
    lambda row: _("The pilot “%(title)s” is decided on: %(decision)s.")
    % {"title": _titled(row.production), "decision": row.get_decision_display()},
    way=Way.AT_ONCE,
)  # fmt: skip

BUDGET_SUBMITTED = _kind(
    "budget-submitted", gettext_lazy("A budget waits for our approval"), _budgets,
    lambda row: _("Budget revision %(number)d of “%(title)s” waits for your approval.")
    % {"number": row.number, "title": _titled(row.production)},
    way=Way.AT_ONCE,
)  # fmt: skip
BUDGET_RETURNED = _kind(
    "budget-returned", gettext_lazy("A budget was sent back"), _budgets,
    lambda row: _("Budget revision %(number)d of “%(title)s” was sent back to be changed.")
    % {"number": row.number, "title": _titled(row.production)},
    way=Way.AT_ONCE,
)  # fmt: skip
BUDGET_APPROVED = _kind(
    "budget-approved", gettext_lazy("A budget is approved by all partners"), _budgets,
    lambda row: _("Budget revision %(number)d of “%(title)s” is approved by all partners.")
    % {"number": row.number, "title": _titled(row.production)},
)  # fmt: skip
INSTALMENT_INVOICED = _kind(
    "instalment-invoiced", gettext_lazy("An instalment that we pay was invoiced"), _instalments,
    lambda row: _("An instalment of “%(title)s” was invoiced: %(instalment)s.")
    % {"title": _titled(row.production), "instalment": row},
    way=Way.AT_ONCE,
)  # fmt: skip
INSTALMENT_PAID = _kind(
    "instalment-paid", gettext_lazy("An instalment to us was paid"), _instalments,
    lambda row: _("An instalment of “%(title)s” was paid: %(instalment)s.")
    % {"title": _titled(row.production), "instalment": row},
)  # fmt: skip
INSTALMENT_OVERDUE = _kind(
    "instalment-overdue", gettext_lazy("An instalment is overdue"), _instalments,
    lambda row: _("An instalment of “%(title)s” is overdue: %(instalment)s.")
    % {"title": _titled(row.production), "instalment": row},
    way=Way.AT_ONCE,
)  # fmt: skip
REVENUE_SHARES_CHANGED = _kind(
    "revenue-shares-changed", gettext_lazy("Shares of income have changed"), _productions,
    lambda row: _("The shares of income from “%(title)s” have changed.") % {"title": _titled(row)},
    way=Way.AT_ONCE, shows="pk",
)  # fmt: skip
MILESTONE_LATE = _kind(
    "milestone-late", gettext_lazy("A milestone is late"), _milestones,
    lambda row: _("A milestone of “%(title)s” is late: %(milestone)s.")
    % {"title": _titled(row.production), "milestone": localized(row, "title")},
    way=Way.AT_ONCE,
)  # fmt: skip
MILESTONE_DONE = _kind(
    "milestone-done", gettext_lazy("A milestone is reached"), _milestones,
    lambda row: _("A milestone of “%(title)s” is reached: %(milestone)s.")
    % {"title": _titled(row.production), "milestone": localized(row, "title")},
)  # fmt: skip
REVISION_SUBMITTED = _kind(
    "revision-submitted", gettext_lazy("A revision waits for our decision"), _revisions,
    lambda row: _("“%(title)s” waits for your decision: %(revision)s.")
    % {"title": _titled(row.production), "revision": row},
    way=Way.AT_ONCE,
    shows="pk", page="revision",
)  # fmt: skip
REVISION_OVERDUE = _kind(
    "revision-overdue", gettext_lazy("A decision on a revision is overdue"), _revisions,
    lambda row: _("Your decision on “%(title)s” is overdue: %(revision)s.")
    % {"title": _titled(row.production), "revision": row},
    way=Way.AT_ONCE,
    shows="pk", page="revision",
)  # fmt: skip
DECIDED = _kind(
    "decision-made", gettext_lazy("A partner has decided on a revision"), _decisions, _decided,
    shows="revision_id", page="revision",
)  # fmt: skip
REVISION_NOTED = _kind(
    "revision-noted", gettext_lazy("Notes on a revision"), _revisions,
    lambda row: _("There are notes on “%(title)s”: %(revision)s.")
    % {"title": _titled(row.production), "revision": row},
    shows="pk", page="revision",
)  # fmt: skip
REVISION_APPROVED = _kind(
    "revision-approved", gettext_lazy("A revision is approved by every party"), _revisions,
    lambda row: _("Every party has approved “%(title)s”: %(revision)s.")
    % {"title": _titled(row.production), "revision": row},
    shows="pk", page="revision",
)  # fmt: skip
DELIVERED = _kind(
    "deliverable-delivered", gettext_lazy("A deliverable has come"), _deliverables,
    lambda row: _("A deliverable of “%(title)s” has come: %(deliverable)s.")
    % {"title": _titled(row.version.production), "deliverable": row},
    way=Way.AT_ONCE,
    shows="pk", page="deliverable",
)  # fmt: skip
DELIVERABLE_DECIDED = _kind(
    "deliverable-decided", gettext_lazy("A deliverable was accepted or rejected"), _deliverables,
    lambda row: _("A deliverable of “%(title)s”: %(deliverable)s. %(status)s.")
    % {"title": _titled(row.version.production), "deliverable": row, "status": capfirst(row.get_status_display())},
    way=Way.AT_ONCE,
    shows="pk", page="deliverable",
)  # fmt: skip
USE_UNCLEARED = _kind(
    "archive-use-uncleared", gettext_lazy("Archive footage in a production is not cleared"), _uses,
    lambda row: _("Archive footage in “%(title)s” is not cleared: %(item)s.")
    % {"title": _titled(row.production), "item": localized(row.item, "title")},
    way=Way.AT_ONCE,
    shows="pk", page="archiveuse",
)  # fmt: skip
WINDOW_OPENS = _kind(
    "window-opens", gettext_lazy("A rights window opens"), _windows,
    lambda row: _("A rights window of %(house)s for “%(title)s” opens on %(day)s.")
    % {**_of_window(row), "day": opens_on(row)},
)  # fmt: skip
WINDOW_ENDS = _kind(
    "window-ends", gettext_lazy("A rights window ends"), _windows,
    lambda row: _("A rights window of %(house)s for “%(title)s” ends on %(day)s.")
    % {**_of_window(row), "day": ends_on(row)}
    if row.ends_at else "",
)  # fmt: skip


def tell_partners(
    kind: NotificationKind,
    production: Production,
    *,
    subject: Model | None = None,
    actor: User | None,
    key: str = "",
    houses: Iterable[int] | None = None,
    permission: str = WRITE,
) -> None:
    """Tell those at the production's partners (or at ``houses``) who deal with productions; not whoever acted.

    ``subject`` is the part it is about, with a ``uid``; the production itself if there is none.
    """
    about: Any = subject or production
    if houses is None:
        houses = production.partners.values_list("broadcaster_id", flat=True) if production.is_shared else ()
    uid: UUID = about.uid
    notify(
        kind,
        to=people_with(permission, houses),
        subject_type=about._meta.model_name.replace("_", "-"),
        subject_uid=uid,
        key=key,
        actor=actor,
    )
