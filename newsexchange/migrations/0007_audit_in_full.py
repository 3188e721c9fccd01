from django.db import migrations

from mediaexchange.core.audit import AuditTable

SYNC_BOOKKEEPING = (
    "etag", "last_modified", "content_hash", "next_sync_at", "current_interval", "leased_until", "lease_token",
    "last_success_at", "last_new_at", "last_error_at", "last_error", "failures", "redirect_since", "redirect_url",
    "auth_secret", "inbound_secret", "previous_inbound_secret",
)  # fmt: skip
BREAKER = (
    "failures", "trips", "open_until", "last_success_at", "last_error_at", "last_error", "secret", "previous_secret",
)  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("newsexchange", "0006_exchange_in_full"), ("core", "0002_audit")]

    operations = [
        migrations.RunSQL("DROP TRIGGER audit ON newsexchange_feed", migrations.RunSQL.noop),
        AuditTable("newsexchange_feed", ignore=SYNC_BOOKKEEPING),
        AuditTable("newsexchange_feedrule"),
        AuditTable("newsexchange_feedrule_offer_to"),
        AuditTable("newsexchange_rendition"),
        AuditTable("newsexchange_shot"),
        AuditTable("newsexchange_soundbite"),
        AuditTable("newsexchange_restriction"),
        AuditTable("newsexchange_storyrequest"),
        AuditTable("newsexchange_use"),
        AuditTable("newsexchange_subscription", ignore=BREAKER),
        AuditTable("newsexchange_subscription_origins"),
    ]
