"""One double for all its tests, and a site that it tells."""

import threading
from collections.abc import Iterator

import pytest
from stripe import StripeClient

from tests.payments.double.seller import SECRET, Site, client
from tests.stripe import Double


@pytest.fixture(scope="module")
def door() -> Iterator[Site]:
    site = Site()
    threading.Thread(target=site.server.serve_forever, args=(0.02,), daemon=True).start()
    yield site
    site.server.shutdown()
    site.server.server_close()


@pytest.fixture
def site(door: Site) -> Site:
    door.got.clear()
    door.status = 200
    return door


@pytest.fixture(scope="module")
def running(door: Site) -> Iterator[Double]:
    with Double(hooks=[(door.url, SECRET)]) as double:
        yield double


@pytest.fixture
def stripe(running: Double, site: Site) -> Iterator[Double]:
    yield running
    running.reset()
    running.keys = {running.key}


@pytest.fixture
def api(stripe: Double) -> StripeClient:
    return client(stripe)
