"""What beat rings, and how often. Every task may run twice or never: due times live in PostgreSQL rows."""

BEAT_SCHEDULE = {
    "sync-due-feeds": {"task": "newsexchange.tasks.sync_due_feeds", "schedule": 5.0, "options": {"expires": 30}},
    "release-embargoes": {"task": "newsexchange.tasks.release_embargoes", "schedule": 5.0, "options": {"expires": 30}},
    "render-due-documents": {
        "task": "newsexchange.tasks.render_due_documents",
        "schedule": 15.0,
        "options": {"expires": 30},
    },
    "tell-of-deadlines": {"task": "newsexchange.tasks.tell_of_deadlines", "schedule": 15.0, "options": {"expires": 60}},
    "purge-repeatable": {
        "task": "mediaexchange.core.tasks.purge_repeatable_requests",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "sweep-deliveries": {"task": "newsexchange.tasks.sweep_deliveries", "schedule": 5.0, "options": {"expires": 30}},
    "purge-deliveries": {
        "task": "newsexchange.tasks.purge_deliveries",
        "schedule": 3600.0,
        "options": {"expires": 3600},
    },
    "ingest-pushed": {"task": "newsexchange.tasks.ingest_pushed", "schedule": 5.0, "options": {"expires": 30}},
    "purge-pushed": {"task": "newsexchange.tasks.purge_pushed", "schedule": 3600.0, "options": {"expires": 3600}},
    "link-duplicates": {"task": "newsexchange.tasks.link_duplicates", "schedule": 15.0, "options": {"expires": 30}},
    "dispatch-drops": {"task": "newsexchange.tasks.dispatch_drops", "schedule": 5.0, "options": {"expires": 30}},
    "dispatch-digests": {"task": "newsexchange.tasks.dispatch_digests", "schedule": 15.0, "options": {"expires": 60}},
    "fetch-due-media": {"task": "newsexchange.tasks.fetch_due_media", "schedule": 30.0, "options": {"expires": 60}},
    "sweep-translations": {
        "task": "newsexchange.tasks.sweep_translations",
        "schedule": 15.0,
        "options": {"expires": 30},
    },
    "number-outbox": {"task": "mediaexchange.core.tasks.number_outbox", "schedule": 5.0, "options": {"expires": 30}},
    "heartbeat": {"task": "mediaexchange.core.tasks.beat_heart", "schedule": 15.0, "options": {"expires": 60}},
}
