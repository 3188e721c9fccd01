"""Reading a body: strict JSON, or a small form; bounded before it is parsed."""

from collections.abc import Mapping
from typing import IO, Any
from urllib.parse import parse_qsl

import orjson
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MAX_BODY_BYTES = 2 * 1024 * 1024
MAX_FORM_BYTES = 16 * 1024
_MAX_FORM_FIELDS = 100


class BodyTooLargeError(APIException):
    status_code = 413
    default_code = "too-large"
    default_detail = _("The body is larger than 2 MiB.")


class JSONParser(BaseParser):
    """An object, nothing else: no NaN, no duplicate meaning by media type, at most 2 MiB."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        body = stream.read(MAX_BODY_BYTES + 1)
        if len(body) > MAX_BODY_BYTES:
            raise BodyTooLargeError
        if not body.strip():
            return {}
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError:
            raise ParseError from None
        if not isinstance(value, dict):
            raise ParseError
        return value


class FormParser(BaseParser):
    """The parameters of a form, each once; those without a value count as left out (RFC 6749 §3.2). At most 16 KiB."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, str]:
        body = stream.read(MAX_FORM_BYTES + 1)
        if len(body) > MAX_FORM_BYTES:
            raise ParseError
        try:
            pairs = parse_qsl(body.decode(), errors="strict", max_num_fields=_MAX_FORM_FIELDS)
        except ValueError:
            raise ParseError from None
        form = dict(pairs)
        if len(form) != len(pairs):
            raise ParseError
        return form
