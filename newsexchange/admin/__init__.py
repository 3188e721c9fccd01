"""The exchange desk: one file a noun, deeds through the services, rows only as their querysets show them."""

from django.contrib import admin

from newsexchange.admin import feed, offer, quarantine, recall, story, take  # noqa: F401 — importing registers them

admin.site.index_template = "newsexchange/desk.html"
