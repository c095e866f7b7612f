"""How gunicorn serves the site: `gunicorn --config python:config.gunicorn config.wsgi`.

Its own log of accesses goes past Django's; personal addresses are taken out here too.
"""

import gc
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
timeout = 60
"""Seconds that a page may take: longer than Stripe is waited for, so that whoever wants to pay is told that it can't be
reached, rather than cut off with the process."""

OBJECTS = 20_000
"New objects after which Python looks for rings of forgotten ones; a page makes some thousands, and no ring that stays."


def post_worker_init(worker: Any) -> None:
    """What is loaded stays: Python need not look through all of it again and again.

    A fifth of the time of a registration went into that.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS, 20, 20)
