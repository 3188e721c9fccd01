"""Organisations, agreements, directories and access, one noun a file."""

from django.contrib import admin

from broadcasters.admin import (  # noqa: F401 — importing registers them
    airing,
    airing_import,
    airing_import_row,
    airing_match,
    api_key,
    audience,
    broadcaster,
    claim,
    clause,
    event,
    glossary,
    guideline,
    initiative,
    institution,
    keep_word,
    membership,
    memorandum,
    minutes,
    module,
    obligation,
    party,
    person,
    place,
    review,
    user,
)

admin.site.index_template = "broadcasters/admin/desk.html"
