"""What holds everywhere. Values that differ between machines come from the environment, typed; see .env.example."""

import os
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import environ

from mediaexchange.core.languages import tags
from mediaexchange.core.languages.resolve import FALLBACKS
from mediaexchange.core.reach import CLIENT_OPTIONS
from mediaexchange.launcher import urls as embedded
from mediaexchange.launcher.layout import Layout
from mediaexchange.schedule import BEAT_SCHEDULE
from mediaexchange.settings.storage import storage_of

BASE_DIR = Path(__file__).resolve().parent.parent.parent
env = environ.Env()

INSTALLED_APPS = [
    "modeltranslation",
    "unfold.apps.BasicAppConfig",
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "mediaexchange.core.admin_site.ExchangeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_celery_beat",
    "axes",
    "mediaexchange.core",
    "broadcasters",
    "archive",
    "training",
    "correspondents",
    "productions",
    "newsexchange",
]
# What fills the demonstration beside newsexchange, which may not import its sibling.
DEMO_PARTS = ("productions.demo.load_productions",)

MIDDLEWARE = [
    "mediaexchange.core.middleware.VisitorAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mediaexchange.core.middleware.RequestIdMiddleware",
    "mediaexchange.core.middleware.ApiSlashMiddleware",
    "mediaexchange.core.sessions.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "mediaexchange.core.sessions.AuthenticationMiddleware",
    "mediaexchange.core.middleware.LanguageMiddleware",
    "mediaexchange.core.middleware.TimeZoneMiddleware",
    "mediaexchange.core.middleware.ActorMiddleware",
    "mediaexchange.core.sessions.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
]

ROOT_URLCONF = "mediaexchange.urls"
WSGI_APPLICATION = "mediaexchange.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "mediaexchange" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
            ],
        },
    },
]

# PostgreSQL is the only truth; Redis is a doorbell and a cache. Both are embedded unless an address is given.
DATABASES = {"default": env.db("DATABASE_URL", default=embedded.database_url())}
# A thread keeps its connection: fetching one from a pool and giving it back took a tenth of a request.
DATABASES["default"]["CONN_MAX_AGE"] = 300
REDIS_URL = env.str("REDIS_URL", default=embedded.redis_url())
REDIS_OPTIONS = CLIENT_OPTIONS
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": REDIS_OPTIONS,
    }
}

AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "broadcasters.auth.RoleBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
CSRF_FAILURE_VIEW = "mediaexchange.core.views.csrf_failure"
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
TRUSTED_PROXIES = [each.strip() for each in env.list("FORWARDED_ALLOW_IPS", default=["127.0.0.1"]) if each.strip()]
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "mediaexchange.core.views.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# How many days before an anniversary that nobody has planned the desks are told; empty: never.
ANNIVERSARY_NOTICE_DAYS = env.list("ANNIVERSARY_NOTICE_DAYS", cast=int, default=[60, 14])

