"""The audit trail of the exchange."""

from django.db import migrations

from mediaexchange.core.audit import AuditTable

# Bookkeeping, no deeds; and secrets, which no trail keeps.
SYNCING = (
    "etag", "last_modified", "content_hash", "next_sync_at", "current_interval", "leased_until", "lease_token",
    "last_success_at", "last_new_at", "last_error_at", "last_error", "failures", "redirect_since", "redirect_url",
    "auth_secret", "inbound_secret", "previous_inbound_secret",
)  # fmt: skip
BREAKER = (
    "failures", "trips", "open_until", "last_success_at", "last_error_at", "last_error", "secret", "previous_secret",
)  # fmt: skip
FETCHING = ("fetch_due_at", "fetch_failures", "fetch_error", "fetch_leased_until", "fetch_token")


class Migration(migrations.Migration):
    replaces = [
        ("newsexchange", "0002_audit"),
        ("newsexchange", "0007_audit_in_full"),
    ]

    dependencies = [("newsexchange", "0001_tables"), ("correspondents", "0002_rules"), ("core", "0002_rules")]

    operations = [
        AuditTable("newsexchange_feed", ignore=SYNCING),
        AuditTable("newsexchange_feedrule"),
        AuditTable("newsexchange_feedrule_offer_to"),
        AuditTable("newsexchange_quarantinedentry", ignore=["payload", "times_seen", "last_seen_at"]),
        AuditTable("newsexchange_story", ignore=["signature", "source_hash", "source_said"]),
        AuditTable("newsexchange_edition"),
        AuditTable("newsexchange_rendition", ignore=FETCHING),
        AuditTable("newsexchange_shot"),
        AuditTable("newsexchange_soundbite"),
        AuditTable("newsexchange_restriction"),
        AuditTable("newsexchange_offer"),
        AuditTable("newsexchange_take"),
        AuditTable("newsexchange_use"),
        AuditTable("newsexchange_recall"),
        AuditTable("newsexchange_recallnotice"),
        AuditTable("newsexchange_storyrequest"),
        AuditTable("newsexchange_storyfiled"),
        AuditTable("newsexchange_subscription", ignore=BREAKER),
        AuditTable("newsexchange_subscription_origins"),
        AuditTable("newsexchange_translationprovider", ignore=["secret"]),
        AuditTable(
            "newsexchange_translationorder", ignore=["source", "segments", "due_at", "leased_until", "lease_token"]
        ),
    ]
