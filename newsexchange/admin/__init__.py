"""The exchange desk: one file a noun, deeds through the services, rows only as their querysets show them."""

from newsexchange.admin import (  # noqa: F401 — importing registers them
    delivery,
    feed,
    offer,
    quarantine,
    recall,
    request,
    story,
    subscription,
    take,
    translation_order,
    translation_provider,
    use,
)
