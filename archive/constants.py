"""The words that rows may hold. Values are stable and appear in the API; labels are translated."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from broadcasters.constants import ModuleState


class FileStatus(TextChoices):
    """A file is served only once it is ready: what it claims to be and its checksum have been looked at."""

    WAITING = "waiting", _("being checked")
    READY = "ready", _("ready")
    REFUSED = "refused", _("refused")


class FileRefusal(TextChoices):
    """Why content is not kept, whoever brings it again: stored as a code, told in the language of who asks."""

    TOO_MANY_PIXELS = "too-many-pixels", _("The picture has more pixels than are kept here.")
    UNREADABLE = "file-unreadable", _("The recording cannot be read.")


class ItemStatus(TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Access(TextChoices):
    """Who reads a published item's record. Footage itself needs a grant or licence, whatever stands here."""

    HOUSE = "house", _("own house only")
    PARTNERS = "partners", _("partners in an archive module")
    PUBLIC = "public", _("everyone")


class Category(TextChoices):
    HISTORICAL_FOOTAGE = "historical-footage", _("historical footage")
    CULTURAL_PERFORMANCE = "cultural-performance", _("cultural performance")
    NATIONAL_COMMEMORATION = "national-commemoration", _("national commemoration")
    NEWS = "news", _("news")
    PROGRAMME = "programme", _("programme")


class AssetType(TextChoices):
    """What kind of whole an item is; PBCore's pbcoreAssetType."""

    PROGRAMME = "programme", _("programme")
    EPISODE = "episode", _("episode")
    CLIP = "clip", _("clip")
    RAW_FOOTAGE = "raw-footage", _("raw footage")
    COMPILATION = "compilation", _("compilation reel")
    RECORDING = "recording", _("recording")
    PHOTOGRAPH = "photograph", _("photograph")
    DOCUMENT = "document", _("document")


class TitleType(TextChoices):
    ORIGINAL = "original", _("original title")
    ALTERNATIVE = "alternative", _("alternative title")
    SERIES = "series", _("series title")
    EPISODE = "episode", _("episode title")
    WORKING = "working", _("working title")
    RELEASE = "release", _("release title")


class DescriptionType(TextChoices):
    SYNOPSIS = "synopsis", _("synopsis")
    SHOT_LIST = "shot-list", _("shot list")
    CONTEXT = "context", _("historical context")
    TECHNICAL = "technical", _("technical note")
    NOTE = "note", _("note")


class DateType(TextChoices):
    RECORDED = "recorded", _("recorded")
    CREATED = "created", _("created")
    BROADCAST = "broadcast", _("first broadcast")
    ISSUED = "issued", _("issued")
    RESTORED = "restored", _("restored")


class CreditRole(TextChoices):
    """Who did what, after EBU's role codes; ``DEPICTED`` is whoever is seen or heard."""

    AUTHOR = "author", _("author")
    DIRECTOR = "director", _("director")
    CAMERA = "camera", _("camera")
    EDITOR = "editor", _("film editor")
    SOUND = "sound", _("sound")
    REPORTER = "reporter", _("reporter")
    PRESENTER = "presenter", _("presenter")
    PRODUCER = "producer", _("producer")
    COMPOSER = "composer", _("composer")
    CONDUCTOR = "conductor", _("conductor")
    PERFORMER = "performer", _("performer")
    SPEAKER = "speaker", _("speaker")
    DEPICTED = "depicted", _("person shown")
    OTHER = "other", _("other")


class PlaceRelation(TextChoices):
    SHOWN = "shown", _("shown")
    RECORDED = "recorded", _("recorded there")
    ABOUT = "about", _("spoken of")


class InstantiationKind(TextChoices):
    PHYSICAL = "physical", _("physical")
    DIGITAL = "digital", _("digital")


class Generation(TextChoices):
    """Where a carrier or file stands between the original and what viewers get; PBCore's instantiationGenerations."""

    ORIGINAL = "original", _("original")
    MASTER = "master", _("master")
    PRESERVATION = "preservation", _("preservation copy")
    MEZZANINE = "mezzanine", _("mezzanine")
    BROADCAST = "broadcast", _("broadcast copy")
    ACCESS = "access", _("access copy")
    COPY = "copy", _("copy")


