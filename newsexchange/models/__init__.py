"""Feeds, stories and their way between broadcasters, one noun per file."""

from newsexchange.models.delivery import Delivery, DeliveryAttempt, Fanout, InboundDelivery, LeftFolder, Subscription
from newsexchange.models.dopesheet import Rendition, Restriction, Shot, Soundbite
from newsexchange.models.exchange import Offer, Recall, RecallNotice, Receipt, StoryRequest, Take, Use
from newsexchange.models.feed import Feed, FeedMemory, FeedRule, QuarantinedEntry
from newsexchange.models.filing import StoryFiled
from newsexchange.models.story import DueRendering, Edition, NearDuplicate, Story, StoryDocument, StoryVersion
from newsexchange.models.translating import (
    MemorySegment,
    TranslationOrder,
    TranslationProvider,
    TranslationSpending,
)

__all__ = [
    "Delivery",
    "DeliveryAttempt",
    "DueRendering",
    "Edition",
    "Fanout",
    "Feed",
    "FeedMemory",
    "FeedRule",
    "InboundDelivery",
    "LeftFolder",
    "MemorySegment",
    "NearDuplicate",
    "Offer",
    "QuarantinedEntry",
    "Recall",
    "RecallNotice",
    "Receipt",
    "Rendition",
    "Restriction",
    "Shot",
    "Soundbite",
    "Story",
    "StoryDocument",
    "StoryFiled",
    "StoryRequest",
    "StoryVersion",
    "Subscription",
    "Take",
    "TranslationOrder",
    "TranslationProvider",
    "TranslationSpending",
    "Use",
]
