"""The certificate on paper: A4 as PDF, set by Typst with the fonts it brings, in the person's language and script.

Its QR code (ISO/IEC 18004) holds the address of the public check and nothing else. All words reach the template as
data.
"""

import io
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import orjson
import segno
import typst
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from mediaexchange.core.languages.localize import localized
from mediaexchange.core.languages.tags import DEFAULT, LANGUAGES, shown_language
from training.models import Certificate
from training.services.certificate import held_on, issued_on
from training.tokens import certificate_address

CONTENT_TYPE = "application/pdf"
_LANGUAGES = {language.code: language for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page, line by line."""

    language: str
    script: str
    host: str
    title: str
    certifies: str
    name: str
    attended: str
    course: str
    details: list[str]
    number_label: str
    number: str
    issued: str
    footer: str
    check: str
    code: str


def render(certificate: Certificate, kind: Literal["pdf", "png"] = "pdf") -> bytes:
    """The page, made anew each time: nothing that names a person is kept. The same rows give the same bytes.

    Reads ``enrolment.participant``, ``enrolment.workshop.broadcaster``.
    """
    data = orjson.dumps(asdict(sheet(certificate))).decode()
    page = typst.compile(
        _template(),
        format=kind,
        ignore_system_fonts=True,
        sys_inputs={"sheet": data},
        timestamp=int(certificate.issued_at.timestamp()),
    )
    if not isinstance(page, bytes):
        raise TypeError("One input without an output file gives the bytes of one document.")
    return page


def sheet(certificate: Certificate) -> Sheet:
    """In the language in which it was issued."""
    language = shown_language(certificate.language) or DEFAULT
    enrolment = certificate.enrolment
    workshop = enrolment.workshop
    held = certificate.sessions_held
    with override(language):
        on = date_format(held_on(workshop, certificate), "DATE_FORMAT")
        sessions = ngettext(
            "%(attended)s of %(count)s session attended", "%(attended)s of %(count)s sessions attended", held
        ) % {"attended": certificate.sessions_attended, "count": held}
        details = [on, sessions]
        if workshop.place is not None:
            details.insert(0, localized(workshop.place, "name"))
        return Sheet(
            language=_LANGUAGES[language].language,
            script=_LANGUAGES[language].script.lower(),
            host=localized(workshop.broadcaster, "name"),
            title=_("Certificate of attendance"),
            certifies=_("This is to certify that"),
            name=enrolment.participant.name_in(language),
            attended=_("has taken part in the workshop"),
            course=localized(workshop, "name"),
            details=details,
            number_label=_("Number"),
            number=certificate.number,
            issued=_("Issued on %(date)s") % {"date": date_format(issued_on(workshop, certificate), "DATE_FORMAT")},
            footer=_("Issued by the host through an independent exchange of broadcasters."),
            check=_("Scan to check"),
            code=_code(certificate_address(certificate)),
        )


def _code(address: str) -> str:
    out = io.BytesIO()
    segno.make(address, micro=False, error="m").save(out, kind="svg", border=2, xmldecl=False, svgns=True)
    return out.getvalue().decode()


@cache
def _template() -> bytes:
    return (files("training.formats") / "certificate.typ").read_bytes()