MASTERS = frozenset({Generation.ORIGINAL, Generation.MASTER, Generation.PRESERVATION})


class TrackKind(TextChoices):
    VIDEO = "video", pgettext_lazy("track", "picture")
    AUDIO = "audio", _("sound")
    SUBTITLE = "subtitle", _("subtitles")
    DATA = "data", _("data")
    TIMECODE = "timecode", _("timecode")


class ScanOrder(TextChoices):
    PROGRESSIVE = "progressive", _("progressive")
    TOP_FIRST = "top-first", _("interlaced, top field first")
    BOTTOM_FIRST = "bottom-first", _("interlaced, bottom field first")


class TextKind(TextChoices):
    SUBTITLES = "subtitles", _("subtitles")
    CAPTIONS = "captions", _("captions for the hard of hearing")
    TRANSCRIPT = "transcript", _("transcript")
    AUDIO_DESCRIPTION = "audio-description", _("audio description")


class TextOrigin(TextChoices):
    HUMAN = "human", _("written by people")
    MACHINE = "machine", _("made by a machine")


class ValidationStatus(TextChoices):
    UNCHECKED = "unchecked", _("not checked")
    COMPLETE = "complete", _("complete")
    INCOMPLETE = "incomplete", _("incomplete")
    WRONG = "wrong", _("wrong")


class UploadStatus(TextChoices):
    RECEIVING = "receiving", _("receiving")
    CHECKING = "checking", _("being checked")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")
    ENDED = "ended", _("given up")


class UploadRefusal(TextChoices):
    """Why what was uploaded is not kept: stored as a code, told in the language of who reads."""

    CHECKSUM = "checksum-mismatch", _("The file does not have the checksum it was announced with.")
    TYPE_UNKNOWN = "file-type-unknown", _("The content is of no kind that is kept here.")
    TYPE_MISMATCH = "file-type-mismatch", _("The content is not what it was announced as.")
    QUOTA = "quota-exceeded", _("The broadcaster's room for files is used up.")
    TOO_MANY_PIXELS = "too-many-pixels", _("The picture has more pixels than are kept here.")
    UNREADABLE = "file-unreadable", _("The recording cannot be read.")
    ROLE = "role-missing", _("Whoever uploaded it may not add files to this item any more.")
    BROKE_OFF = "check-broke-off", _("The check broke off again and again.")


class StepKind(TextChoices):
    """Steps of the pipeline, in the order in which they are shown."""

    CHECKSUM = "checksum", _("checksum")
    PROBE = "probe", _("technical data")
    PROXY = "proxy", _("proxy")
    WATERMARK = "watermark", _("watermarked preview")
    POSTER = "poster", _("poster")
    KEYFRAMES = "keyframes", _("key frames")
    SPRITE = "sprite", _("sprite")
    WAVEFORM = "waveform", _("waveform")
    LOUDNESS = "loudness", _("loudness")
    HLS = "hls", _("HLS")


