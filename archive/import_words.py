"""What the codes of an import's problems mean, in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from archive.parsing.base import Code
from mediaexchange.core.errors import Message

MESSAGES: dict[str, Message] = {
    Code.TOO_LARGE: _("The document is too large."),
    Code.NOT_WELL_FORMED: _("The document is damaged and cannot be read."),
    Code.BAD_ENCODING: _("The letters of the document are in no known encoding."),
    Code.UNKNOWN_FORMAT: _("The document is in no format that is read here."),
    Code.HOSTILE: _("The document holds what only attacks hold."),
    Code.NO_RECORDS: _("There is no record in the document."),
    Code.NO_HEADER: _("No row near the top names columns that are known here."),
    Code.PARSER_FAILED: _("The document could not be read within the time and memory that it may take."),
    Code.IDENTIFIER_MISSING: _("The record has no identifier."),
    Code.IDENTIFIER_TOO_LONG: _("The identifier is too long."),
    Code.IDENTIFIER_TWICE: _("Another record of the document has the same identifier."),
    Code.TITLE_MISSING: _("A new item needs a title."),
    Code.SEVERAL_MATCH: _("Several items have this identifier."),
    Code.IDENTITY_CONFLICT: _("Its identifiers belong to different items."),
    Code.UID_UNKNOWN: _("The house has no item with this UID."),
    Code.BAD_VALUE: _("This value is not possible here."),
    Code.TOO_MANY_PARTS: _("The record has more parts than are read."),
    Code.NO_RECORD: _("This describes a carrier alone, not an item."),
    Code.CHANGED_MEANWHILE: _("The item was changed after the preview was made."),
    Code.DAMAGED: _("The document is damaged; something may be missing."),
    Code.KEPT_AS_NOTE: _("No field takes this; it is kept as a note."),
    Code.NOT_IMPORTED: _("This is not imported; change it on the item’s page."),
    Code.DATE_UNREADABLE: _("The date cannot be understood; it is kept as a note."),
    Code.LANGUAGE_UNKNOWN: _("The language is not known."),
    Code.LANGUAGE_GUESSED: _("The language was not said; it was guessed."),
    Code.TITLE_IN_OTHER_LANGUAGE: _("The only title is in a language that has no field of its own."),
    Code.TITLE_STANDS_IN: _("There is no main title; another one stands in for it."),
    Code.CATEGORY_GUESSED: _("The category was not said; it was guessed."),
    Code.WORD_UNKNOWN: _("This word of a list of terms is not known."),
    Code.TOPIC_UNKNOWN: _("This is no Media Topic; it is kept as a subject."),
    Code.PERSON_AMBIGUOUS: _("Several people bear this name; the bare name is kept."),
    Code.PLACE_UNKNOWN: _("There is no record of this place; it is kept as a note."),
    Code.COLLECTION_UNKNOWN: _("The house has no such collection; it is kept as a note."),
    Code.SERIES_UNKNOWN: _("The house has no such series; it is kept as a note."),
    Code.PARENT_UNKNOWN: _("The house has no item with this identifier; it is kept as a note."),
    Code.NUMBER_UNREADABLE: _("This is no number or length."),
    Code.SHORTENED: _("The text was too long for its field; all of it is kept as a note."),
    Code.FILE_MEASURED: _("What is said of a stored file follows its bytes, not the document."),
    Code.COLUMN_UNKNOWN: _("The column is not known; its values are kept as notes."),
}
DISCARDED = "discarded"
_IMPORTS: dict[str, Message] = MESSAGES | {DISCARDED: _("It was discarded.")}


def told(code: str) -> str:
    """The code's meaning in the active language; the code itself for one without words."""
    return str(_IMPORTS.get(code, code))


def told_problem(problem: Mapping[str, Any]) -> str:
    """One line: what, where, and the value."""
    about = ": ".join(filter(None, (str(problem.get("where", "")), str(problem.get("value", "")))))
    said = told(str(problem.get("code", "")))
    return f"{said} ({about})" if about else said
