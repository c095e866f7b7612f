"""The site as the public gets it: settings of production, static files collected, hashed and packed."""

from pathlib import Path

from tests.served import Served, command


def public(database_url: str, folder: Path, statics: Path, *, workers: int = 2) -> Served:
    """A server that is ready to start, on plain http; ``statics`` is filled if it is empty."""
    site = Served(
        database_url,
        folder,
        workers=workers,
        environment={
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "SECRET_KEY": "only-for-this-test-0123456789-abcdefghijklmnopqrstuvwxyz-ABCD",
            "ALLOWED_HOSTS": "127.0.0.1",
            "STATIC_ROOT": str(statics),
            "KEPT_PAGES_MB": "32",
        },
    )
    if not (statics / "staticfiles.json").exists():
        nowhere = {"SITE_URL": "http://127.0.0.1", "EMAIL_URL": "dummy://", "MEDIA_ROOT": str(folder)}
        command(database_url, "collectstatic", "--no-input", "--verbosity=0", **site.more | nowhere)
    return site
