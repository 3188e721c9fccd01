"""Organisations, agreements, directories and access, one noun a file."""

from broadcasters.admin import (  # noqa: F401 — importing registers them
    airing,
    api_key,
    broadcaster,
    glossary,
    institution,
    keep_word,
    membership,
    memorandum,
    module,
    party,
    person,
    place,
    user,
)
