from training.admin import feedback, participant, programme, records, workshop  # noqa: F401 — registers the pages
