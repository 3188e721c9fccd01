"""Three make-believe newsrooms whose feeds live and change on loopback, so that a demonstration has something to ingest."""
