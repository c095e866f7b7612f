"""How gunicorn serves the site: `gunicorn --config python:config.gunicorn config.wsgi`.

Its own log of accesses goes past Django's; personal addresses are taken out here too.
"""

from typing import Any

from gunicorn.glogging import Logger

from pages.discretion import WithoutTokens


class Discreet(Logger):
    """Gunicorn's logger, without the secrets that addresses and referrers hold."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for log in (self.error_log, self.access_log):
            log.addFilter(WithoutTokens())


logger_class = Discreet
control_socket_disable = True
