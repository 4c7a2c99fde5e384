"""Settings, all read from the environment (docs/configuration.md lists every variable).

``REFLOOP_ENV`` is ``production`` (the default), ``demo``, ``development`` or ``test``. Production refuses to start
on an unsafe value: the check is at the end of this file, so no command can run around it.
"""

from pathlib import Path

import environ

from refloop_site.navigation import UNFOLD as UNFOLD  # admin look and sidebar
from refloop_site.production_guard import refuse_unsafe

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
if (BASE_DIR / ".env").is_file():
    env.read_env(BASE_DIR / ".env")

REFLOOP_ENV = env.str("REFLOOP_ENV", default="production")
IS_PRODUCTION = REFLOOP_ENV not in {"demo", "development", "test"}
DATA_DIR = Path(env.str("REFLOOP_DATA_DIR", default=str(BASE_DIR / "var" / REFLOOP_ENV)))

# -- safety ------------------------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="" if IS_PRODUCTION else "not-a-secret-only-for-demo-and-tests-" + "x" * 24)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if IS_PRODUCTION else ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
HTTPS = env.bool("REFLOOP_HTTPS", default=IS_PRODUCTION)
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=HTTPS)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^livez$"]  # load balancers ask over plain HTTP
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000 if HTTPS else 0)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_SECONDS > 0
SECURE_HSTS_PRELOAD = env.bool("SECURE_HSTS_PRELOAD", default=False)
if env.bool("REFLOOP_BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
# Messages name patients: they are kept here, not in a cookie of the browser.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = env.int("SESSION_COOKIE_AGE", default=12 * 3600)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# -- applications ------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "refloop_site.apps.RefLoopSite",
    "reporting.apps.Reporting",
    "referrals.apps.Referrals",
    "notifications.apps.Notifications",
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_q",
    "axes",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "refloop_site.security_headers.ContentSecurityPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "referrals.practice.middleware.one_calendar_per_request",
    "referrals.admin.note_readings.NoteReadings",
]
LOGIN_REDIRECT_URL = "admin:index"  # the theme's sign-in page carries no address of its own
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "refloop_site.permissions.AtOnce",
    "django.contrib.auth.backends.ModelBackend",
]
ROOT_URLCONF = "refloop_site.urls"
WSGI_APPLICATION = "refloop_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,  # ours come first, because refloop_site is the first application
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "refloop_site.staff_header.staff_header",
            ]
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_FAILURE_LIMIT = env.int("AXES_FAILURE_LIMIT", default=8)
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_VERBOSE = False
AXES_LOCKOUT_TEMPLATE = "locked_out.html"

# -- database ----------------------------------------------------------------------------------------------------
# Set but empty, as compose files write it, means the default.
DATABASES = {
    "default": env.db_url_config(env.str("DATABASE_URL", default="") or f"sqlite:///{DATA_DIR / 'refloop.sqlite3'}")
}
DATABASES["default"]["ATOMIC_REQUESTS"] = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # One writer at a time, taken at BEGIN: without IMMEDIATE a read that turns into a write fails with "locked".
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000;"
            "PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
        ),
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("DATABASE_CONN_MAX_AGE", default=60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}

# -- place and language ------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
FORMAT_MODULE_PATH = ["refloop_site.formats"]
TIME_ZONE = env.str("REFLOOP_TIME_ZONE", default="America/Chicago")  # the practice's zone: shown and counted in
USE_I18N = True
USE_TZ = True

