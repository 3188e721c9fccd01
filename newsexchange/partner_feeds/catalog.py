"""Which feeds the make-believe newsrooms publish. The demonstration data and the feed server both read this list."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PartnerFeed:
    """One published feed. ``language_bcp47`` is "" where every item declares its own language."""

    path: str
    broadcaster_slug: str
    format: str
    language_bcp47: str
    name: str
    is_open: bool  # readable by anybody, as opposed to delivered to partners only
    unwell_for_s: int = 0  # answers 503 for so long after the start, in timeline seconds


FEEDS: tuple[PartnerFeed, ...] = (
    PartnerFeed("/rts/vesti.rss", "rts", "rss", "sr-Cyrl", "РТС: вести", True),
    PartnerFeed("/rts/quiet.rss", "rts", "rss", "sr-Cyrl", "РТС: из програмског архива", True),
    PartnerFeed("/rtv/vesti-latinica.atom", "rtv", "atom", "sr-Latn", "RTV: vesti", True),
    PartnerFeed("/rtv/english.json", "rtv", "jsonfeed", "en", "RTV in English", True),
    PartnerFeed("/rtv/broken.rss", "rtv", "rss", "sr-Latn", "RTV: servisne informacije", True),
    PartnerFeed("/ptrc/kazakh.newsml", "ptrc", "newsml-g2", "kk", "ПТРК: қазақ тіліндегі жаңалықтар", False),
    PartnerFeed("/ptrc/multilingual.ninjs", "ptrc", "ninjs", "", "PTRC: news exchange (ru, en)", False),
    PartnerFeed("/ptrc/archive.ninjs2", "ptrc", "ninjs", "ru", "ПТРК: архив", False),
    PartnerFeed("/ptrc/unwell.rss", "ptrc", "rss", "ru", "ПТРК: городская афиша", True, unwell_for_s=120),
)


def feed_at(path: str) -> PartnerFeed | None:
    """The feed published at this URL path, if any."""
    return next((feed for feed in FEEDS if feed.path == path), None)
