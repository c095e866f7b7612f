"""For the test suite: like one's own machine, with letters kept in memory unless EMAIL_URL says otherwise."""

from config.settings.dev import *

DEBUG = False
if not env.str("EMAIL_URL", ""):
    LETTERS_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_AUTOREFRESH = True  # found when asked for: no scan of every file at each test
WHITENOISE_USE_FINDERS = True
SITE_URL = WAGTAILADMIN_BASE_URL = optional(
    env.str, "SITE_URL", "the public address, with scheme.", default="http://testserver"
).rstrip("/")
KEPT_PAGES_MB = optional(env.int, "KEPT_PAGES_MB", "how many megabytes of pages each process keeps.", default=0)
"Tests within one process are rolled back, and the number of the edition with them; served sites keep pages."
