"""The client: every word that is said to Stripe goes through ``ask``.

Time-outs are short, nothing is written into a log but codes, and no lock of the
database is held meanwhile. The package is loaded when it is first needed: most
processes of a site never pay.
"""

import logging
from collections.abc import Callable
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection

if TYPE_CHECKING:
    from stripe import StripeClient

log = logging.getLogger(__name__)

TIMEOUT = (3, 10)
"Seconds to connect, and between two pieces of an answer."
RETRIES = 2
LIVE = ("sk_live_", "rk_live_")
"How the keys begin with which real money moves."


class Unreachable(Exception):
    """Stripe did not answer, or could not do it now: the same request, with the same key, may be sent again."""


class Refused(Exception):
    """Stripe does not take the request. ``code`` and ``param`` say what is wrong with it, in Stripe's words."""

    def __init__(self, message: str, code: str = "", param: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.param = param


class Gone(Refused):
    """Stripe knows nothing of this name, or nothing in this mode."""


def ask(what: "Callable[[StripeClient], Any]") -> dict[str, Any]:
    """Stripe's answer as a plain dictionary: ``ask(lambda stripe: stripe.v1.refunds.retrieve("re_1"))``.

    Raises:
        Unreachable: nobody knows whether it was done; the same may be asked again.
        Refused: it was not done, and never will be.
        Gone: what it names is not there.
    """
    _stay_out_of_transactions()
    stripe = package()
    try:
        answer: dict[str, Any] = what(_client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)).to_dict()
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        log.warning("Stripe could not be reached: %s %s", type(error).__name__, error.http_status or "")
        raise Unreachable(type(error).__name__) from None
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        log.error("Stripe does not take the key of this site: %s %s", type(error).__name__, error.http_status)  # noqa: TRY400
        raise Unreachable(type(error).__name__) from None
    except stripe.StripeError as error:
        code, param = error.code or "", getattr(error, "param", None) or ""
        log.warning("Stripe refused a request: %s %s %s", type(error).__name__, code, param)
        kind = Gone if code == "resource_missing" else Refused
        raise kind(error.user_message or type(error).__name__, code, param) from None
    return answer


def is_live() -> bool:
    """Whether the key of this site moves real money."""
    return settings.STRIPE_SECRET_KEY.startswith(LIVE)


@cache
def package() -> ModuleType:
    """The package, which tells its maker nothing and logs no body of a request."""
    import stripe
    from stripe import _util

    stripe.enable_telemetry = False
    stripe.log = None
    _util.STRIPE_LOG = None
    logging.getLogger("stripe").setLevel(logging.WARNING)
    return stripe


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> "StripeClient":
    """One for all threads: each has its own connections."""
    stripe = package()
    client: StripeClient = stripe.StripeClient(
        key,
        base_addresses={"api": base} if base else {},
        http_client=_connections(),
        max_network_retries=RETRIES,
    )
    return client


def _connections() -> Any:
    """Those of the package, which repeats what failed at once; but what was waited for in vain is not waited for again.

    Whoever presses a button would keep a process of the site for three times as long. The same key may be
    sent again at any time.
    """
    stripe = package()

    class Connections(stripe.RequestsClient):  # type: ignore[name-defined, misc]
        def request(self, *args: Any, **options: Any) -> Any:
            try:
                return super().request(*args, **options)
            except stripe.APIConnectionError as error:
                if isinstance(error.__cause__, self.requests.exceptions.Timeout):
                    error.should_retry = False
                raise

    return Connections(timeout=TIMEOUT)


def _stay_out_of_transactions() -> None:
    """A lock held while somebody else's server thinks would stop the site. Those of the test runner do not count.

    Raises:
        RuntimeError: a transaction is open.
    """
    if any(not getattr(block, "_from_testcase", False) for block in connection.atomic_blocks):
        raise RuntimeError("Stripe is never asked within a transaction.")
