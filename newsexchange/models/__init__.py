"""Feeds, stories and their way between broadcasters, one noun per file."""

from newsexchange.models.exchange import Offer, Recall, RecallNotice, Take
from newsexchange.models.feed import Feed, QuarantinedEntry
from newsexchange.models.story import Edition, Story, StoryDocument, StoryVersion

__all__ = [
    "Edition",
    "Feed",
    "Offer",
    "QuarantinedEntry",
    "Recall",
    "RecallNotice",
    "Story",
    "StoryDocument",
    "StoryVersion",
    "Take",
]
