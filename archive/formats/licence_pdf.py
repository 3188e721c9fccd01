"""A licence on paper: A4 as PDF with two languages side by side, set by Typst with the fonts it brings.

The texts reach the template as data: whatever somebody wrote into a purpose or a title is shown as it is.
"""

from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from importlib.resources import files

import orjson
import typst
from django.utils import translation

from archive.formats.licence import page
from archive.models import Grant, Licence
from mediaexchange.core.languages.tags import to_bcp47

CONTENT_TYPE = "application/pdf"


def render(licence: Licence, grants: Sequence[Grant], languages: tuple[str, str]) -> bytes:
    """The PDF in two shown languages, the first on the left; the same state of the licence gives the same bytes."""
    made = compiled(licence, grants, languages, "pdf")
    if not isinstance(made, bytes):
        raise TypeError("One input without an output file gives the bytes of one document.")
    return made


def compiled(
    licence: Licence, grants: Sequence[Grant], languages: tuple[str, str], kind: str, **options: float
) -> bytes | list[bytes]:
    """The same in another kind of Typst's, such as "png", which is one picture a page."""
    pages = []
    for language in languages:
        with translation.override(language):
            pages.append(asdict(page(licence, grants, to_bcp47(language))))
    changed_at = licence.revoked_at or licence.created_at
    made: bytes | list[bytes] = typst.compile(
        _template(), format=kind, ignore_system_fonts=True, sys_inputs={"pages": orjson.dumps(pages).decode()},
        timestamp=int(changed_at.timestamp()), **options,
    )  # type: ignore[call-overload]  # fmt: skip
    return made


@cache
def _template() -> bytes:
    return (files("archive.formats") / "licence.typ").read_bytes()