# Four languages are stored and five are shown: Serbian in Latin script is derived from the Cyrillic when read.
LANGUAGES = [(language.code, language.autonym) for language in tags.LANGUAGES]
LANGUAGE_CODE = "en"
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "libraries"]
FORMAT_MODULE_PATH = ["mediaexchange.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
MODELTRANSLATION_LANGUAGES = tags.STORED
MODELTRANSLATION_DEFAULT_LANGUAGE = tags.DEFAULT
MODELTRANSLATION_FALLBACK_LANGUAGES = {
    "default": (tags.DEFAULT, *(code for code in tags.STORED if code != tags.DEFAULT)),
    **{code: FALLBACKS[code] for code in tags.STORED if code != tags.DEFAULT},
}

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))()
_DATA = Layout.from_environment().data
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "media": storage_of("MEDIA_STORAGE_URL", env.str("MEDIA_STORAGE_URL", default=""), default=_DATA / "media"),
    "drops": storage_of("DROP_STORAGE_URL", env.str("DROP_STORAGE_URL", default=""), default=_DATA / "drops"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

MAX_MEDIA_BYTES = env.int("MAX_MEDIA_BYTES", default=5 * 1024**3)  # one file
MEDIA_QUOTA_BYTES = env.int("MEDIA_QUOTA_BYTES", default=500 * 1024**3)  # all files of one broadcaster
# Steps of the media pipeline that run at once, on all machines together; those of one machine share its cores.
MEDIA_STEPS_AT_ONCE = env.int("MEDIA_STEPS_AT_ONCE", default=0) or min(2, os.cpu_count() or 1)
FIXITY_DAYS = env.int("FIXITY_DAYS", default=90)  # within which every file is read again and compared
FIXITY_BYTES = env.int("FIXITY_BYTES", default=500 * 1024**3)  # read again in a day at most
NOTIFICATION_DAYS = env.int("NOTIFICATION_DAYS", default=90)  # for which what somebody has read stays in their inbox
FILE_UPLOAD_TEMP_DIR = env.str("FILE_UPLOAD_TEMP_DIR", default="") or None  # the system's own, unless it is too small
FILE_UPLOAD_PERMISSIONS = 0o640
# Uploads that may be continued lie here for days: on the disk of the media files they are never copied.
UPLOAD_FOLDER = env.str("UPLOAD_FOLDER", default="") or str(_DATA / "uploads")

# Without an address mail is printed; production gives it to a mail server on its own machine.
PUBLIC_URL = (env.str("PUBLIC_URL", default="") or "http://127.0.0.1:8000").rstrip("/")  # for links in mail
# Who we are in the hop history of what we pass on; it must never change. Without one it comes from the public address.
EXCHANGE_URI = env.str("EXCHANGE_URI", default="") or f"urn:uuid:{uuid5(NAMESPACE_URL, PUBLIC_URL)}"
WEBSUB_HUB_URL = env.str("WEBSUB_HUB_URL", default="")  # named in the open feeds; a subscription pings it
_MAIL = env.email_url_config(env.str("EMAIL_URL", default="") or "consolemail://")
EMAIL_BACKEND = _MAIL["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _MAIL.get("EMAIL_HOST") or "localhost", _MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.get("EMAIL_HOST_USER") or "", _MAIL.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.get("EMAIL_USE_TLS", False), _MAIL.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="mediaexchange@localhost")

SECRETS_KEY_PREVIOUS = env.str("SECRETS_KEY_PREVIOUS", default="")  # while secrets are being re-encrypted

CELERY_BROKER_URL = embedded.broker_url(REDIS_URL)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
# Workers wait for a message a second at a time: after ten the host has fallen silent. Who rings from the web is more
# impatient, see core/reach.
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "socket_timeout": 10.0, "socket_connect_timeout": 5.0}
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    "newsexchange.tasks.sync_*": {"queue": "ingest"},
    "newsexchange.tasks.fetch_*": {"queue": "media"},
    "archive.tasks.check_*": {"queue": "media"},
    "archive.tasks.prepare_*": {"queue": "media"},
    "archive.tasks.run_*": {"queue": "media"},
    "newsexchange.tasks.ingest_*": {"queue": "ingest"},
    "newsexchange.tasks.dispatch_*": {"queue": "deliver"},
    "training.tasks.dispatch_*": {"queue": "deliver"},
    "mediaexchange.core.tasks.dispatch_*": {"queue": "deliver"},
}
CELERY_BEAT_SCHEDULER = "django_celery_beat.schedulers:DatabaseScheduler"
CELERY_BEAT_SCHEDULE = BEAT_SCHEDULE
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

