from django.db import migrations

from mediaexchange.core.audit import AuditTable

SYNC_BOOKKEEPING = (
    "etag", "last_modified", "content_hash", "next_sync_at", "current_interval", "leased_until", "lease_token",
    "last_success_at", "last_new_at", "last_error_at", "last_error", "failures", "redirect_since", "redirect_url",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("newsexchange", "0001_initial"), ("core", "0002_audit")]

    operations = [
        AuditTable("newsexchange_feed", ignore=SYNC_BOOKKEEPING),
        AuditTable("newsexchange_quarantinedentry", ignore=["payload", "times_seen", "last_seen_at"]),
        AuditTable("newsexchange_story"),
        AuditTable("newsexchange_edition"),
        AuditTable("newsexchange_offer"),
        AuditTable("newsexchange_take"),
        AuditTable("newsexchange_recall"),
        AuditTable("newsexchange_recallnotice"),
    ]
