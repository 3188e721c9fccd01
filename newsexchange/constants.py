"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FeedFormat(TextChoices):
    AUTO = "auto", _("found by content")
    RSS = "rss", "RSS"
    ATOM = "atom", "Atom"
    JSONFEED = "jsonfeed", "JSON Feed"
    NEWSML_G2 = "newsml-g2", "NewsML-G2"
    NEWSML_1 = "newsml-1", "NewsML 1.2"
    NITF = "nitf", "NITF"
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


class ContentKind(TextChoices):
    """What a story mainly is; ninjs calls it "type"."""

    TEXT = "text", _("text")
    PICTURE = "picture", _("picture")
    GRAPHIC = "graphic", _("graphic")
    AUDIO = "audio", _("audio")
    VIDEO = "video", _("video")
    COMPOSITE = "composite", _("package")


class AiUse(TextChoices):
    """How artificial intelligence took part in a text. Empty means that nobody has said."""

    NONE = "none", _("none")
    ASSISTIVE = "assistive", _("assistance")
    TRANSLATION = "translation", _("AI translation")
    SYNTHETIC = "synthetic", _("synthetic")


class VersionKind(TextChoices):
    UPDATE = "update", _("update")
    CORRECTION = "correction", _("correction")


class ShotAudio(TextChoices):
    NATURAL = "natural", _("natural sound")
    VOICE_OVER = "voice-over", _("voice-over")
    MUTE = "mute", _("mute")
    INTERNATIONAL = "international", _("international sound")


class SpeaksAs(TextChoices):
    """As whom somebody speaks in a soundbite. People say it, never a machine; nothing is said where nobody has."""

    OFFICIAL = "official", pgettext_lazy("speaker", "official")
    EXPERT = "expert", pgettext_lazy("speaker", "expert")
    PUBLIC = "public", pgettext_lazy("speaker", "member of the public")
    OTHER = "other", pgettext_lazy("speaker", "somebody else")


class Platform(TextChoices):
    """Where a story may be used, as rights statements divide the world of media."""

    TELEVISION = "television", _("television")
    RADIO = "radio", _("radio")
    WEB = "web", _("web")
    SOCIAL = "social", _("social media")
    STREAMING = "streaming", _("streaming")
    MOBILE = "mobile", _("mobile")


ONLINE = frozenset({Platform.WEB, Platform.SOCIAL, Platform.STREAMING, Platform.MOBILE})


class RequestStatus(TextChoices):
    ASKED = "asked", _("asked")
    ACKNOWLEDGED = "acknowledged", _("acknowledged")
    FILLED = "filled", _("filled")
    DECLINED = "declined", _("declined")


class UseKind(TextChoices):
    AIRING = "airing", _("airing")
    LINK = "link", _("link")


class Road(TextChoices):
    """By which way a broadcaster received a story."""

    DESK = "desk", _("exchange desk")
    API = "api", _("API")
    DOCUMENT = "document", _("document")
    MEDIA = "media", _("media file")
    WEBHOOK = "webhook", _("webhook")
    DROP = "drop", _("file drop")
    EMAIL = "email", _("e-mail")


class Destination(TextChoices):
    WEBHOOK = "webhook", _("webhook")
    PULL = "pull", _("to be fetched")
    DROP = "drop", _("file drop")
    EMAIL = "email", _("e-mail digest")
    HUB = "hub", _("WebSub hub")


class DeliveryStatus(TextChoices):
    PENDING = "pending", _("pending")
    DELIVERED = "delivered", _("delivered")
    FAILED = "failed", _("given up")
    CANCELED = "canceled", _("not sent any more")


class InboundStatus(TextChoices):
    WAITING = "waiting", _("pushed, waiting")
    STORED = "stored", _("stored")
    PARKED = "parked", _("parked")


class FeedAuth(TextChoices):
    NONE = "none", _("no credentials")
    BASIC = "basic", _("user name and password")
    BEARER = "bearer", _("bearer token")
    HEADER = "header", _("header of its own")


class RuleField(TextChoices):
    ALWAYS = "always", _("every story")
    TOPIC = "topic", _("topic is")
    KEYWORD = "keyword", _("keyword is")
    HEADLINE = "headline", _("headline holds")
    TEXT = "text", _("text holds")
    LANGUAGE = "language", _("language is")
    KIND = "kind", _("kind of content is")
    URGENCY = "urgency", _("urgency is at least")
    CREDIT = "credit", _("credit holds")


class RuleAction(TextChoices):
    TAG = "tag", _("tag")
    OFFER = "offer", _("offer")
    HOLD = "hold", _("hold")
    DROP = "drop", _("leave out")


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

    LOOP = "loop", _("The story has already passed through here.")
    NOT_OWN_OUTPUT = "not-own-output", _("It renews a story that this feed did not bring, and may not speak for.")
    LEFT_OUT = "left-out", _("A rule of the feed leaves it out.")
    STORY_CANCELED = "story-canceled", _("The story was killed; nothing revives it.")
    REFUSED_BY_DATABASE = "refused-by-database", _("The database refused the values.")


class TranslationAdapter(TextChoices):
    """What translates. The names of products are not translated."""

    NULL = "null", _("nothing: texts stay empty")
    MEMORY = "memory", _("own translation memory")
    AZURE = "azure", "Azure Translator"
    DEEPL = "deepl", "DeepL"
    LIBRETRANSLATE = "libretranslate", "LibreTranslate"


class OrderStatus(TextChoices):
    """Where a machine translation stands. ``done`` means that a person has to look at it."""

    QUEUED = "queued", _("queued")
    WORKING = "working", _("at work")
    DONE = "done", _("waiting for review")
    APPROVED = "approved", _("approved")
    REJECTED = "rejected", _("rejected")
    FAILED = "failed", _("failed")
    CANCELED = "canceled", _("canceled")


class OrderError(TextChoices):
    """Why there is no machine translation."""

    NO_PROVIDER = "no-provider", _("No service translates between these languages; the text stays empty.")
    NOTHING_FOUND = "nothing-found", _("The memory knows none of these sentences; the text stays empty.")
    CONFIDENTIAL = "confidential", _("The text is confidential and no service may get it.")
    BUDGET = "budget", _("The characters of this month are used up.")
    QUOTA = "quota", _("The service's own quota is used up.")
    REFUSED = "refused", _("The service refuses the key.")
    REJECTED = "rejected", _("The service does not accept the request.")
    BUSY = "busy", _("The service asks to wait.")
    UNAVAILABLE = "unavailable", _("The service cannot be reached.")
    GARBAGE = "garbage", _("The service's answer cannot be used.")
    TOO_LONG = "too-long", _("The text is too long for the service.")
    SOURCE_CHANGED = "source-changed", _("The original has changed meanwhile.")
    STORY_CANCELED = "story-canceled", _("The story was killed.")
    GAVE_UP = "gave-up", _("Several workers were lost over it.")
    BY_HAND = "by-hand", _("Somebody called it off.")


RECALLED_AS = {RecallKind.KILL: PubStatus.CANCELED, RecallKind.WITHHOLD: PubStatus.WITHHELD}
RECALL_OF = {PubStatus.CANCELED: RecallKind.KILL, PubStatus.WITHHELD: RecallKind.WITHHOLD}
OPENING_OFFERS = (OfferStatus.OPEN, OfferStatus.TAKEN)  # the offers through which a story is seen
ACKNOWLEDGE_WITHIN = timedelta(hours=2)
MEDIA_FETCH_ATTEMPTS = 8  # after so many failures a remote file is left alone