API_RATE = (env.int("API_CALLS_PER_MINUTE", default=1200), 60)  # calls, seconds; for each credential

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "mediaexchange.core.api.authentication.ApiKeyAuthentication",
        "mediaexchange.core.api.authentication.StaffSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["mediaexchange.core.api.permissions.ScopePermission"],
    "DEFAULT_RENDERER_CLASSES": ["mediaexchange.core.api.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "mediaexchange.core.api.negotiation.ContentNegotiation",
    "DEFAULT_PARSER_CLASSES": ["mediaexchange.core.api.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "mediaexchange.core.api.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["mediaexchange.core.api.filters.DeclaredFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": ["mediaexchange.core.api.throttling.CredentialThrottle"],
    "DEFAULT_SCHEMA_CLASS": "mediaexchange.core.api.schema.ExchangeSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,  # “format” is a filter of feeds, not a way to choose a renderer
    "EXCEPTION_HANDLER": "mediaexchange.core.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Media exchange API",
    "DESCRIPTION": "News, offers, takes and changes for partner newsrooms. Errors are RFC 9457 problem details.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "ENUM_NAME_OVERRIDES": {
        "ChannelKindEnum": "broadcasters.constants.ChannelKind.choices",
        "InstitutionKindEnum": "broadcasters.constants.InstitutionKind.choices",
        "PlaceKindEnum": "broadcasters.constants.PlaceKind.choices",
        "DiplomaticKindEnum": "broadcasters.calendar_constants.DiplomaticKind.choices",
        "EventStandingEnum": "broadcasters.calendar_constants.EventStanding.choices",
        "ExistenceEnum": "broadcasters.calendar_constants.Existence.choices",
        "ClaimKindEnum": "broadcasters.calendar_constants.ClaimKind.choices",
        "ClaimConfidenceEnum": "broadcasters.calendar_constants.Confidence.choices",
        "ClaimUnitEnum": "broadcasters.calendar_constants.Unit.choices",
        "AiringLogKindEnum": "broadcasters.airing_constants.LogKind.choices",
        "AiringLogFormatEnum": "broadcasters.airing_constants.LogFormat.choices",
        "AiringLogStatusEnum": "broadcasters.airing_constants.LogStatus.choices",
        "AiringRowActionEnum": "broadcasters.airing_constants.RowAction.choices",
        "AiringMatchStatusEnum": "broadcasters.airing_constants.MatchStatus.choices",
        "BriefFormatEnum": "broadcasters.brief_constants.BriefFormat.choices",
        "BriefRhythmEnum": "broadcasters.brief_constants.BriefRhythm.choices",
        "AudienceMeasureEnum": "broadcasters.airing_constants.Measure.choices",
        "AudienceUnitEnum": "broadcasters.airing_constants.Unit.choices",
        "RecallKindEnum": "newsexchange.constants.RecallKind.choices",
        "StoryStatusEnum": "newsexchange.constants.StoryStatus.choices",
        "QuarantineStatusEnum": "newsexchange.constants.QuarantineStatus.choices",
        "PubStatusEnum": "newsexchange.constants.PubStatus.choices",
        "OfferStatusEnum": "newsexchange.constants.OfferStatus.choices",
        "ModuleStateEnum": "broadcasters.constants.ModuleState.choices",
        "InitiativeKindEnum": "broadcasters.constants.InitiativeKind.choices",
        "InitiativeStateEnum": "broadcasters.constants.InitiativeState.choices",
        "GuidelineKindEnum": "broadcasters.constants.GuidelineKind.choices",
        "DemandMeasureEnum": "broadcasters.constants.Measure.choices",
        "SufficiencyEnum": "broadcasters.constants.Sufficiency.choices",
        "UseKindEnum": "newsexchange.constants.UseKind.choices",
        "VersionKindEnum": "newsexchange.constants.VersionKind.choices",
        "ContentKindEnum": "newsexchange.constants.ContentKind.choices",
        "EditionOriginEnum": "newsexchange.constants.EditionOrigin.choices",
        "WorkshopStatusEnum": "training.constants.WorkshopStatus.choices",
        "EnrolmentStatusEnum": "training.constants.EnrolmentStatus.choices",
        "AttendanceStatusEnum": "training.constants.AttendanceStatus.choices",
        "ConsentRoadEnum": "training.constants.ConsentRoad.choices",
        "ProductionKindEnum": "productions.constants.ProductionKind.choices",
        "RevisionDecisionEnum": "productions.constants.DecisionKind.choices",
        "PilotDecisionEnum": "productions.constants.PilotDecision.choices",
        "RevisionKindEnum": "productions.constants.RevisionKind.choices",
        "LanguageVersionKindEnum": "productions.constants.VersionKind.choices",
        "LanguageVersionStatusEnum": "productions.constants.VersionStatus.choices",
        "DeliverableKindEnum": "productions.constants.DeliverableKind.choices",
        "DeliverableStatusEnum": "productions.constants.DeliverableStatus.choices",
        "CalendarKindEnum": "mediaexchange.core.models.CalendarKind.choices",
        "BudgetStatusEnum": "productions.constants.BudgetStatus.choices",
        "InstalmentStatusEnum": "productions.constants.InstalmentStatus.choices",
        "AudienceFigureKindEnum": "productions.constants.FigureKind.choices",
        "PartnerRoleEnum": "productions.constants.PartnerRole.choices",
        "RoleEnum": "archive.constants.CreditRole.choices",
        "StoryRequestStatusEnum": "newsexchange.constants.RequestStatus.choices",
        "FootageRequestStatusEnum": "archive.constants.RequestStatus.choices",
        "RequestLineStatusEnum": "archive.constants.LineStatus.choices",
        "GrantStatusEnum": "archive.constants.GrantStatus.choices",
        "FootageDeliveryStatusEnum": "archive.constants.DeliveryStatus.choices",
        "CatalogueImportStatusEnum": "archive.constants.ImportStatus.choices",
        "CatalogueFormatEnum": "archive.constants.ImportFormat.choices",
        "ImportActionEnum": "archive.constants.ImportAction.choices",
        "ItemStatusEnum": "archive.constants.ItemStatus.choices",
        "UploadStatusEnum": "archive.constants.UploadStatus.choices",
        "TitleKindEnum": "archive.constants.TitleType.choices",
        "DescriptionKindEnum": "archive.constants.DescriptionType.choices",
        "DateKindEnum": "archive.constants.DateType.choices",
        "InstantiationKindEnum": "archive.constants.InstantiationKind.choices",
        "TrackKindEnum": "archive.constants.TrackKind.choices",
        "TimedTextKindEnum": "archive.constants.TextKind.choices",
        "TimedTextOriginEnum": "archive.constants.TextOrigin.choices",
        "PreservationEventKindEnum": "archive.constants.PremisType.choices",
        "DerivativeKindEnum": "archive.constants.StepKind.choices",
        "PaperKindEnum": "correspondents.constants.PaperKind.choices",
        "PaperStatusEnum": "correspondents.constants.PaperStatus.choices",
        "PaperEndEnum": "correspondents.constants.PAPER_ENDS",
        "AssignmentStatusEnum": "correspondents.constants.AssignmentStatus.choices",
        "AccessStatusEnum": "correspondents.constants.AccessStatus.choices",
        "AccessAnswerEnum": "correspondents.constants.ACCESS_ANSWERS",
        "HandOverStatusEnum": "correspondents.constants.HandOverStatus.choices",
        "KitKindEnum": "correspondents.constants.KitKind.choices",
        "PlannedEventKindEnum": "correspondents.constants.EventKind.choices",
        "PlannedEventStatusEnum": "correspondents.constants.EventStatus.choices",
        "CoverageStatusEnum": "correspondents.constants.WishStatus.choices",
        "PlatformEnum": "newsexchange.constants.Platform.choices",
    },
    "SCHEMA_PATH_PREFIX": r"/api/v[0-9]",
    "SORT_OPERATIONS": True,
}

# What a house calls a territory or set of territories instead of the usual name: {"XK": {"sr": "…", "en": "…"}}.
TERRITORY_LABELS: dict[str, dict[str, str]] = {}

# Exact "host:port" pairs on which outgoing requests may reach loopback: the demo's and the tests' partner feeds.
OUTGOING_ALLOWED_ADDRESSES: tuple[str, ...] = ()
OUTGOING_USER_AGENT = "mediaexchange/0.1 (+feed reader of a broadcasters' news exchange)"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"structured": {"()": "mediaexchange.core.logs.formatter", "as_json": env.bool("LOG_JSON", True)}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
}
SILENCED_SYSTEM_CHECKS: list[str] = []
