"""The archive's pages, one noun a file; importing a module registers its pages."""

from archive.admin import (  # noqa: F401 — importing registers them
    catalogue_import,
    collection,
    footage_delivery,
    footage_request,
    grant,
    item,
    licence,
    media_file,
    upload,
)
