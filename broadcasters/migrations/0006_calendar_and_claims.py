import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import mediaexchange.core.edtf
import mediaexchange.core.validators
from broadcasters.calendar_in_sql import CALENDAR_RULES, FORGET_CALENDAR_RULES
from mediaexchange.core.audit import AuditTable
from mediaexchange.core.create_models import CreateModels


class Migration(migrations.Migration):
    dependencies = [
        ("broadcasters", "0005_airing_imports"),
        ("core", "0002_rules"),
    ]

    operations = [
        migrations.AddField(
            model_name="institution",
            name="existence",
            field=models.CharField(
                choices=[("present", "there"), ("planned", "planned"), ("former", "no longer there")],
                default="present",
                help_text="What is planned is not there yet, however often it is announced.",
                max_length=10,
                verbose_name="existence",
            ),
        ),
        migrations.AddField(
            model_name="institution",
            name="opened",
            field=models.CharField(
                blank=True,
                default="",
                help_text="EDTF: a day 2024-11-12, a month 2024-09, a year 2011, days 2024-11-18/2024-11-19; 2016-11-16? is uncertain, 1961~ is about. Empty: not known. Write no more than the source says.",
                max_length=60,
                validators=[mediaexchange.core.edtf.validate_edtf],
                verbose_name="opened",
            ),
        ),
        migrations.AddField(
            model_name="institution",
            name="opened_first",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="institution",
            name="opened_last",
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="place",
            name="existence",
            field=models.CharField(
                choices=[("present", "there"), ("planned", "planned"), ("former", "no longer there")],
                default="present",
                help_text="What is planned is not there yet, however often it is announced.",
                max_length=10,
                verbose_name="existence",
            ),
        ),
        migrations.AlterField(
            model_name="institution",
            name="kind",
            field=models.CharField(
                choices=[
                    ("embassy", "embassy"),
                    ("ministry", "ministry"),
                    ("parliament", "parliamentary group"),
                    ("museum", "museum"),
                    ("ensemble", "ensemble"),
                    ("theatre", "theatre"),
                    ("company", "company"),
                    ("institute", "institute"),
                    ("think-tank", "think tank"),
                    ("research", "research institute"),
                    ("university", "university"),
                    ("centre", "centre"),
                    ("commission", "intergovernmental commission"),
                    ("agency", "state agency"),
                    ("club", "sports club"),
                    ("archive", "archive"),
                    ("other", "other"),
                ],
                max_length=12,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="place",
            name="kind",
            field=models.CharField(
                choices=[
                    ("country", "country"),
                    ("city", "city"),
                    ("venue", "venue"),
                    ("street", "street"),
                    ("monument", "monument"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "embassy",
                            "ministry",
                            "parliament",
                            "museum",
                            "ensemble",
                            "theatre",
                            "company",
                            "institute",
                            "think-tank",
                            "research",
                            "university",
                            "centre",
                            "commission",
                            "agency",
                            "club",
                            "archive",
                            "other",
                        ],
                    )
                ),
                name="broadcasters_institution_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.CheckConstraint(
                condition=models.Q(("existence__in", ["present", "planned", "former"])),
                name="broadcasters_institution_existence",
            ),
        ),
        migrations.AddConstraint(
            model_name="institution",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("existence", "planned"), _negated=True), ("opened", ""), _connector="OR"),
                name="broadcasters_institution_opens_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["country", "city", "venue", "street", "monument"])),
                name="broadcasters_place_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="place",
            constraint=models.CheckConstraint(
                condition=models.Q(("existence__in", ["present", "planned", "former"])),
                name="broadcasters_place_existence",
            ),
        ),
        CreateModels(
            [
                migrations.CreateModel(
                    name="DiplomaticEvent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="UID")),
                        (
                            "slug",
                            models.SlugField(
                                help_text="Stable name in addresses and imports.", unique=True, verbose_name="slug"
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                        ("name_sr", models.CharField(blank=True, max_length=200, null=True, verbose_name="name")),
                        ("name_kk", models.CharField(blank=True, max_length=200, null=True, verbose_name="name")),
                        ("name_ru", models.CharField(blank=True, max_length=200, null=True, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=200, null=True, verbose_name="name")),
                        ("sort_keys", models.JSONField(default=dict, editable=False)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("milestone", "milestone"),
                                    ("visit", "visit"),
                                    ("state-visit", "state visit"),
                                    ("official-visit", "official visit"),
                                    ("working-visit", "working visit"),
                                    ("call", "telephone conversation"),
                                    ("meeting", "meeting"),
                                    ("commission", "session of a commission"),
                                    ("forum", "business forum"),
                                    ("signing", "signing of documents"),
                                    ("opening", "opening"),
                                    ("naming", "naming of a place"),
                                    ("expo", "international exhibition"),
                                    ("exhibition", "exhibition"),
                                    ("performance", "performance"),
                                    ("festival", "festival or film days"),
                                    ("sport", "sport"),
                                    ("commemoration", "commemoration"),
                                    ("anniversary", "anniversary"),
                                    ("transport", "transport link"),
                                    ("publication", "publication"),
                                ],
                                help_text="A document that was signed is a signing of its own, part of the event at which it was signed.",
                                max_length=20,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "session_number",
                            models.PositiveSmallIntegerField(
                                blank=True,
                                help_text="Of a commission: 3 for its third session.",
                                null=True,
                                verbose_name="number of the session",
                            ),
                        ),
                        (
                            "dated",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="EDTF: a day 2024-11-12, a month 2024-09, a year 2011, days 2024-11-18/2024-11-19; 2016-11-16? is uncertain, 1961~ is about. Empty: not known. Write no more than the source says.",
                                max_length=60,
                                validators=[mediaexchange.core.edtf.validate_edtf],
                                verbose_name="date",
                            ),
                        ),
                        ("dated_first", models.DateField(editable=False, null=True)),
                        ("dated_last", models.DateField(editable=False, null=True)),
                        (
                            "standing",
                            models.CharField(
                                choices=[
                                    ("attributed", "said by one side"),
                                    ("sourced", "sourced"),
                                    ("corroborated", "several sources agree"),
                                    ("disputed", "sources disagree"),
                                    ("planned", "planned"),
                                    ("called-off", "called off"),
                                ],
                                default="sourced",
                                help_text="Where sources disagree, say so here and put their claims side by side.",
                                max_length=15,
                                verbose_name="how it is known",
                            ),
                        ),
                        (
                            "is_yearly",
                            models.BooleanField(
                                default=False,
                                help_text="Each year it is proposed to the desks that plan coverage.",
                                verbose_name="its anniversaries are marked",
                            ),
                        ),
                        (
                            "note",
                            models.TextField(
                                blank=True,
                                help_text="What a reader should know of the event and its date.",
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_sr",
                            models.TextField(
                                blank=True,
                                help_text="What a reader should know of the event and its date.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_kk",
                            models.TextField(
                                blank=True,
                                help_text="What a reader should know of the event and its date.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_ru",
                            models.TextField(
                                blank=True,
                                help_text="What a reader should know of the event and its date.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_en",
                            models.TextField(
                                blank=True,
                                help_text="What a reader should know of the event and its date.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "part_of",
                            models.ForeignKey(
                                blank=True,
                                help_text="The visit during which it happened, the set of documents to which it belongs.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="parts",
                                to="broadcasters.diplomaticevent",
                                verbose_name="part of",
                            ),
                        ),
                        (
                            "marks",
                            models.ForeignKey(
                                blank=True,
                                help_text="For an anniversary: the event whose anniversary it is.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="marked_by",
                                to="broadcasters.diplomaticevent",
                                verbose_name="anniversary of",
                            ),
                        ),
                        (
                            "broadcaster",
                            models.ForeignKey(
                                blank=True,
                                help_text="The house that changes it. Empty for what comes with the reference data.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="broadcasters.broadcaster",
                                verbose_name="kept by",
                            ),
                        ),
                        (
                            "is_published",
                            models.BooleanField(
                                default=False,
                                help_text="Every member of the exchange sees it. Until then it is a draft of its house.",
                                verbose_name="published",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "changed_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="changed at",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                        (
                            "places",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Where it happened.",
                                related_name="events",
                                to="broadcasters.place",
                                verbose_name="places",
                            ),
                        ),
                        (
                            "institutions",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Who took part, performed, was opened or visited.",
                                related_name="events",
                                to="broadcasters.institution",
                                verbose_name="institutions",
                            ),
                        ),
                        (
                            "people",
                            models.ManyToManyField(
                                blank=True,
                                help_text="As far as a source names them.",
                                related_name="events",
                                to="broadcasters.person",
                                verbose_name="people",
                            ),
                        ),
                        (
                            "memoranda",
                            models.ManyToManyField(
                                blank=True,
                                help_text="Those that were signed on this occasion. Others see only those of their own house.",
                                related_name="events",
                                to="broadcasters.memorandum",
                                verbose_name="memoranda",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "diplomatic event",
                        "verbose_name_plural": "diplomatic events",
                        "ordering": ["dated_first", "id"],
                        "indexes": [models.Index(fields=["dated_first", "id"], name="broadcasters_event_by_day")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("name_sr__gt", ""), ("name_sr__isnull", False)),
                                    models.Q(("name_kk__gt", ""), ("name_kk__isnull", False)),
                                    models.Q(("name_ru__gt", ""), ("name_ru__isnull", False)),
                                    models.Q(("name_en__gt", ""), ("name_en__isnull", False)),
                                    _connector="OR",
                                ),
                                name="broadcasters_event_named",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "kind__in",
                                        [
                                            "milestone",
                                            "visit",
                                            "state-visit",
                                            "official-visit",
                                            "working-visit",
                                            "call",
                                            "meeting",
                                            "commission",
                                            "forum",
                                            "signing",
                                            "opening",
                                            "naming",
                                            "expo",
                                            "exhibition",
                                            "performance",
                                            "festival",
                                            "sport",
                                            "commemoration",
                                            "anniversary",
                                            "transport",
                                            "publication",
                                        ],
                                    )
                                ),
                                name="broadcasters_event_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "standing__in",
                                        ["attributed", "sourced", "corroborated", "disputed", "planned", "called-off"],
                                    )
                                ),
                                name="broadcasters_event_standing",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("session_number__isnull", True),
                                    models.Q(("kind", "commission"), ("session_number__gt", 0)),
                                    _connector="OR",
                                ),
                                name="broadcasters_event_session",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_published", True), ("broadcaster__isnull", False), _connector="OR"
                                ),
                                name="broadcasters_event_kept",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("marks__isnull", True),
                                    models.Q(
                                        ("kind", "anniversary"), models.Q(("marks", models.F("id")), _negated=True)
                                    ),
                                    _connector="OR",
                                ),
                                name="broadcasters_event_marks",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("part_of__isnull", True),
                                    models.Q(("part_of", models.F("id")), _negated=True),
                                    _connector="OR",
                                ),
                                name="broadcasters_event_part",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EventSource",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="UID")),
                        (
                            "event",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sources",
                                to="broadcasters.diplomaticevent",
                                verbose_name="diplomatic event",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(
                                help_text="As published, or in a few words of your own what kind of text it is.",
                                max_length=300,
                                verbose_name="title",
                            ),
                        ),
                        (
                            "publisher",
                            models.CharField(
                                help_text="Agency, newspaper, museum, ministry.",
                                max_length=200,
                                verbose_name="publisher",
                            ),
                        ),
                        (
                            "published",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="EDTF: a day 2024-11-12, a month 2024-09, a year 2011, days 2024-11-18/2024-11-19; 2016-11-16? is uncertain, 1961~ is about. Empty: not known. Write no more than the source says.",
                                max_length=60,
                                validators=[mediaexchange.core.edtf.validate_edtf],
                                verbose_name="published",
                            ),
                        ),
                        (
                            "url",
                            models.URLField(
                                blank=True,
                                default="",
                                help_text="Of the text itself, if it is on the web.",
                                max_length=500,
                                verbose_name="address",
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="What the source is good for.",
                                max_length=300,
                                verbose_name="note",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "source",
                        "verbose_name_plural": "sources",
                        "ordering": ["published", "id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("event", "title", "publisher"), name="broadcasters_eventsource_unique"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("title__gt", ""), ("publisher__gt", "")),
                                name="broadcasters_eventsource_named",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ClaimTopic",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="UID")),
                        (
                            "slug",
                            models.SlugField(
                                help_text="Stable name in addresses and imports.", unique=True, verbose_name="slug"
                            ),
                        ),
                        ("name", models.CharField(blank=True, max_length=200, verbose_name="name")),
                        ("name_sr", models.CharField(blank=True, max_length=200, null=True, verbose_name="name")),
                        ("name_kk", models.CharField(blank=True, max_length=200, null=True, verbose_name="name")),
                        ("name_ru", models.CharField(blank=True, max_length=200, null=True, verbose_name="name")),
                        ("name_en", models.CharField(blank=True, max_length=200, null=True, verbose_name="name")),
                        ("sort_keys", models.JSONField(default=dict, editable=False)),
                        (
                            "note",
                            models.TextField(
                                blank=True,
                                help_text="How the claims may be compared: what they count, for which years.",
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_sr",
                            models.TextField(
                                blank=True,
                                help_text="How the claims may be compared: what they count, for which years.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_kk",
                            models.TextField(
                                blank=True,
                                help_text="How the claims may be compared: what they count, for which years.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_ru",
                            models.TextField(
                                blank=True,
                                help_text="How the claims may be compared: what they count, for which years.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_en",
                            models.TextField(
                                blank=True,
                                help_text="How the claims may be compared: what they count, for which years.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "topic of claims",
                        "verbose_name_plural": "topics of claims",
                        "ordering": ["slug"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("name_sr__gt", ""), ("name_sr__isnull", False)),
                                    models.Q(("name_kk__gt", ""), ("name_kk__isnull", False)),
                                    models.Q(("name_ru__gt", ""), ("name_ru__isnull", False)),
                                    models.Q(("name_en__gt", ""), ("name_en__isnull", False)),
                                    _connector="OR",
                                ),
                                name="broadcasters_claimtopic_named",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Claim",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="UID")),
                        (
                            "slug",
                            models.SlugField(
                                blank=True,
                                editable=False,
                                help_text="Name in the reference data.",
                                null=True,
                                unique=True,
                                verbose_name="slug",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("statement", "statement"), ("statistic", "figure"), ("target", "target")],
                                default="statement",
                                help_text="A target is a figure that is to be reached.",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "topic",
                            models.ForeignKey(
                                blank=True,
                                help_text="Claims of one topic stand side by side.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="broadcasters.claimtopic",
                                verbose_name="topic",
                            ),
                        ),
                        (
                            "event",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="broadcasters.diplomaticevent",
                                verbose_name="event",
                            ),
                        ),
                        (
                            "place",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="broadcasters.place",
                                verbose_name="place",
                            ),
                        ),
                        (
                            "institution",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="broadcasters.institution",
                                verbose_name="institution",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                help_text="Whom it is about, not who says it.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="broadcasters.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "memorandum",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="broadcasters.memorandum",
                                verbose_name="memorandum",
                            ),
                        ),
                        (
                            "module",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="claims",
                                to="broadcasters.module",
                                verbose_name="module",
                            ),
                        ),
                        (
                            "speaker_person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="said",
                                to="broadcasters.person",
                                verbose_name="person who says it",
                            ),
                        ),
                        (
                            "speaker_institution",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="said",
                                to="broadcasters.institution",
                                verbose_name="institution that says it",
                            ),
                        ),
                        (
                            "said_by",
                            models.CharField(
                                blank=True,
                                help_text="The office of the person; or who speaks, if there is no record: “the commentary”, “observers”.",
                                max_length=200,
                                verbose_name="who says it, in words",
                            ),
                        ),
                        (
                            "said_by_sr",
                            models.CharField(
                                blank=True,
                                help_text="The office of the person; or who speaks, if there is no record: “the commentary”, “observers”.",
                                max_length=200,
                                null=True,
                                verbose_name="who says it, in words",
                            ),
                        ),
                        (
                            "said_by_kk",
                            models.CharField(
                                blank=True,
                                help_text="The office of the person; or who speaks, if there is no record: “the commentary”, “observers”.",
                                max_length=200,
                                null=True,
                                verbose_name="who says it, in words",
                            ),
                        ),
                        (
                            "said_by_ru",
                            models.CharField(
                                blank=True,
                                help_text="The office of the person; or who speaks, if there is no record: “the commentary”, “observers”.",
                                max_length=200,
                                null=True,
                                verbose_name="who says it, in words",
                            ),
                        ),
                        (
                            "said_by_en",
                            models.CharField(
                                blank=True,
                                help_text="The office of the person; or who speaks, if there is no record: “the commentary”, “observers”.",
                                max_length=200,
                                null=True,
                                verbose_name="who says it, in words",
                            ),
                        ),
                        (
                            "wording",
                            models.TextField(
                                blank=True,
                                help_text="In your own words, no more and no less than was said.",
                                verbose_name="what is said",
                            ),
                        ),
                        (
                            "wording_sr",
                            models.TextField(
                                blank=True,
                                help_text="In your own words, no more and no less than was said.",
                                null=True,
                                verbose_name="what is said",
                            ),
                        ),
                        (
                            "wording_kk",
                            models.TextField(
                                blank=True,
                                help_text="In your own words, no more and no less than was said.",
                                null=True,
                                verbose_name="what is said",
                            ),
                        ),
                        (
                            "wording_ru",
                            models.TextField(
                                blank=True,
                                help_text="In your own words, no more and no less than was said.",
                                null=True,
                                verbose_name="what is said",
                            ),
                        ),
                        (
                            "wording_en",
                            models.TextField(
                                blank=True,
                                help_text="In your own words, no more and no less than was said.",
                                null=True,
                                verbose_name="what is said",
                            ),
                        ),
                        (
                            "quote",
                            models.TextField(
                                blank=True,
                                default="",
                                help_text="As published, in the language in which they were said. Never rewritten once published.",
                                verbose_name="the very words",
                            ),
                        ),
                        (
                            "original_language",
                            models.CharField(
                                help_text="The language of the source, BCP 47: sr, sr-Latn, kk, ru, en, de. All others are translations.",
                                max_length=35,
                                validators=[mediaexchange.core.validators.validate_language_tag],
                                verbose_name="said in",
                            ),
                        ),
                        (
                            "source_title",
                            models.CharField(
                                help_text="Its title, or in a few words of your own what kind of text it is.",
                                max_length=300,
                                verbose_name="source",
                            ),
                        ),
                        (
                            "source_publisher",
                            models.CharField(
                                help_text="Agency, newspaper, museum, ministry.",
                                max_length=200,
                                verbose_name="publisher",
                            ),
                        ),
                        (
                            "source_url",
                            models.URLField(
                                blank=True,
                                default="",
                                help_text="Of the text itself, if it is on the web.",
                                max_length=500,
                                verbose_name="address",
                            ),
                        ),
                        (
                            "source_published",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="EDTF: a day 2024-11-12, a month 2024-09, a year 2011, days 2024-11-18/2024-11-19; 2016-11-16? is uncertain, 1961~ is about. Empty: not known. Write no more than the source says.",
                                max_length=60,
                                validators=[mediaexchange.core.edtf.validate_edtf],
                                verbose_name="published",
                            ),
                        ),
                        (
                            "said",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="EDTF: a day 2024-11-12, a month 2024-09, a year 2011, days 2024-11-18/2024-11-19; 2016-11-16? is uncertain, 1961~ is about. Empty: not known. Write no more than the source says.",
                                max_length=60,
                                validators=[mediaexchange.core.edtf.validate_edtf],
                                verbose_name="as of",
                            ),
                        ),
                        ("said_first", models.DateField(editable=False, null=True)),
                        ("said_last", models.DateField(editable=False, null=True)),
                        (
                            "period",
                            models.CharField(
                                blank=True,
                                default="",
                                help_text="EDTF: a day 2024-11-12, a month 2024-09, a year 2011, days 2024-11-18/2024-11-19; 2016-11-16? is uncertain, 1961~ is about. Empty: not known. Write no more than the source says.",
                                max_length=60,
                                validators=[mediaexchange.core.edtf.validate_edtf],
                                verbose_name="period",
                            ),
                        ),
                        ("period_first", models.DateField(editable=False, null=True)),
                        ("period_last", models.DateField(editable=False, null=True)),
                        (
                            "value",
                            models.DecimalField(
                                blank=True,
                                decimal_places=4,
                                help_text="In whole units: 91200000, not 91.2 million.",
                                max_digits=24,
                                null=True,
                                verbose_name="value",
                            ),
                        ),
                        (
                            "unit",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("USD", "US dollars"),
                                    ("EUR", "euros"),
                                    ("RSD", "Serbian dinars"),
                                    ("KZT", "tenge"),
                                    ("percent", "per cent"),
                                    ("documents", "documents"),
                                    ("people", "people"),
                                    ("objects", "objects"),
                                    ("weekly", "times a week"),
                                    ("other", "units"),
                                ],
                                default="",
                                help_text="What is counted.",
                                max_length=12,
                                verbose_name="unit",
                            ),
                        ),
                        (
                            "is_approximate",
                            models.BooleanField(
                                default=False,
                                help_text="The speaker gives a round or rough figure.",
                                verbose_name="about",
                            ),
                        ),
                        (
                            "confidence",
                            models.CharField(
                                choices=[
                                    ("stated", "said by the speaker"),
                                    ("reported", "reported by others"),
                                    ("corroborated", "said by several sources"),
                                    ("hedged", "put cautiously"),
                                    ("disputed", "other sources disagree"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="stated",
                                help_text="What is known about the claim. No claim is marked as the true one.",
                                max_length=12,
                                verbose_name="confidence",
                            ),
                        ),
                        (
                            "is_sensitive",
                            models.BooleanField(
                                default=False,
                                help_text="Contested politically: a notice is shown with it.",
                                verbose_name="sensitive",
                            ),
                        ),
                        (
                            "note",
                            models.TextField(
                                blank=True, help_text="What a reader should bear in mind.", verbose_name="note"
                            ),
                        ),
                        (
                            "note_sr",
                            models.TextField(
                                blank=True,
                                help_text="What a reader should bear in mind.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_kk",
                            models.TextField(
                                blank=True,
                                help_text="What a reader should bear in mind.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_ru",
                            models.TextField(
                                blank=True,
                                help_text="What a reader should bear in mind.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "note_en",
                            models.TextField(
                                blank=True,
                                help_text="What a reader should bear in mind.",
                                null=True,
                                verbose_name="note",
                            ),
                        ),
                        (
                            "broadcaster",
                            models.ForeignKey(
                                blank=True,
                                help_text="The house that changes it. Empty for what comes with the reference data.",
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="broadcasters.broadcaster",
                                verbose_name="kept by",
                            ),
                        ),
                        (
                            "is_published",
                            models.BooleanField(
                                default=False,
                                help_text="Every member of the exchange sees it. Until then it is a draft of its house.",
                                verbose_name="published",
                            ),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                editable=False,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
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
                            "changed_at",
                            models.DateTimeField(
                                db_default=django.db.models.functions.datetime.Now(),
                                editable=False,
                                verbose_name="changed at",
                            ),
                        ),
                        ("sequence", models.PositiveIntegerField(default=0, editable=False)),
                    ],
                    options={
                        "verbose_name": "claim",
                        "verbose_name_plural": "claims",
                        "ordering": ["said_first", "id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("kind__in", ["statement", "statistic", "target"])),
                                name="broadcasters_claim_kind",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "confidence__in",
                                        ["stated", "reported", "corroborated", "hedged", "disputed", "withdrawn"],
                                    )
                                ),
                                name="broadcasters_claim_confidence",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    (
                                        "unit__in",
                                        [
                                            "",
                                            "USD",
                                            "EUR",
                                            "RSD",
                                            "KZT",
                                            "percent",
                                            "documents",
                                            "people",
                                            "objects",
                                            "weekly",
                                            "other",
                                        ],
                                    )
                                ),
                                name="broadcasters_claim_unit",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("kind__in", ["statistic", "target"]),
                                        ("unit__gt", ""),
                                        ("value__isnull", False),
                                    ),
                                    models.Q(("kind", "statement"), ("unit", ""), ("value__isnull", True)),
                                    _connector="OR",
                                ),
                                name="broadcasters_claim_figure",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("original_language__gt", ""),
                                    ("source_publisher__gt", ""),
                                    ("source_title__gt", ""),
                                ),
                                name="broadcasters_claim_sourced",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        models.Q(
                                            models.Q(("said_by_sr__gt", ""), ("said_by_sr__isnull", False)),
                                            models.Q(("said_by_kk__gt", ""), ("said_by_kk__isnull", False)),
                                            models.Q(("said_by_ru__gt", ""), ("said_by_ru__isnull", False)),
                                            models.Q(("said_by_en__gt", ""), ("said_by_en__isnull", False)),
                                            _connector="OR",
                                        ),
                                        models.Q(
                                            ("speaker_person__isnull", True),
                                            ("speaker_institution__isnull", True),
                                            _connector="OR",
                                        ),
                                    ),
                                    models.Q(("speaker_institution__isnull", True), ("speaker_person__isnull", False)),
                                    models.Q(("speaker_institution__isnull", False), ("speaker_person__isnull", True)),
                                    _connector="OR",
                                ),
                                name="broadcasters_claim_speaker",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("wording_sr__gt", ""), ("wording_sr__isnull", False)),
                                    models.Q(("wording_kk__gt", ""), ("wording_kk__isnull", False)),
                                    models.Q(("wording_ru__gt", ""), ("wording_ru__isnull", False)),
                                    models.Q(("wording_en__gt", ""), ("wording_en__isnull", False)),
                                    ("quote__gt", ""),
                                    _connector="OR",
                                ),
                                name="broadcasters_claim_worded",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(
                                        ("event__isnull", True),
                                        ("institution__isnull", True),
                                        ("memorandum__isnull", True),
                                        ("module__isnull", True),
                                        ("person__isnull", True),
                                        ("place__isnull", True),
                                        ("topic__isnull", False),
                                    ),
                                    models.Q(
                                        ("event__isnull", False),
                                        ("institution__isnull", True),
                                        ("memorandum__isnull", True),
                                        ("module__isnull", True),
                                        ("person__isnull", True),
                                        ("place__isnull", True),
                                    ),
                                    models.Q(
                                        ("event__isnull", True),
                                        ("institution__isnull", True),
                                        ("memorandum__isnull", True),
                                        ("module__isnull", True),
                                        ("person__isnull", True),
                                        ("place__isnull", False),
                                    ),
                                    models.Q(
                                        ("event__isnull", True),
                                        ("institution__isnull", False),
                                        ("memorandum__isnull", True),
                                        ("module__isnull", True),
                                        ("person__isnull", True),
                                        ("place__isnull", True),
                                    ),
                                    models.Q(
                                        ("event__isnull", True),
                                        ("institution__isnull", True),
                                        ("memorandum__isnull", True),
                                        ("module__isnull", True),
                                        ("person__isnull", False),
                                        ("place__isnull", True),
                                    ),
                                    models.Q(
                                        ("event__isnull", True),
                                        ("institution__isnull", True),
                                        ("memorandum__isnull", False),
                                        ("module__isnull", True),
                                        ("person__isnull", True),
                                        ("place__isnull", True),
                                    ),
                                    models.Q(
                                        ("event__isnull", True),
                                        ("institution__isnull", True),
                                        ("memorandum__isnull", True),
                                        ("module__isnull", False),
                                        ("person__isnull", True),
                                        ("place__isnull", True),
                                    ),
                                    _connector="OR",
                                ),
                                name="broadcasters_claim_subject",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("is_published", True), ("broadcaster__isnull", False), _connector="OR"
                                ),
                                name="broadcasters_claim_kept",
                            ),
                        ],
                    },
                ),
            ]
        ),
        migrations.RunSQL(CALENDAR_RULES, FORGET_CALENDAR_RULES),
        AuditTable("broadcasters_diplomaticevent", ignore=["sort_keys", "sequence"]),
        AuditTable("broadcasters_diplomaticevent_places"),
        AuditTable("broadcasters_diplomaticevent_institutions"),
        AuditTable("broadcasters_diplomaticevent_people"),
        AuditTable("broadcasters_diplomaticevent_memoranda"),
        AuditTable("broadcasters_eventsource"),
        AuditTable("broadcasters_claimtopic", ignore=["sort_keys"]),
        AuditTable("broadcasters_claim", ignore=["sequence"]),
    ]
