"""One site with Stripe's double beside it for all scenarios: each has meetings and people of its own."""

from collections.abc import Iterator

import pytest

from tests.payments.till import Staff, Till
from tests.stripe import Double


@pytest.fixture(scope="session")
def running_till(_template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    folder = tmp_path_factory.mktemp("till")
    with Till(_template.copy(folder), folder) as till:
        yield till


@pytest.fixture
def till(running_till: Till) -> Iterator[Till]:
    """The site and the double, where nothing goes wrong yet."""
    running_till.calm()
    yield running_till
    running_till.calm()
    assert "Traceback" not in running_till.site.log(), running_till.site.log()


@pytest.fixture(scope="session")
def _entered(running_till: Till) -> Staff:
    return Staff(running_till)


@pytest.fixture
def staff(till: Till, _entered: Staff) -> Staff:
    """Somebody of the staff, who has entered."""
    return _entered


@pytest.fixture
def double(settings) -> Iterator[Double]:
    """Stripe, for a site in the process of the test itself, with nobody to tell: the site has to ask."""
    with Double() as stripe:
        settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE = stripe.key, stripe.url
        yield stripe
