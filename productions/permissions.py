"""What each role may do with co-productions: members of a partner read, its producers and administrators write.

Which partner, the services ask: a role counts at the partners of the production alone.
"""

from broadcasters.constants import Role
from broadcasters.permissions import grant

_SHARED = ("stage", "stagemove", "theme", "ruleset")
_PARTS = (
    "production", "partner", "productionmove", "pilotreview", "pilotmark",
    "milestone", "baseline", "baselinemilestone", "window", "run", "audiencefigure",
    "revision", "decision", "note", "languageversion", "deliverable", "archiveuse",
)  # fmt: skip
_MAKING = (Role.PRODUCER, Role.ADMINISTRATOR)

grant(Role.values, *(f"productions.view_{name}" for name in (*_SHARED, *_PARTS)))
grant(_MAKING, *(f"productions.{verb}_{name}" for verb in ("add", "change", "delete") for name in _PARTS))
grant([Role.ADMINISTRATOR], *(f"productions.{verb}_{name}" for verb in ("add", "change", "delete") for name in _SHARED))

# Money is for those who answer for it. A service account has the desk's role, and the producer's if its key may write.
_MONEY = (
    "budget", "budgetline", "frozenrate", "budgetapproval", "expense", "instalment",
    "revenueshare", "income", "incomeshare", "payout",
)  # fmt: skip
_REFERENCE = ("currency", "budgetcategory")
_ACCOUNTS = (*_MAKING, Role.RIGHTS_OFFICER, Role.EXCHANGE_DESK)

grant(Role.values, *(f"productions.view_{name}" for name in _REFERENCE))
grant([Role.ADMINISTRATOR], *(f"productions.{verb}_{name}" for verb in ("add", "change") for name in _REFERENCE))
grant(_ACCOUNTS, *(f"productions.view_{name}" for name in _MONEY))
grant(_MAKING, *(f"productions.{verb}_{name}" for verb in ("add", "change", "delete") for name in _MONEY))
grant(_MAKING, "productions.approve_budget")
# Who counts an airing against a window reports it as well.
grant([Role.PRODUCER], "broadcasters.add_airing")
