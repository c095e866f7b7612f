"""How Stripe is asked: for seconds, in one version, from a text that was kept before, and never of what is free."""

import json
import time
from urllib.parse import parse_qsl

import pytest

from events.models import Payment
from events.payments import checkout, client, reconciling, refunding
from tests.factories import TicketFactory, told

from .people import costly, keeps, payments, press

pytestmark = pytest.mark.django_db
CREATE = "POST /v1/checkout/sessions"


@pytest.fixture
def hurried(monkeypatch):
    """The same client with much shorter patience."""
    monkeypatch.setattr(client, "TIMEOUT", (0.2, 0.3))
    monkeypatch.setattr(client, "RETRIES", 0)
    client._client.cache_clear()
    yield
    client._client.cache_clear()


def test_a_stripe_that_does_not_answer_keeps_nobody_waiting(double, hurried):
    asha = keeps(*costly())
    fault = double.faults.hang(CREATE, seconds=30)
    began = time.monotonic()
    assert press(asha).status_code == 503
    assert time.monotonic() - began < 10
    assert fault.reached.is_set()
    fault.release()
    assert payments(asha) == [("created", 1)]
    assert press(asha).status_code == 303


def test_what_was_waited_for_in_vain_is_not_waited_for_three_times(double, monkeypatch):
    monkeypatch.setattr(client, "TIMEOUT", (0.2, 0.3))
    client._client.cache_clear()
    fault = double.faults.hang(CREATE, times=3, seconds=30)
    assert press(keeps(*costly())).status_code == 503
    fault.release()
    client._client.cache_clear()
    assert len([one for one in double.requests if one.method == "POST"]) == 1


def test_what_failed_at_once_is_tried_again_at_once(double):
    double.faults.drop(CREATE, times=1)
    assert press(keeps(*costly())).status_code == 303


def test_the_patience_with_stripe_is_of_seconds():
    """The package's own is eighty, three times."""
    connecting, answering = client.TIMEOUT
    assert (connecting <= 5, answering <= 15, client.RETRIES <= 2) == (True, True, True)


def test_the_text_of_a_request_is_kept_before_it_leaves_and_leaves_as_it_is_kept(double, monkeypatch):
    asha, kept, ask = keeps(*costly()), [], client.ask

    def watched(what):
        kept.append(Payment.objects.get().request)
        return ask(what)

    monkeypatch.setattr(checkout.client, "ask", watched)
    double.faults.down()
    assert press(asha).status_code == 503
    double.faults.up()
    assert press(asha).status_code == 303
    assert kept == [Payment.objects.get().request] * 2
    sent = dict(parse_qsl(next(one.form for one in double.requests if one.method == "POST")))
    said = json.loads(kept[0])
    assert sent["expires_at"] == str(said["expires_at"])
    assert sent["line_items[0][price_data][unit_amount]"] == "6000"
    assert sent["adaptive_pricing[enabled]"] == "false"
    assert list(dict.fromkeys(name.partition("[")[0] for name in sent)) == list(said), "in the order of the text"


def test_every_request_names_the_version_and_tells_the_maker_of_the_package_nothing(double):
    press(keeps(*costly()))
    press(keeps(*costly()))
    assert len(double.requests) == 2
    version = client.package()._api_version._ApiVersion.CURRENT
    assert {one.headers["stripe-version"] for one in double.requests} == {version}
    assert not any("x-stripe-client-telemetry" in one.headers for one in double.requests)


def test_of_what_is_free_stripe_hears_nothing_from_the_form_to_the_worker(double):
    event, _paid = costly()
    free = TicketFactory(event=event, code="free", name=told("Libre", "Free", "Libre"))
    asha = keeps(event, free)
    asha.cancel()
    assert press(keeps(event, free, "Bina")).status_code == 409
    for job in (refunding.carry_out, reconciling.reconcile):
        job()
    assert double.requests == []
