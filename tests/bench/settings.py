"""The public site with one more address, /empty/, behind the same middleware: what all else is measured by."""

from config.settings.production import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
