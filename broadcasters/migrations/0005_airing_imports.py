import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import mediaexchange.core.validators
from mediaexchange.core.audit import AuditTable
from mediaexchange.core.create_models import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("broadcasters", "0004_agreement_rules"),
        ("core", "0002_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="airing",
            name="is_joint",
            field=models.BooleanField(
                default=False,
                help_text="By the channel’s own house and the origin: it is not foreign.",
                verbose_name="made together",
            ),
        ),
        migrations.AddField(
            model_name="airing",
            name="reference",
            field=models.CharField(blank=True, default="", max_length=200, verbose_name="reference to what was aired"),
        ),
        migrations.AddField(
            model_name="airing",
            name="programme_key",
            field=models.CharField(blank=True, default="", editable=False, max_length=80),
        ),
        migrations.AddConstraint(
            model_name="airing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("programme_key", ""), _negated=True),
                fields=("channel", "started_at", "programme_key"),
                name="broadcasters_airing_once",
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="AiringImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="UID")),
                        (
                            "broadcaster",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="airing_imports",
                                to="broadcasters.broadcaster",
                                verbose_name="broadcaster",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("airings", "airings"), ("audience", "audience figures")],
                                default="airings",
                                max_length=10,
                                verbose_name="what it holds",
                            ),
                        ),
                        (
                            "format",
                            models.CharField(
                                blank=True,
                                choices=[("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON")],
                                default="",
                                max_length=10,
                                verbose_name="format",
                            ),
                        ),
                        (
                            "file_name",
                            models.CharField(blank=True, default="", max_length=255, verbose_name="file name"),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                blank=True,
                                help_text="Of rows that name none.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="broadcasters.channel",
                                verbose_name="channel",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="Of audience figures: who measured, where rows do not say it.",
                                max_length=300,
                                verbose_name="source",
                            ),
                        ),
                        ("content", models.BinaryField(null=True)),
                        ("header", models.JSONField(default=list, editable=False, verbose_name="columns")),
                        (
                            "mapping",
                            models.JSONField(default=dict, editable=False, verbose_name="fields of the columns"),
                        ),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("reading", "being read"),
                                    ("columns", "columns to be named"),
                                    ("preview", "to be approved"),
                                    ("applying", "being written"),
                                    ("applied", "written"),
                                    ("refused", "refused"),
                                ],
                                default="reading",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        ("error", models.CharField(blank=True, default="", max_length=40, verbose_name="reason")),
                        ("detail", models.TextField(blank=True, default="", verbose_name="details")),
                        ("leased_until", models.DateTimeField(editable=False, null=True)),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="created at",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "applied_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="applied at"),
                        ),
                        (
                            "applied_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "matched_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="matched at"),
                        ),
                    ],
                    options={
                        "verbose_name": "import of airings",
                        "verbose_name_plural": "imports of airings",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["airings", "audience"])),
                                name="broadcasters_airingimport_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("status__in", ["reading", "columns", "preview", "applying", "applied", "refused"])
                                ),
                                name="broadcasters_airingimport_status",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("format__in", ["csv", "xlsx", "json", ""])),
                                name="broadcasters_airingimport_format",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("status", "reading"), _negated=True),
                                    ("content__isnull", False),
                                    _connector="OR",
                                ),
                                name="broadcasters_airingimport_content_read",
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="AiringImportRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        (
                            "airing_import",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="rows",
                                to="broadcasters.airingimport",
                                verbose_name="import of airings",
                            ),
                        ),
                        ("position", models.PositiveIntegerField(verbose_name="row")),
                        ("cells", models.JSONField(default=list, verbose_name="cells")),
                        (
                            "action",
                            models.CharField(
                                choices=[("create", "new"), ("known", "known already"), ("refuse", "refused")],
                                default="refuse",
                                max_length=10,
                                verbose_name="action",
                            ),
                        ),
                        ("has_warning", models.BooleanField(default=False, verbose_name="remarks")),
                        ("problems", models.JSONField(default=list, verbose_name="problems")),
                        ("values", models.JSONField(default=dict, verbose_name="values")),
                        (
                            "channel",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="broadcasters.channel",
                                verbose_name="channel",
                            ),
                        ),
                        ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="started at")),
                        ("programme_key", models.CharField(blank=True, default="", editable=False, max_length=80)),
                        (
                            "airing",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="import_rows",
                                to="broadcasters.airing",
                                verbose_name="airing",
                            ),
                        ),
                        ("is_written", models.BooleanField(default=False, verbose_name="written")),
                        (
                            "corrected_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="corrected by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "row of an import",
                        "verbose_name_plural": "rows of imports",
                        "ordering": ["airing_import", "position"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("airing_import", "position"), name="broadcasters_airingimportrow_position"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("action__in", ["create", "known", "refuse"])),
                                name="broadcasters_airingimportrow_action",
                            ),
                        ],
                        "indexes": [],
                    },
                ),
                migrations.CreateModel(
                    name="AiringMatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="UID")),
                        (
                            "airing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="matches",
                                to="broadcasters.airing",
                                verbose_name="airing",
                            ),
                        ),
                        ("subject_type", models.CharField(max_length=40, verbose_name="subject")),
                        ("subject_uid", models.UUIDField(verbose_name="subject UID")),
                        ("evidence_uid", models.UUIDField(editable=False)),
                        (
                            "score",
                            models.PositiveSmallIntegerField(
                                help_text="From 1 to 100; 100 is a reference.", verbose_name="likeness"
                            ),
                        ),
                        ("reasons", models.JSONField(default=list, verbose_name="reasons")),
                        (
                            "status",
                            models.CharField(
                                choices=[
                                    ("suggested", "suggested"),
                                    ("confirmed", "confirmed"),
                                    ("rejected", "rejected"),
                                ],
                                default="suggested",
                                max_length=10,
                                verbose_name="status",
                            ),
                        ),
                        (
                            "refusal",
                            models.CharField(
                                blank=True,
                                default="",
                                editable=False,
                                max_length=60,
                                verbose_name="why it was not confirmed",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="created at",
                            ),
                        ),
                        (
                            "decided_at",
                            models.DateTimeField(blank=True, editable=False, null=True, verbose_name="decided at"),
                        ),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="decided by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "suggested match",
                        "verbose_name_plural": "suggested matches",
                        "ordering": ["-score", "-id"],
                        "indexes": [
                            models.Index(fields=["status", "-score", "-id"], name="broadcasters_match_waiting")
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("status__in", ["suggested", "confirmed", "rejected"])),
                                name="broadcasters_airingmatch_status",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("score__range", (1, 100))), name="broadcasters_airingmatch_score"
                            ),
                            models.UniqueConstraint(
                                fields=("airing", "subject_type", "subject_uid"), name="broadcasters_airingmatch_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("status", "confirmed")),
                                fields=("airing",),
                                name="broadcasters_airingmatch_one_confirmed",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("decided_at__isnull", True), ("status", "suggested")),
                                    models.Q(
                                        models.Q(("status", "suggested"), _negated=True), ("decided_at__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="broadcasters_airingmatch_decided",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AudienceFigure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="UID")),
                        (
                            "airing",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="audience_figures",
                                to="broadcasters.airing",
                                verbose_name="airing",
                            ),
                        ),
                        (
                            "channel",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="audience_figures",
                                to="broadcasters.channel",
                                verbose_name="channel",
                            ),
                        ),
                        ("starts_on", models.DateField(blank=True, null=True, verbose_name="first day")),
                        ("ends_on", models.DateField(blank=True, null=True, verbose_name="last day")),
                        (
                            "subject_type",
                            models.CharField(blank=True, default="", max_length=40, verbose_name="subject"),
                        ),
                        ("subject_uid", models.UUIDField(blank=True, null=True, verbose_name="subject UID")),
                        (
                            "language",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="Of the edition that was watched, as a BCP 47 tag.",
                                max_length=35,
                                validators=[mediaexchange.core.validators.validate_language_tag],
                                verbose_name="language",
                            ),
                        ),
                        (
                            "measure",
                            models.CharField(
                                choices=[
                                    ("reach", "reach"),
                                    ("share", "share"),
                                    ("average", "average audience"),
                                    ("views", "views"),
                                    ("unique_users", "unique users"),
                                ],
                                max_length=12,
                                verbose_name="measure",
                            ),
                        ),
                        ("value", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="value")),
                        (
                            "unit",
                            models.CharField(
                                choices=[("people", "people"), ("percent", "per cent"), ("views", "views")],
                                max_length=8,
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                help_text="Who measured, and in which publication.",
                                max_length=300,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "method",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="A people meter panel, a server log …",
                                max_length=300,
                                verbose_name="method",
                            ),
                        ),
                        ("as_of", models.DateField(verbose_name="as of")),
                        (
                            "stated_by",
                            models.ForeignKey(
                                help_text="Which house says so.",
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="broadcasters.broadcaster",
                                verbose_name="stated by",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="broadcasters.broadcaster",
                                verbose_name="made by",
                            ),
                        ),
                        (
                            "recorded_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="recorded at",
                            ),
                        ),
                        (
                            "recorded_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reported by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "audience figure",
                        "verbose_name_plural": "audience figures",
                        "ordering": ["-as_of", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("measure__in", ["reach", "share", "average", "views", "unique_users"])
                                ),
                                name="broadcasters_audiencefigure_measure",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("measure", "reach"), ("unit__in", ["people", "percent"])),
                                    models.Q(("measure", "share"), ("unit__in", ["percent"])),
                                    models.Q(("measure", "average"), ("unit__in", ["people"])),
                                    models.Q(("measure", "views"), ("unit__in", ["views"])),
                                    models.Q(("measure", "unique_users"), ("unit__in", ["people"])),
                                    _connector="OR",
                                ),
                                name="broadcasters_audiencefigure_unit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("value__gte", 0),
                                    models.Q(
                                        models.Q(("unit", "percent"), _negated=True),
                                        ("value__lte", 100),
                                        _connector="OR",
                                    ),
                                ),
                                name="broadcasters_audiencefigure_value",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source__gt", "")), name="broadcasters_audiencefigure_sourced"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("airing__isnull", False),
                                        ("channel__isnull", True),
                                        ("starts_on__isnull", True),
                                        ("subject_uid__isnull", True),
                                    ),
                                    models.Q(
                                        ("airing__isnull", True),
                                        ("channel__isnull", False),
                                        ("starts_on__isnull", False),
                                        ("subject_uid__isnull", True),
                                    ),
                                    models.Q(
                                        ("airing__isnull", True),
                                        ("channel__isnull", True),
                                        ("language__gt", ""),
                                        ("subject_uid__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="broadcasters_audiencefigure_of_one_thing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("ends_on__isnull", True), ("starts_on__isnull", True)),
                                    models.Q(("ends_on__gte", models.F("starts_on")), ("starts_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="broadcasters_audiencefigure_period",
                            ),
                            models.UniqueConstraint(
                                fields=(
                                    "airing",
                                    "channel",
                                    "starts_on",
                                    "ends_on",
                                    "subject_type",
                                    "subject_uid",
                                    "language",
                                    "measure",
                                    "unit",
                                    "source",
                                    "as_of",
                                    "stated_by",
                                ),
                                name="broadcasters_audiencefigure_once",
                                nulls_distinct=False,
                            ),
                        ],
                        "indexes": [],
                    },
                ),
            ]
        ),
        AuditTable("broadcasters_airingimport", ignore=["content", "leased_until", "matched_at"]),
        AuditTable("broadcasters_airingmatch"),
        AuditTable("broadcasters_audiencefigure"),
    ]
