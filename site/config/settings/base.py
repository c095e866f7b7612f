"""What every place the site runs in shares."""

import zoneinfo
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.environment import env, optional

CONFIG = Path(__file__).resolve().parents[1]
# A wheel carries templates, static files and translations inside `config`.
FROM_WHEEL = (CONFIG / "templates").is_dir()
ROOT = Path.cwd() if FROM_WHEEL else CONFIG.parents[1]
SHIPPED = CONFIG if FROM_WHEEL else ROOT / "site"

SITE_URL = optional(env.str, "SITE_URL", "the public address, with scheme.", default="http://localhost:8000").rstrip(
    "/"
)
ALLOWED_HOSTS = optional(env.list, "ALLOWED_HOSTS", "the host names served, comma separated.", default=[])
TRUSTED_PROXIES = optional(
    env.int, "TRUSTED_PROXIES", "how many proxies of ours stand in front of the site.", default=0
)

INSTALLED_APPS = [
    "events",
    "regions",
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "letters",
    "pages",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django_tasks",
    "recurrence",
    "i18nfield",
    # Its static files serve django-recurrence; it has no address here.
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
]

MIDDLEWARE = [
    "pages.keeper.KeeperMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "pages.policy.PolicyMiddleware",
    "pages.busy.BusyMiddleware",
    "events.calendars.middleware.FeedMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "pages.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.AccountsMiddleware",
    "regions.middleware.MandateMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "pages.desk.guard.WallMiddleware",
    "events.desk.personal.looking.AccessMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [(CONFIG if FROM_WHEEL else ROOT) / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Django's settings of the database at this address.

    SQLite writes one at a time: a transaction takes the write lock when it
    begins (IMMEDIATE), so that it waits its turn rather than fail half way.
    """
    import dj_database_url

    try:
        settings: dict[str, Any] = dict(dj_database_url.parse(url, conn_max_age=600))
    except ValueError as error:
        raise ImproperlyConfigured(f"The environment variable DATABASE_URL can't be read ({error})") from error
    if settings["ENGINE"].endswith("sqlite3"):
        settings["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 10,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        }
    else:
        settings["OPTIONS"] = {"options": "-c lock_timeout=10000"}
    return settings


DATABASES = {
    "default": database(
        optional(
            env.str, "DATABASE_URL", "the database's address.", default=f"sqlite:///{ROOT / 'var' / 'humus.sqlite3'}"
        )
    )
}
# How much each process keeps of finished pages, in millions of bytes; 0 keeps none.
KEPT_PAGES_MB = optional(env.int, "KEPT_PAGES_MB", "how many megabytes of pages each process keeps.", default=32)
CACHES = {"default": optional(env.dj_cache_url, "CACHE_URL", "the cache's address.", default="locmem://")}

LANGUAGE_CODE = "fr"
LANGUAGES = WAGTAIL_CONTENT_LANGUAGES = [("fr", "Français"), ("en", "English"), ("es", "Español")]
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
LOCALE_PATHS = [SHIPPED / "locale"]
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = "UTC"
# The rules of time zones are those of the pinned tzdata, whatever the machine holds.
zoneinfo.reset_tzpath(to=())
zoneinfo.ZoneInfo.clear_cache()

STATIC_URL = "/static/"
STATIC_ROOT = Path(
    optional(env.str, "STATIC_ROOT", "the folder that collectstatic fills.", default=str(ROOT / "var" / "static"))
)
STATICFILES_DIRS = [SHIPPED / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = optional(env.str, "MEDIA_ROOT", "the folder of uploaded files.", default=str(ROOT / "var" / "media"))
# What participants send with their answers: never below MEDIA_ROOT, which web servers serve.
PRIVATE_ROOT = optional(
    env.str, "PRIVATE_ROOT", "the folder of participants' files, which nothing serves.", default=f"{MEDIA_ROOT}-private"
)
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": PRIVATE_ROOT,
            "base_url": None,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

_email = optional(env.dj_email_url, "EMAIL_URL", "the mail server's address.", default="console://")
EMAIL_BACKEND = "letters.backend.OutboxBackend"  # whoever sends mail writes a letter
LETTERS_BACKEND = _email["EMAIL_BACKEND"]  # the worker alone opens this one
EMAIL_FILE_PATH = _email.get("EMAIL_FILE_PATH") or None
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20  # seconds, for each step of an exchange
LETTERS_PER_HOUR = optional(
    env.int, "LETTERS_PER_HOUR", "how many letters may leave within an hour; 0 for as many as there are.", default=1000
)
# How long a worker keeps a letter to itself: longer than a whole exchange of some ten steps.
LETTER_LEASE = optional(env.int, "LETTER_LEASE", "seconds a worker keeps a letter to itself.", default=300)
DEFAULT_FROM_EMAIL = optional(
    env.str, "DEFAULT_FROM_EMAIL", "the sender of letters.", default="4 per 1000 <meetings@example.org>"
)

# What was signed with an earlier SECRET_KEY holds as long as that one stands here: sessions, links, tickets.
SECRET_KEY_FALLBACKS = [
    secret.strip()
    for secret in optional(
        env.list, "SECRET_KEY_FALLBACKS", "earlier values of SECRET_KEY that still hold, comma separated.", default=[]
    )
    if secret.strip()  # anybody can sign with an empty one
]

# Payments: without a key nothing is sold that has a price, and nothing speaks to Stripe.
STRIPE_SECRET_KEY = optional(env.str, "STRIPE_SECRET_KEY", "the secret or restricted key of Stripe.", default="")
STRIPE_WEBHOOK_SECRETS = [
    secret.strip()
    for secret in optional(
        env.list, "STRIPE_WEBHOOK_SECRETS", "the signing secrets of the webhook, comma separated.", default=[]
    )
    if secret.strip()  # an empty one would accept what anybody signs
]
STRIPE_API_BASE = optional(env.str, "STRIPE_API_BASE", "where Stripe's API is, if not at Stripe.", default="")
# The least that can be charged, in minor units: it depends on the currency of the account too.
STRIPE_MINIMUMS = {
    "AED": 200, "AUD": 50, "BGN": 100, "BRL": 50, "CAD": 50, "CHF": 50, "CZK": 1500, "DKK": 250, "EUR": 50, "GBP": 30,
    "HKD": 400, "HUF": 17500, "INR": 50, "JPY": 50, "MXN": 1000, "MYR": 200, "NOK": 300, "NZD": 50, "PLN": 200,
    "RON": 200, "SEK": 300, "SGD": 50, "THB": 1000, "USD": 50,
} | {
    currency: int(least)
    for currency, least in optional(
        env.dict, "STRIPE_MINIMUMS", "other least amounts, like EUR=100,XOF=500.", default={}
    ).items()
}  # fmt: skip

# One fixed name after the @ of every calendar UID: never the host, which may change.
CALENDAR_UID_DOMAIN = "meetings.4p1000.org"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]  # signing up is closed; allauth asks all the same
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False  # allauth counts in each process; pages.limits counts in the database
ACCOUNT_FORMS = {"login": "accounts.entrance.EntranceForm", "reauthenticate": "accounts.entrance.PasswordAgainForm"}
MFA_ADAPTER = "accounts.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "accounts.factor.CodeForm",
    "reauthenticate": "accounts.factor.CodeAgainForm",
    "activate_totp": "accounts.factor.ActivateForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1  # a clock half a minute off still opens
MFA_TOTP_ISSUER = "4 per 1000"
# Production asks for it unless told otherwise.
MFA_REQUIRED = optional(env.bool, "MFA_REQUIRED", "whether the administration asks for a second factor.", default=False)

# News and proposals that wait so many days for an answer are told to those who may give it, and again after as many.
REVIEW_REMINDER_DAYS = optional(env.int, "REVIEW_REMINDER_DAYS", "days before a reminder to review.", default=3)

WAGTAIL_SITE_NAME = "4 pour 1000"
WAGTAIL_I18N_ENABLED = True
WAGTAILADMIN_BASE_URL = SITE_URL
# Who logs in is allauth's and the accounts' room's to say: Wagtail's own doors are shut.
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # letters with links go there: staff change it
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAIL_ENABLE_UPDATE_CHECK = False
# What is asked for in another language waits as a draft; by default it would go out in the words of the source.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAILEMBEDS_FINDERS = [{"class": "wagtail.embeds.finders.oembed"}]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000  # a small file may unfold to gigabytes
# None that a browser would run as a page of this site (html, svg, xml).
WAGTAILDOCS_EXTENSIONS = [
    *("pdf", "odt", "ods", "odp", "doc", "docx", "xls", "xlsx", "ppt", "pptx", "rtf"),
    *("txt", "csv", "ics", "epub", "zip", "jpg", "jpeg", "png", "webp", "mp3", "mp4"),
]
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "pages.folding", "SEARCH_CONFIG": "simple"}}
WAGTAILREDIRECTS_AUTO_CREATE = True
TASKS = {
    "default": {
        "BACKEND": optional(
            env.str,
            "TASKS_BACKEND",
            "what carries Wagtail's own jobs.",
            default="django_tasks.backends.immediate.ImmediateBackend",
        )
    }
}

SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail previews pages in a frame of its own
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "pages.errors.csrf_failure"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
SILENCED_SYSTEM_CHECKS = [
    "recurrence.W001",
    "security.W019",  # X-Frame-Options is SAMEORIGIN, not DENY, for those previews
]

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"tokens": {"()": "pages.discretion.WithoutTokens"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["tokens"]}},
    "loggers": {
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        "weasyprint": {"level": "WARNING"},  # it tells of each step, and fontTools of each table
        "fontTools": {"level": "WARNING"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}

LANGUAGES_OF_EVENTS = [
    ("fr", _("French")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("ar", _("Arabic")),
    ("de", _("German")),
    ("hi", _("Hindi")),
    ("it", _("Italian")),
    ("pt", _("Portuguese")),
    ("ru", _("Russian")),
    ("sw", _("Swahili")),
    ("zh", _("Chinese")),
]
