"""For the public: everything secret or particular comes from the environment."""

from django.core.exceptions import ImproperlyConfigured

from config.environment import env, optional, required
from config.settings.base import *

DEBUG = False
SECRET_KEY = required(env.str, "SECRET_KEY", "it signs links and sessions; at least 50 random characters.")
SITE_URL = WAGTAILADMIN_BASE_URL = required(env.str, "SITE_URL", "the public address, with https://.").rstrip("/")
if not SITE_URL.startswith(("https://", "http://")):
    raise ImproperlyConfigured("The environment variable SITE_URL can't be read (it has no https:// in front)")
ALLOWED_HOSTS = required(env.list, "ALLOWED_HOSTS", "the host names served, comma separated.")
DATABASES = {"default": database(required(env.str, "DATABASE_URL", "the database's address."))}
required(env.str, "EMAIL_URL", "the mail server's address; letters can't leave without it.")
MEDIA_ROOT = required(env.str, "MEDIA_ROOT", "the folder of uploaded files; it must outlive a deployment.")

CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_SSL_REDIRECT = SITE_URL.startswith("https://")
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
MFA_REQUIRED = optional(env.bool, "MFA_REQUIRED", "whether the administration asks for a second factor.", default=True)
STORAGES["staticfiles"] = {"BACKEND": "pages.statics.JoinedStorage"}
LETTERS_ON_A_PAGE = False
