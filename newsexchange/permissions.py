"""What each role may do in the news exchange."""

from broadcasters.constants import Role
from broadcasters.permissions import grant

NEWS_ROLES = (Role.EDITOR, Role.EXCHANGE_DESK, Role.ADMINISTRATOR)

grant(
    Role.values,
    *(f"newsexchange.view_{name}" for name in ("story", "edition", "storyversion", "offer", "take", "recall")),
    "newsexchange.view_recallnotice",
    "newsexchange.view_storyfiled",
    *(f"newsexchange.view_{name}" for name in ("rendition", "shot", "soundbite", "restriction", "nearduplicate")),
    *(f"newsexchange.view_{name}" for name in ("storyrequest", "use", "receipt")),
)
grant(
    NEWS_ROLES,
    "newsexchange.add_story",
    "newsexchange.change_story",
    "newsexchange.offer_story",
    "newsexchange.answer_offer",
    "newsexchange.order_translation",
    "newsexchange.review_translation",
    "newsexchange.view_translationorder",
    "newsexchange.view_translationprovider",
    "newsexchange.view_memorysegment",
    "newsexchange.view_feed",
    "newsexchange.view_quarantinedentry",
    "newsexchange.replay_quarantinedentry",
    "newsexchange.view_feedrule",
    "newsexchange.view_inbounddelivery",
    "newsexchange.view_subscription",
    "newsexchange.view_delivery",
    "newsexchange.view_deliveryattempt",
    "newsexchange.report_use",
    "newsexchange.ask_story",
    "newsexchange.answer_storyrequest",
    *(
        f"newsexchange.{verb}_{name}"
        for verb in ("add", "change", "delete")
        for name in ("rendition", "shot", "soundbite", "restriction")
    ),
)
grant((Role.RIGHTS_OFFICER,), *(f"newsexchange.{verb}_restriction" for verb in ("add", "change", "delete")))
grant(
    (Role.EXCHANGE_DESK, Role.ADMINISTRATOR),
    "newsexchange.recall_story",
    "newsexchange.acknowledge_recall",
    "newsexchange.add_feed",
    "newsexchange.change_feed",
    "newsexchange.sync_feed",
    *(f"newsexchange.{verb}_feedrule" for verb in ("add", "change", "delete")),
    "newsexchange.add_subscription",
    "newsexchange.change_subscription",
    "newsexchange.replay_delivery",
    "newsexchange.add_translationprovider",
    "newsexchange.change_translationprovider",
)