class StepStatus(TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    SKIPPED = "skipped", _("not needed")
    FAILED = "failed", _("failed")


class StepError(TextChoices):
    """Why a step failed, or what is missing from what it made: a code in the row, told to each reader."""

    UNREADABLE = "unreadable", _("The recording cannot be read.")
    NOTHING_INSIDE = "nothing-inside", _("There is neither picture nor sound that could be used.")
    ENDS_EARLY = "ends-early", _("The file ends early or is damaged: what could be read was used.")
    TOO_MANY_PIXELS = "too-many-pixels", _("The picture has more pixels than are worked on here.")
    TOOK_TOO_LONG = "took-too-long", _("The work took longer than is allowed and was ended.")
    TOO_LARGE = "too-large", _("The result grew larger than is allowed.")
    TOO_MUCH_MEMORY = "too-much-memory", _("The work needed more memory than is allowed.")
    MISSING = "file-missing", _("The file is not in the store.")
    CHANGED = "file-changed", _("The bytes in the store are not those that were received.")
    STORE = "store-failed", _("The store is full or out of reach.")
    KILLED = "program-killed", _("The program was ended from outside, perhaps for want of memory.")
    GAVE_UP = "gave-up", _("It was tried too often.")
    NEEDS_EARLIER = "needs-earlier", _("An earlier step has not succeeded.")


class PremisType(TextChoices):
    """What happened to a file; names of the PREMIS event type vocabulary (Library of Congress)."""

    INGESTION = "ingestion", _("ingestion")
    FIXITY_CHECK = "fixity check", _("fixity check")
    DIGEST = "message digest calculation", _("message digest calculation")
    METADATA_EXTRACTION = "metadata extraction", _("metadata extraction")
    CREATION = "creation", pgettext_lazy("preservation event", "creation of a derivative")
    DISSEMINATION = "dissemination", _("dissemination")
    EXPORT = "packing", pgettext_lazy("preservation event", "packing into a bag")


class PremisOutcome(TextChoices):
    SUCCESS = "success", _("success")
    FAILURE = "fail", _("failure")


class RightKind(TextChoices):
    """Rights of others inside an item."""

    MUSIC = "music", _("music")
    PERFORMERS = "performers", _("performers")
    THIRD_PARTY = "third-party", _("third-party footage")
    AUTHORS = "authors", _("authors")
    LIKENESS = "likeness", _("people shown")


class Clearance(TextChoices):
    UNCLEARED = "uncleared", _("not cleared")
    CLEARED = "cleared", _("cleared")
    REFUSED = "refused", _("refused")


class GrantStatus(TextChoices):
    ACTIVE = "active", _("active")
    REVOKED = "revoked", _("revoked")


class RequestStatus(TextChoices):
    SUBMITTED = "submitted", _("submitted")
    QUOTED = "quoted", _("quoted")
    APPROVED = "approved", _("approved")
    PARTLY_APPROVED = "partly-approved", _("partly approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


REQUEST_MOVES: dict[str, frozenset[str]] = {
    RequestStatus.SUBMITTED: frozenset(RequestStatus) - {RequestStatus.SUBMITTED},
    RequestStatus.QUOTED: frozenset(RequestStatus) - {RequestStatus.SUBMITTED, RequestStatus.QUOTED},
    RequestStatus.APPROVED: frozenset(),
    RequestStatus.PARTLY_APPROVED: frozenset(),
    RequestStatus.REFUSED: frozenset(),
    RequestStatus.WITHDRAWN: frozenset(),
}


class LineStatus(TextChoices):
    OPEN = "open", _("open")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class DeliveryStatus(TextChoices):
    WAITING = "waiting", _("being prepared")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    REVOKED = "revoked", _("revoked")
    ENDED = "ended", pgettext_lazy("delivery", "over")


class ImportFormat(TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", "XLSX"
    PBCORE = "pbcore", "PBCore 2.1"
    EBUCORE = "ebucore", "EBUCore 1.10"


class ImportStatus(TextChoices):
    READING = "reading", _("being read")
    PREVIEW = "preview", _("waiting for approval")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("refused")


class ImportAction(TextChoices):
    CREATE = "create", _("new")
    UPDATE = "update", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSE = "refuse", _("refused")


# The twelve statements of RightsStatements.org, version 1.0; values are the last part of their URI.
class RightsStatement(TextChoices):
    IN_COPYRIGHT = "InC", _("in copyright")
    ORPHAN_WORK = "InC-OW-EU", _("in copyright: EU orphan work")
    EDUCATIONAL_USE = "InC-EDU", _("in copyright: educational use permitted")
    NON_COMMERCIAL_USE = "InC-NC", _("in copyright: non-commercial use permitted")
    HOLDER_UNKNOWN = "InC-RUU", _("in copyright: rights-holder unlocatable or unidentifiable")
    NO_CONTRACT = "NoC-CR", _("no copyright: contractual restrictions")
    NO_NON_COMMERCIAL = "NoC-NC", _("no copyright: non-commercial use only")
    NO_OTHER = "NoC-OKLR", _("no copyright: other known legal restrictions")
    NO_US = "NoC-US", _("no copyright: United States")
    NOT_EVALUATED = "CNE", _("copyright not evaluated")
    UNDETERMINED = "UND", _("copyright undetermined")
    NO_KNOWN = "NKC", _("no known copyright")


RIGHTS_STATEMENT_URI = "http://rightsstatements.org/vocab/%s/1.0/"
# While a module is paused its partners go on reading the catalogue; nothing new is granted or delivered.
READABLE_STATES = frozenset({ModuleState.ACTIVE, ModuleState.SCALED, ModuleState.PAUSED})
