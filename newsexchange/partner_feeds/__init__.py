"""Three make-believe newsrooms whose feeds live and change on loopback, for demonstrations of ingest."""