# -- files -------------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = Path(env.str("REFLOOP_STATIC_ROOT", default=str(DATA_DIR / "static")))
STORAGES = {
    # Documents hold patient data: never under a public URL, readable by this user only.
    "default": {
        "BACKEND": "referrals.intake.storage.WholeFiles",
        "OPTIONS": {
            "location": DATA_DIR / "documents",
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IS_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not IS_PRODUCTION
REFLOOP_INBOX_FOLDER = env.str("REFLOOP_INBOX_FOLDER", default="")  # empty: `serve` watches none
DOCUMENT_MAX_BYTES = env.int("REFLOOP_DOCUMENT_MAX_MB", default=25) * 1024 * 1024

# -- queue (docs/operations.md says why each value) ----------------------------------------------------------------
Q_CLUSTER = {
    "name": "refloop",
    "orm": "default",
    "workers": env.int("REFLOOP_QUEUE_WORKERS", default=2),
    "timeout": 120,
    "retry": 900,
    "max_attempts": 3,
    "ack_failures": False,
    "catch_up": False,
    "bulk": 1,
    "queue_limit": 2,
    "poll": 1,
    "save_limit": 500,
    "label": "Background tasks",
}

# -- messages (docs/notifications.md) -----------------------------------------------------------------------------
# Outside production mail is written to files, so that a trial sends nothing to anybody.
EMAIL_BACKEND = env.str(
    "EMAIL_BACKEND", default=f"django.core.mail.backends.{'smtp' if IS_PRODUCTION else 'filebased'}.EmailBackend"
)
EMAIL_FILE_PATH = DATA_DIR / "sent-mail"
EMAIL_HOST = env.str("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.int("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.str("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.str("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.bool("EMAIL_USE_TLS", default=False)
EMAIL_USE_SSL = env.bool("EMAIL_USE_SSL", default=False)
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", default=10)  # seconds for each step of the SMTP talk
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="RefLoop <refloop@localhost>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# Webhooks go to public addresses over HTTPS only. Name networks of your own (10.20.0.0/16) to allow those as well;
# ALLOW_PRIVATE allows every private address and plain HTTP, for development.
REFLOOP_WEBHOOK_ALLOWED_NETWORKS = env.list("REFLOOP_WEBHOOK_ALLOWED_NETWORKS", default=[])
REFLOOP_WEBHOOK_ALLOW_PRIVATE = env.bool("REFLOOP_WEBHOOK_ALLOW_PRIVATE", default=False)
REFLOOP_WEBHOOK_CA_FILE = env.str("REFLOOP_WEBHOOK_CA_FILE", default="")  # empty: the system's certificates
REFLOOP_TROUBLE_TELLS = env.list("REFLOOP_TROUBLE_TELLS", default=["role:manager"])  # keys of recipients

# -- API ---------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["referrals.api.authentication.OfficeTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["referrals.api.authentication.IsOffice"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["referrals.api.parsing.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "referrals.api.parsing.AlwaysJSON",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_THROTTLE_CLASSES": ["referrals.api.throttling.TokenThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "token": env.str("REFLOOP_API_RATE", default="600/min"),
        "refused": env.str("REFLOOP_API_REFUSED_RATE", default="30/min"),  # bad tokens, per address
        "endpoints": env.str(
            "REFLOOP_API_ENDPOINT_RATE", default="20/min"
        ),  # changes and tests of endpoints, per office
    },
    "NUM_PROXIES": 1 if env.bool("REFLOOP_BEHIND_PROXY", default=False) else 0,  # else X-Forwarded-For is anybody's
    "DEFAULT_SCHEMA_CLASS": "referrals.api.schema.ApiSchema",
    "EXCEPTION_HANDLER": "referrals.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "RefLoop API",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": [],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "Status": "referrals.lifecycle.states.Status",
        "Stage": "referrals.lifecycle.states.Stage",
        "Direction": "referrals.models.Referral.Direction",
        "AskedDirection": "referrals.api.inputs.capture.ASKED_DIRECTIONS",
        "Priority": "referrals.models.Referral.Priority",
        "Source": "referrals.models.Referral.Source",
        "AuthorizationState": "referrals.models.Referral.Authorization",
        "ReferralAppointmentStatus": "referrals.models.Referral.AppointmentStatus",
        "ReferralDocumentStatus": "referrals.models.Referral.DocumentStatus",
        "AppointmentStatus": "referrals.models.Appointment.Status",
        "AppointmentKind": "referrals.models.Appointment.Kind",
        "DocumentStatus": "referrals.models.Document.Status",
        "SentDocumentStatus": "referrals.api.inputs.documents.SENT_STATUSES",
        "DocumentKind": "referrals.models.Document.Kind",
        "EncounterSource": "referrals.models.Encounter.Source",
        "ContactChannel": "referrals.models.ContactAttempt.Channel",
        "EndpointChannel": "referrals.office_endpoints.CHANNELS",
        "ContactOutcome": "referrals.models.ContactAttempt.Outcome",
        "AttemptOutcome": "notifications.models.Attempt.Outcome",
        "EndpointState": "referrals.api.outputs.endpoints.STATES",
        "DeliveryStatus": "notifications.models.Delivery.Status",
        "EndpointDetail": "notifications.models.Endpoint.Detail",
        "ActorKind": "referrals.models.ReferralEvent.ActorKind",
    },
    "SORT_OPERATIONS": False,  # in the order of referrals/api/urls.py
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "referrals.api.schema.add_manual",
    ],
}

# -- logs --------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"safe_json": {"()": "refloop_site.safe_logging.SafeJsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "safe_json"}},
    "root": {"handlers": ["stderr"], "level": env.str("LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.db.backends": {"level": "WARNING"},  # SQL carries patient data in its parameters
        "axes": {"level": "WARNING"},
    },
}

# -- RefLoop's own ------------------------------------------------------------------------------------------------
REFLOOP_GROUP_NAME = env.str("REFLOOP_GROUP_NAME", default="")  # heads the packet; empty: the office's own name
REFLOOP_BASE_URL = env.str("REFLOOP_BASE_URL", default="http://localhost:8000")  # where links in messages point
REFLOOP_BUSINESS_DAY_STARTS = env.str("REFLOOP_BUSINESS_DAY_STARTS", default="09:00")
REFLOOP_ROUTING_MAX_MILES = env.float("REFLOOP_ROUTING_MAX_MILES", default=60.0)
REFLOOP_DUPLICATE_WINDOW_DAYS = env.int("REFLOOP_DUPLICATE_WINDOW_DAYS", default=90)

if IS_PRODUCTION:
    refuse_unsafe(
        secret_key=SECRET_KEY,
        allowed_hosts=ALLOWED_HOSTS,
        debug=DEBUG,
        cookies_over_https_only=SESSION_COOKIE_SECURE and CSRF_COOKIE_SECURE,
    )
