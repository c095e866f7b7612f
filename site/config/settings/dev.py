"""On one's own machine: nothing to configure, letters land in a folder and on a page."""

from config.environment import env, optional
from config.settings.base import *

DEBUG = optional(env.bool, "DEBUG", "show Django's own error pages.", default=False)
SECRET_KEY = optional(
    env.str, "SECRET_KEY", "signs links and sessions.", default="only-for-one-s-own-machine-" + "0" * 40
)
ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]", "testserver"]
PORT = optional(env.int, "PORT", "the port of the local server.", default=8000)
SITE_URL = WAGTAILADMIN_BASE_URL = optional(
    env.str, "SITE_URL", "the public address, with scheme.", default=f"http://127.0.0.1:{PORT}"
).rstrip("/")

if not env.str("EMAIL_URL", ""):
    LETTERS_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = ROOT / "var" / "mail"

LETTERS_ON_A_PAGE = True
DEMO_PASSWORD = optional(env.str, "DEMO_PASSWORD", "the demo accounts' password.", default="humus-demo")
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns where there is none
