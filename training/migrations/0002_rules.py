"""Seats are counted by the database; the audit trail."""

from django.db import migrations

from mediaexchange.core.audit import AuditTable
from training.seats_in_sql import COUNT_SEATS, FORGET_SEATS


class Migration(migrations.Migration):
    replaces = [
        ("training", "0002_seats_and_audit"),
    ]

    dependencies = [("training", "0001_tables"), ("archive", "0002_rules"), ("core", "0002_rules")]

    operations = [
        migrations.RunSQL(COUNT_SEATS, FORGET_SEATS),
        AuditTable("training_programme"),
        AuditTable("training_workshop", ignore=["seats_taken", "queue_tail", "calendar_token"]),
        AuditTable("training_seatquota", ignore=["seats_taken"]),
        AuditTable("training_trainer"),
        AuditTable("training_material"),
        AuditTable("training_session", ignore=["check_in_secret"]),
        # What names a person, or may: the trail is for ever, a consent is not.
        AuditTable("training_participant", ignore=["name_cyrl", "name_latn", "email", "user_id"]),
        AuditTable("training_consent"),
        AuditTable("training_enrolment", ignore=["reason"]),
        AuditTable("training_attendance"),
        AuditTable("training_certificate", ignore=["token", "revocation_reason"]),
        AuditTable("training_feedbackform"),
        AuditTable("training_question"),
        AuditTable("training_choice"),
    ]
