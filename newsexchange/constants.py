"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FeedFormat(TextChoices):
    AUTO = "auto", _("found by content")
    RSS = "rss", "RSS"
    ATOM = "atom", "Atom"
    JSONFEED = "jsonfeed", "JSON Feed"
    NEWSML_G2 = "newsml-g2", "NewsML-G2"
    NINJS = "ninjs", "ninjs"


class StoryStatus(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class PubStatus(TextChoices):
    """IPTC publishing status."""

    USABLE = "usable", _("usable")
    WITHHELD = "withheld", _("withheld")
    CANCELED = "canceled", _("canceled")


class EditionOrigin(TextChoices):
    ORIGINAL = "original", _("original")
    HUMAN = "human", _("human translation")
    MACHINE = "machine", _("machine translation")
    TRANSLITERATED = "transliterated", _("transliterated")


class OfferStatus(TextChoices):
    OPEN = "open", _("open")
    TAKEN = "taken", _("taken")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class RecallKind(TextChoices):
    KILL = "kill", _("kill")
    WITHHOLD = "withhold", _("withhold")


class QuarantineStatus(TextChoices):
    OPEN = "open", _("waiting")
    REPLAYED = "replayed", _("replayed")
    DISMISSED = "dismissed", _("dismissed")


class QuarantineReason(TextChoices):
    """Why something a feed sent is not a story. The first block comes from parsers, the second from storing."""

    NOT_WELL_FORMED = "not-well-formed", _("The document is not well-formed.")
    UNKNOWN_FORMAT = "unknown-format", _("No known news format.")
    NOT_NEWS = "not-news", _("Readable, but not a news item.")
    NO_ENTRIES = "no-entries", _("The document holds no entries.")
    NO_IDENTITY = "no-identity", _("The entry has no identity.")
    NO_TEXT = "no-text", _("The entry has neither headline nor text.")
    BAD_DATE = "bad-date", _("A date cannot be read.")
    BAD_STRUCTURE = "bad-structure", _("The structure is not what the format demands.")
    BAD_ENCODING = "bad-encoding", _("The character encoding cannot be read.")
    TOO_LARGE = "too-large", _("Larger than the limit.")
    TOO_DEEP = "too-deep", _("Nested too deeply.")
    PARSER_FAILED = "parser-failed", _("The parser gave up within its limits of time and memory.")

    STORY_CANCELED = "story-canceled", _("The story was killed; nothing revives it.")
    REFUSED_BY_DATABASE = "refused-by-database", _("The database refused the values.")


RECALLED_AS = {RecallKind.KILL: PubStatus.CANCELED, RecallKind.WITHHOLD: PubStatus.WITHHELD}
RECALL_OF = {PubStatus.CANCELED: RecallKind.KILL, PubStatus.WITHHELD: RecallKind.WITHHOLD}
OPENING_OFFERS = (OfferStatus.OPEN, OfferStatus.TAKEN)  # the offers through which a story is seen
ACKNOWLEDGE_WITHIN = timedelta(hours=2)
