"""What each role may do in the news exchange."""

from broadcasters.constants import Role
from broadcasters.permissions import grant

NEWS_ROLES = (Role.EDITOR, Role.EXCHANGE_DESK, Role.ADMINISTRATOR)

grant(
    Role.values,
    *(f"newsexchange.view_{name}" for name in ("story", "edition", "storyversion", "offer", "take", "recall")),
    "newsexchange.view_recallnotice",
)
grant(
    NEWS_ROLES,
    "newsexchange.add_story",
    "newsexchange.change_story",
    "newsexchange.offer_story",
    "newsexchange.answer_offer",
    "newsexchange.view_feed",
    "newsexchange.view_quarantinedentry",
    "newsexchange.replay_quarantinedentry",
)
grant(
    (Role.EXCHANGE_DESK, Role.ADMINISTRATOR),
    "newsexchange.recall_story",
    "newsexchange.acknowledge_recall",
    "newsexchange.add_feed",
    "newsexchange.change_feed",
    "newsexchange.sync_feed",
)
