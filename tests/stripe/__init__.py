"""A stand-in for Stripe that speaks its protocol over real HTTP.

Nothing leaves the machine and no money moves. The real ``stripe`` package
talks to it (``STRIPE_API_BASE``), and it posts signed events to the site:

    with Double(hooks=[(f"{site.url}/stripe/webhook/", "whsec_secret")]) as stripe:
        stripe.pay(stripe.sessions()[-1]["id"], "card")
        stripe.wait()
        assert stripe.books() == {"xof": 15_000}

By hand: ``python -m tests.stripe --help``. The pages are at its address.

What it promises:

* a parameter that the installed package does not know, of another type or
  with another word than its types allow is refused as Stripe refuses it,
  and so is everything the double itself does not speak;
* every answer and every event fits the types of the installed package, or
  the test that asked for it fails;
* the rules of Checkout, refunds, disputes, pagination, idempotency keys and
  signatures as Stripe's documentation states them.

What it does not prove: that live Stripe agrees. The types carry no bounds,
the documentation leaves gaps, and amounts, order of events and wording of
errors come from it, not from Stripe. ``docs/operations.md`` says what is
checked in a Stripe sandbox before a release.
"""

from tests.stripe.books import Book
from tests.stripe.deliveries import Delivery
from tests.stripe.double import Double
from tests.stripe.refusal import Refusal

__all__ = ["Book", "Delivery", "Double", "Refusal"]
