import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import mediaexchange.core.secrets
import mediaexchange.core.validators
import uuid
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models
from mediaexchange.core.create_models import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ("core", "0001_initial"),
        ("core", "0003_idempotency"),
        ("core", "0004_search"),
        ("core", "0006_standing"),
        ("core", "0008_search_echoes"),
        ("core", "0009_calendars"),
        ("core", "0010_notifications"),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        TrigramExtension(),
        CreateModels([
            migrations.CreateModel(
                name='User',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('password', models.CharField(max_length=128, verbose_name='password')),
                    ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                    ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                    ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                    ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                    ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                    ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                    ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                    ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                    ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                    ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='UID')),
                    ('is_service', models.BooleanField(default=False, help_text='Belongs to an API client; cannot sign in to the admin.', verbose_name='service account')),
                    ('language', models.CharField(choices=[('sr', 'sr'), ('sr-latn', 'sr-latn'), ('kk', 'kk'), ('ru', 'ru'), ('en', 'en')], default='en', help_text='The language this person is addressed in.', max_length=10, verbose_name='language')),
                    ('time_zone', models.CharField(default='UTC', max_length=40, validators=[mediaexchange.core.validators.validate_time_zone], verbose_name='time zone')),
                    ('digest_hour', models.PositiveSmallIntegerField(db_default=7, default=7, help_text='By the clocks of the person’s time zone: when the mail comes that is sent once a day.', validators=[django.core.validators.MaxValueValidator(23)], verbose_name='hour of the digest')),
                    ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                    ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ],
                options={
                    'verbose_name': 'user',
                    'verbose_name_plural': 'users',
                    'constraints': [models.CheckConstraint(condition=models.Q(('is_service', False), models.Q(('is_staff', False), ('is_superuser', False)), _connector='OR'), name='core_service_accounts_are_not_staff'), models.CheckConstraint(condition=models.Q(('digest_hour__lte', 23)), name='core_digest_hour_of_a_day')],
                },
                managers=[
                    ('objects', django.contrib.auth.models.UserManager()),
                ],
            ),
            migrations.CreateModel(
                name='NotificationMail',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='UID')),
                    ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recipient')),
                    ('status', models.CharField(choices=[('pending', 'pending'), ('sent', 'sent'), ('failed', 'failed'), ('called-off', 'called off')], default='pending', max_length=10, verbose_name='status')),
                    ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='due at')),
                    ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                    ('lease_token', models.UUIDField(editable=False, null=True)),
                    ('leased_until', models.DateTimeField(editable=False, null=True)),
                    ('last_error', models.CharField(blank=True, default='', max_length=200, verbose_name='last error')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created at')),
                    ('sent_at', models.DateTimeField(editable=False, null=True, verbose_name='sent at')),
                ],
                options={
                    'verbose_name': 'mail of notifications',
                    'verbose_name_plural': 'mails of notifications',
                    'indexes': [models.Index(condition=models.Q(('status', 'pending')), fields=['due_at'], name='core_notificationmail_due')],
                    'constraints': [models.CheckConstraint(condition=models.Q(('status__in', ['pending', 'sent', 'failed', 'called-off'])), name='core_notificationmail_status')],
                },
            ),
            migrations.CreateModel(
                name='Notification',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='UID')),
                    ('recipient', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notifications', to=settings.AUTH_USER_MODEL, verbose_name='recipient')),
                    ('kind', models.CharField(max_length=60, verbose_name='kind')),
                    ('subject_type', models.CharField(max_length=40, verbose_name='subject')),
                    ('subject_uid', models.UUIDField(verbose_name='subject UID')),
                    ('key', models.CharField(blank=True, default='', max_length=60)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created at')),
                    ('read_at', models.DateTimeField(editable=False, null=True, verbose_name='read at')),
                    ('mail_due_at', models.DateTimeField(editable=False, null=True)),
                    ('mail', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='notifications', to='core.notificationmail')),
                ],
                options={
                    'verbose_name': 'notification',
                    'verbose_name_plural': 'notifications',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['recipient', '-id'], name='core_notification_inbox'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['recipient'], name='core_notification_unread'), models.Index(condition=models.Q(('mail__isnull', True), ('mail_due_at__isnull', False), ('read_at__isnull', True)), fields=['mail_due_at'], name='core_notification_to_gather'), models.Index(fields=['created_at'], name='core_notification_age')],
                    'constraints': [models.UniqueConstraint(fields=('recipient', 'kind', 'subject_uid', 'key'), name='core_notification_once')],
                },
            ),
            migrations.CreateModel(
                name='NotificationChoice',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notification_choices', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('kind', models.CharField(max_length=60, verbose_name='kind')),
                    ('way', models.CharField(choices=[('inbox', 'inbox only'), ('at-once', 'inbox, and mail at once'), ('digest', 'inbox, and mail once a day'), ('off', 'not at all')], max_length=10, verbose_name='way')),
                ],
                options={
                    'verbose_name': 'choice of notifications',
                    'verbose_name_plural': 'choices of notifications',
                    'constraints': [models.UniqueConstraint(fields=('user', 'kind'), name='core_notificationchoice_once'), models.CheckConstraint(condition=models.Q(('way__in', ['inbox', 'at-once', 'digest', 'off'])), name='core_notificationchoice_way')],
                },
            ),
            migrations.CreateModel(
                name='ApiKey',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to=settings.AUTH_USER_MODEL, verbose_name='service account')),
                    ('name', models.CharField(help_text='What the key is for.', max_length=100, verbose_name='name')),
                    ('prefix', models.CharField(editable=False, max_length=12, unique=True, verbose_name='prefix')),
                    ('digest', models.CharField(editable=False, max_length=64)),
                    ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='scopes')),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created at')),
                    ('expires_at', models.DateTimeField(blank=True, null=True, verbose_name='expires at')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                    ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used at')),
                ],
                options={
                    'verbose_name': 'API key',
                    'verbose_name_plural': 'API keys',
                    'ordering': ['-created_at'],
                },
            ),
            migrations.CreateModel(
                name='OutboxEvent',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('position', models.BigIntegerField(editable=False, null=True, unique=True)),
                    ('uid', models.UUIDField(default=uuid.uuid4, unique=True)),
                    ('kind', models.CharField(max_length=60, verbose_name='kind')),
                    ('subject_type', models.CharField(max_length=40, verbose_name='subject')),
                    ('subject_uid', models.UUIDField(verbose_name='subject UID')),
                    ('subject_version', models.PositiveIntegerField(null=True, verbose_name='version')),
                    ('audience', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                    ('is_retraction', models.BooleanField(default=False)),
                    ('data', models.JSONField(default=dict)),
                    ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='at')),
                ],
                options={
                    'verbose_name': 'event',
                    'verbose_name_plural': 'events',
                    'ordering': ['position'],
                    'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['audience'], name='core_outbox_audience'), models.Index(condition=models.Q(('position__isnull', True)), fields=['id'], name='core_outbox_unnumbered'), models.Index(fields=['subject_uid'], name='core_outbox_subject')],
                },
            ),
            migrations.CreateModel(
                name='AuditEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField(verbose_name='at')),
                    ('table_name', models.CharField(max_length=80, verbose_name='table')),
                    ('row_pk', models.CharField(max_length=64, verbose_name='row')),
                    ('action', models.CharField(max_length=10, verbose_name='action')),
                    ('changed', models.JSONField(verbose_name='changed')),
                    ('actor_id', models.BigIntegerField(null=True, verbose_name='actor')),
                    ('request_id', models.CharField(default='', max_length=64, verbose_name='request')),
                ],
                options={
                    'verbose_name': 'audit entry',
                    'verbose_name_plural': 'audit entries',
                    'ordering': ['-id'],
                    'indexes': [models.Index(fields=['table_name', 'row_pk', '-id'], name='core_audit_row')],
                },
            ),
            migrations.CreateModel(
                name='IdempotencyRecord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('key', models.CharField(max_length=255)),
                    ('route', models.CharField(max_length=500)),
                    ('body_hash', models.CharField(max_length=64)),
                    ('response_status', models.PositiveSmallIntegerField(null=True)),
                    ('response_body', models.BinaryField(default=b'')),
                    ('response_headers', models.JSONField(default=dict)),
                    ('standing', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=120), db_default=[], default=list, size=None)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ],
                options={
                    'verbose_name': 'repeatable request',
                    'verbose_name_plural': 'repeatable requests',
                    'indexes': [models.Index(fields=['created_at'], name='core_idempotency_age')],
                    'constraints': [models.UniqueConstraint(fields=('user', 'key'), name='core_idempotency_once')],
                },
            ),
            migrations.CreateModel(
                name='Heartbeat',
                fields=[
                    ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                    ('at', models.DateTimeField()),
                ],
                options={
                    'verbose_name': 'heartbeat',
                    'verbose_name_plural': 'heartbeats',
                },
            ),
            migrations.CreateModel(
                name='SearchEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('type', models.CharField(max_length=20)),
                    ('object_id', models.BigIntegerField()),
                    ('language', models.CharField(blank=True, default='', max_length=35)),
                    ('words', django.contrib.postgres.search.SearchVectorField()),
                    ('fresh_at', models.DateTimeField(null=True)),
                    ('origin', models.CharField(blank=True, default='', max_length=50)),
                    ('kind', models.CharField(blank=True, default='', max_length=40)),
                    ('topics', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ],
                options={
                    'verbose_name': 'search entry',
                    'verbose_name_plural': 'search entries',
                    'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['words'], gin_pending_list_limit=512, name='core_search_words')],
                    'constraints': [models.UniqueConstraint(fields=('type', 'object_id', 'language'), name='core_search_entry_once')],
                },
            ),
            migrations.CreateModel(
                name='SearchName',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('type', models.CharField(max_length=20)),
                    ('object_id', models.BigIntegerField()),
                    ('text', models.CharField(max_length=200)),
                    ('key', models.CharField(max_length=200)),
                ],
                options={
                    'verbose_name': 'searched name',
                    'verbose_name_plural': 'searched names',
                    'indexes': [django.contrib.postgres.indexes.GinIndex(fields=['key'], name='core_search_name_key', opclasses=['gin_trgm_ops'])],
                    'constraints': [models.UniqueConstraint(fields=('type', 'object_id', 'text', 'key'), name='core_search_name_once')],
                },
            ),
            migrations.CreateModel(
                name='SearchRebuild',
                fields=[
                    ('type', models.CharField(max_length=20, primary_key=True, serialize=False)),
                    ('last_id', models.BigIntegerField(default=0)),
                    ('started_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                    ('finished_at', models.DateTimeField(null=True)),
                ],
                options={
                    'verbose_name': 'rebuilding of the search index',
                    'verbose_name_plural': 'rebuildings of the search index',
                },
            ),
            migrations.CreateModel(
                name='SearchEcho',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('type', models.CharField(max_length=20)),
                    ('object_id', models.BigIntegerField()),
                    ('follower', models.CharField(max_length=20)),
                    ('last_id', models.BigIntegerField(default=0)),
                    ('changed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ],
                options={
                    'verbose_name': 'entries that follow',
                    'verbose_name_plural': 'entries that follow',
                    'constraints': [models.UniqueConstraint(fields=('type', 'object_id', 'follower'), name='core_search_echo_once')],
                },
            ),
            migrations.CreateModel(
                name='KeepWord',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.CharField(help_text='In Latin letters, as it is written: BBC, TikTok, Al Jazeera.', max_length=100, unique=True, validators=[mediaexchange.core.validators.validate_latin], verbose_name='word or phrase')),
                    ('note', models.CharField(blank=True, default='', max_length=200, verbose_name='note')),
                    ('is_active', models.BooleanField(default=True, verbose_name='in use')),
                ],
                options={
                    'verbose_name': 'word that stays Latin',
                    'verbose_name_plural': 'words that stay Latin',
                    'ordering': ['text'],
                },
            ),
            migrations.CreateModel(
                name='CalendarFeed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='UID')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feeds', to=settings.AUTH_USER_MODEL, verbose_name='user')),
                    ('kind', models.CharField(choices=[('person', 'my own'), ('desk', 'of a desk'), ('module', 'of a module')], max_length=10, verbose_name='kind')),
                    ('subject_uid', models.UUIDField(null=True, verbose_name='subject UID')),
                    ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                    ('token', mediaexchange.core.secrets.EncryptedTextField(blank=True, default='', editable=False)),
                    ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='created at')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                    ('last_read_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last read at')),
                ],
                options={
                    'verbose_name': 'calendar address',
                    'verbose_name_plural': 'calendar addresses',
                    'ordering': ['kind', 'pk'],
                    'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['person', 'desk', 'module'])), name='core_calendar_kind_known'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'person'), ('subject_uid__isnull', True)), models.Q(('kind__in', ['desk', 'module']), ('subject_uid__isnull', False)), _connector='OR'), name='core_calendar_names_its_subject'), models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), ('token', ''), _connector='OR'), name='core_calendar_keeps_no_revoked_token'), models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('user', 'kind', 'subject_uid'), name='core_calendar_once', nulls_distinct=False)],
                },
            ),
        ]),
    ]
