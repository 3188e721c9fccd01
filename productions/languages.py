"""Languages of versions: any BCP 47 tag with a script (RFC 5646), told by name where one is known.

The names stand in ``data/languages.json``. A language that is not there needs no code: its version brings its own name.
"""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from archive.media.languages import tag_of
from mediaexchange.core.errors import DomainError
from mediaexchange.core.languages.resolve import resolve
from mediaexchange.core.languages.tags import DEFAULT
from mediaexchange.core.validators import validate_language_tag

_DATA = json.loads((Path(__file__).parent / "data" / "languages.json").read_text(encoding="utf-8"))
LANGUAGES: dict[str, dict[str, Any]] = _DATA["languages"]
SCRIPTS: dict[str, dict[str, str]] = _DATA["scripts"]


def canonical_tag(text: str) -> str:
    """ "HU" and "hun-latn" become "hu-Latn": two letters where there are two, usual letter case, and the script.

    It may be left out for a language that is known. Raises DomainError "bad-language" for what is no tag and
    "script-missing" where nobody knows the script.
    """
    subtags = [subtag for subtag in text.strip().replace("_", "-").split("-") if subtag]
    tag = tag_of("-".join([*(subtag.lower() for subtag in subtags[:1]), *map(_cased, subtags[1:])]))
    if not tag:
        raise DomainError("bad-language", _("“%(tag)s” is not a BCP 47 language tag.") % {"tag": text[:35]})
    language, *rest = tag.split("-")
    if rest and len(rest[0]) == 4 and rest[0].isalpha():
        return tag
    known = LANGUAGES.get(language)
    if known is None:
        raise DomainError(
            "script-missing",
            _("Say the script of “%(tag)s”, as in %(tag)s-Latn or %(tag)s-Cyrl.") % {"tag": language},
        )
    return "-".join([language, known["scripts"][0], *rest])


def validate_tag_with_script(value: str) -> None:
    """Raises ValidationError for a tag that is not written as ``canonical_tag`` writes it."""
    validate_language_tag(value)
    try:
        is_canonical = canonical_tag(value) == value
    except DomainError as error:
        raise ValidationError(str(error), code=error.code) from error
    if not is_canonical:
        raise ValidationError(
            _("“%(value)s” is written %(tag)s."), code="language",
            params={"value": value, "tag": canonical_tag(value)},
        )  # fmt: skip


def language_name(tag: str, *, autonym: str = "") -> str:
    """In the active language and script; where it has no name there, its own name, else the tag.

    The script is told where the language has several, or is not written in its usual one.
    """
    return _name(tag, autonym, get_language() or DEFAULT)


@lru_cache(maxsize=512)
def _name(tag: str, autonym: str, reader: str) -> str:
    language, *rest = tag.split("-")
    script = rest[0] if rest else ""
    known = LANGUAGES.get(language)
    if known is None:
        return autonym or tag
    name = resolve(known["names"], reader).text
    if known["scripts"] == [script] or script not in SCRIPTS:
        return name
    return f"{name} ({resolve(SCRIPTS[script], reader).text})"


def _cased(subtag: str) -> str:
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) == 2 else subtag.lower()
