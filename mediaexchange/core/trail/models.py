"""What proves the audit trail: the chain of seals, how far the next ones may go, and what was erased by right."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class AuditSeal(models.Model):
    """What the entries after ``after_id``, up to ``last_id``, were; never changed. ``digest`` covers all of it.

    Each names the digest of the one before and begins where that one ends: a foreign key over both (``sql.py``) and the
    primary key leave neither gaps nor branches. ``previous_digest`` and ``after_id`` are None in the first.
    """

    position = models.BigIntegerField(primary_key=True)
    previous_position = models.GeneratedField(
        expression=F("position") - 1, output_field=models.BigIntegerField(), db_persist=True
    )
    previous_digest = models.BinaryField(null=True)  # SHA-256, as all digests here
    after_id = models.BigIntegerField(null=True)
    last_id = models.BigIntegerField()
    entries = ArrayField(models.BigIntegerField())  # the ids of what it covers, ascending,
    digests = ArrayField(models.BinaryField())  # and the digest of each, so that what was altered can be named
    sealed_at = models.DateTimeField(_("sealed at"), db_default=Now())
    digest = models.BinaryField(unique=True)

    class Meta:
        verbose_name = _("seal of the audit trail")
        verbose_name_plural = _("seals of the audit trail")
        ordering = ["position"]
        indexes = [models.Index(fields=["sealed_at"], name="core_auditseal_age")]
        constraints = [
            models.CheckConstraint(
                name="core_auditseal_first",
                condition=Q(position=1, previous_digest__isnull=True, after_id__isnull=True)
                | Q(position__gt=1, previous_digest__isnull=False, after_id__isnull=False),
            ),
            models.CheckConstraint(
                name="core_auditseal_goes_on", condition=Q(after_id__isnull=True) | Q(last_id__gt=F("after_id"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {bytes(self.digest).hex()}"


class AuditMark(models.Model):
    """One row: the newest entry that somebody saw, and ``fence``, a transaction that began afterwards.

    Once all transactions below the fence have ended, no smaller id can appear any more: up to here may be sealed.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    last_id = models.BigIntegerField()
    fence = models.BigIntegerField()  # a transaction's id, of this server

    class Meta:
        verbose_name = _("mark of the audit trail")
        verbose_name_plural = _("marks of the audit trail")
        constraints = [models.CheckConstraint(name="core_auditmark_one", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.last_id)


class AuditErasure(models.Model):
    """That the values of an entry were erased by right, and why. ``payload`` is the digest of what stood there.

    With it the entry's seal can still be computed: whatever else was altered shows. Never changed, and audited itself.
    """

    entry = models.OneToOneField("core.AuditEntry", models.PROTECT, related_name="erasure")
    payload = models.BinaryField()
    reason = models.CharField(_("reason"), max_length=200)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("erasure in the audit trail")
        verbose_name_plural = _("erasures in the audit trail")
        constraints = [
            models.CheckConstraint(name="core_auditerasure_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.reason}"
