"""Words of PBCore's and EBU's vocabularies, and those that archives really write, for the words of ours.

``*_OUT`` is what documents of ours say; each is read back as what it was.
"""

import re

ASSET_TYPES_OUT = {
    "programme": "Program", "episode": "Episode", "clip": "Clip", "raw-footage": "Raw Footage",
    "compilation": "Compilation", "recording": "Recording", "photograph": "Photograph", "document": "Document",
}  # fmt: skip
_ASSET_TYPES = {
    "programme": "program programme full-program show feature film movie broadcast емисија филм передача фильм",
    "episode": "episode епизода выпуск эпизод",
    "clip": "clip segment story excerpt media-object прилог исечак сюжет",
    "raw-footage": "raw-footage rushes footage dailies b-roll unedited сирови-материјал",
    "compilation": "compilation album collection montage компилација",
    "recording": "recording miniseries-recording audio performance concert снимак запись",
    "photograph": "photograph photo still-image image picture фотографија фотография",
    "document": "document text script transcript документ",
}
TITLES_OUT = {
    "main": "Main", "original": "Original", "alternative": "Alternative", "series": "Series", "episode": "Episode",
    "working": "Working", "release": "Release",
}  # fmt: skip
_TITLES = {
    "main": "main main-title title full program programme proper supplied main-or-supplied-title",
    "original": "original original-title titleoriginal",
    "alternative": "alternative alternate alternative-title other parallel subtitle abbreviated nickname translated",
    "series": "series series-title collection",
    "episode": "episode episode-title episode-number segment",
    "working": "working working-title provisional",
    "release": "release release-title distribution",
}
DESCRIPTIONS_OUT = {
    "main": "Summary", "synopsis": "Synopsis", "shot-list": "Shot List", "context": "Context",
    "technical": "Technical", "note": "Note",
}  # fmt: skip
_DESCRIPTIONS = {
    "main": "summary main abstract description program programme content",
    "synopsis": "synopsis plot long-synopsis short-synopsis",
    "shot-list": "shot-list shotlist rundown table-of-contents segment listing",
    "context": "context historical-context biography background",
    "technical": "technical technical-note technical-notes",
    "note": "note notes comment annotation remark",
}
DATES_OUT = {
    "dated": "Content", "recorded": "Recorded", "created": "Created", "broadcast": "Broadcast", "issued": "Issued",
    "restored": "Restored",
}  # fmt: skip
_DATES = {
    "dated": "content dated date depicted",
    "recorded": "recorded captured filmed shot date-recorded recording production performance",
    "created": "created date-created creation produced datecreated",
    "broadcast": "broadcast aired air-date first-broadcast premiere broadcast-date datebroadcast published",
    "issued": "issued date-issued release released distributed copyright copyrighted available",
    "restored": "restored restoration",
}
ROLES_OUT = {
    "author": "Author", "director": "Director", "camera": "Camera Operator", "editor": "Editor", "sound": "Sound",
    "reporter": "Reporter", "presenter": "Presenter", "producer": "Producer", "composer": "Composer",
    "conductor": "Conductor", "performer": "Performer", "speaker": "Speaker", "depicted": "Depicted", "other": "Other",
}  # fmt: skip
CREATORS = frozenset({"author", "director", "producer"})
_ROLES = {
    "author": "author writer screenwriter scriptwriter scenarist аутор сценариста автор сценарист",
    "director": "director filmmaker режисер редитељ reditelj режиссер режиссёр режиссер-постановщик",
    "camera": "camera-operator camera cameraman cinematographer videographer director-of-photography photographer "
    "сниматељ snimatelj оператор камерман",
    "editor": "editor film-editor video-editor монтажер montažer монтажёр",
    "sound": "sound sound-engineer sound-recordist audio-engineer recording-engineer тонски-снимач звукорежиссер",
    "reporter": "reporter journalist correspondent interviewer новинар репортер журналист корреспондент тілші",
    "presenter": "presenter host anchor moderator announcer водитељ спикер ведущий жүргізуші",
    "producer": "producer executive-producer associate-producer co-producer продуцент producent продюсер",
    "composer": "composer композитор kompozitor",
    "conductor": "conductor диригент дирижер дирижёр",
    "performer": "performer performing-group actor actress cast musician singer vocalist instrumentalist dancer "
    "ensemble orchestra извођач глумац исполнитель актер актёр",
    "speaker": "speaker narrator interviewee commentator guest panelist наратор говорник диктор",
    "depicted": "depicted subject person-shown",
}
RELATIONS_OUT = {"shown": "Shown", "recorded": "Recorded", "about": "About"}
_RELATIONS = {
    "shown": "shown depicted",
    "recorded": "recorded filmed location production-location",
    "about": "about subject spoken-of",
}
GENERATIONS_OUT = {
    "original": "Original", "master": "Master", "preservation": "Preservation Master", "mezzanine": "Mezzanine",
    "broadcast": "Broadcast Copy", "access": "Access Copy", "copy": "Copy",
}  # fmt: skip
_GENERATIONS = {
    "original": "original camera-original original-negative negative raw camera-negative",
    "master": "master edit-master production-master",
    "preservation": "preservation-master preservation preservation-copy archive-master",
    "mezzanine": "mezzanine intermediate",
    "broadcast": "broadcast-copy broadcast air-copy transmission",
    "access": "access-copy access proxy viewing-copy screener reference browse",
    "copy": "copy dub duplicate duplication print copy-dub",
}
TRACKS_OUT = {
    "video": "Video", "audio": "Audio", "subtitle": "Subtitles", "data": "Data", "timecode": "Timecode",
}  # fmt: skip
_TRACKS = {
    "video": "video image picture moving-image v",
    "audio": "audio sound a",
    "subtitle": "subtitles subtitle caption captions text",
    "data": "data metadata general",
    "timecode": "timecode time-code",
}
STATEMENTS = ("InC", "InC-OW-EU", "InC-EDU", "InC-NC", "InC-RUU", "NoC-CR", "NoC-NC", "NoC-OKLR", "NoC-US", "CNE",
              "UND", "NKC")  # fmt: skip
