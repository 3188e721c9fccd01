"""Reading a body: strict JSON, bounded before it is parsed."""

from collections.abc import Mapping
from typing import IO, Any

import orjson
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

MAX_BODY_BYTES = 2 * 1024 * 1024


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