_STATEMENT = re.compile(r"rightsstatements\.org/(?:vocab|page)/([A-Za-z-]{3,12})/?", re.IGNORECASE)
_BREAK = re.compile(r"[\s_/]+")


def _index(*tables: dict[str, str]) -> dict[str, str]:
    """Word → ours; what we write ourselves wins over what others do."""
    found = {folded(word): ours for ours, word in tables[0].items()}
    for ours, words in ({} if len(tables) < 2 else tables[1]).items():
        for word in words.split():
            found.setdefault(word, ours)
        found.setdefault(ours, ours)
    return found


def folded(text: str) -> str:
    return _BREAK.sub("-", text.strip().casefold())


ASSET_TYPES = _index(ASSET_TYPES_OUT, _ASSET_TYPES)
TITLES = _index(TITLES_OUT, _TITLES)
DESCRIPTIONS = _index(DESCRIPTIONS_OUT, _DESCRIPTIONS)
DATES = _index(DATES_OUT, _DATES)
ROLES = _index(ROLES_OUT, _ROLES)
RELATIONS = _index(RELATIONS_OUT, _RELATIONS)
GENERATIONS = _index(GENERATIONS_OUT, _GENERATIONS)
TRACKS = _index(TRACKS_OUT, _TRACKS)
CATEGORIES = frozenset({"historical-footage", "cultural-performance", "national-commemoration", "news", "programme"})


def rights_statement(text: str) -> str:
    """The last part of a RightsStatements.org URI, "" if the text is none."""
    found = _STATEMENT.search(text)
    if not found:
        return ""
    return next((word for word in STATEMENTS if word.lower() == found[1].lower()), "")


def guessed_category(genres: list[str], asset_type: str) -> str:
    """A category for a record of somebody who has other ones. Whoever uses it says that it is a guess."""
    words = " ".join(genres).casefold()
    if any(part in words for part in ("news", "вест", "новост", "жаңалық", "журнал", "newsreel")):
        return "news"
    if any(
        part in words for part in ("performance", "concert", "music", "dance", "theat", "концерт", "музик", "музык")
    ):
        return "cultural-performance"
    return "programme" if asset_type in ("programme", "episode") else "historical-footage"
