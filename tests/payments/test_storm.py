"""A storm of all that can go wrong at once, then calm: the books agree with Stripe's, and nobody's seat is lost.

What is done is drawn from a seed, which a failure names; ``STORM=1,2,3`` in the environment names others, and
``STORM_ACTS`` how much goes wrong in each.
"""

import contextlib
import http.client
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.payments.till import Payer, Staff, Till
from tests.registration.crowd import Answer
from tests.stripe import Refusal

SEEDS = [int(seed) for seed in os.environ.get("STORM", "20261123,7").split(",")]
ACTS = int(os.environ.get("STORM_ACTS", "50"))
PEOPLE = 18
FAR = "2031-05-01T00:00:00"
GONE = (OSError, http.client.HTTPException)
"What a browser meets whose page a killed process was about to send."
FORGED: list[tuple[dict[str, Any], dict[str, Any], int]] = [
    ({}, {"secret": "whsec_of_somebody_else"}, 400),
    ({}, {"age": 600}, 400),
    ({}, {"headers": {"Stripe-Signature": None}}, 400),
    ({}, {"body": b'{"id": "evt_cut'}, 400),
    ({}, {"body": b" " * (1 << 21)}, 413),
    ({"livemode": True}, {}, 200),
    ({"account": "acct_somebody_else"}, {}, 200),
    ({"type": "invoice.paid"}, {}, 200),
]
"What is to be added to an event, how it is delivered, and what the site answers: it believes none of them."
SESSIONS, REFUNDS = "POST /v1/checkout/sessions*", "POST /v1/refunds"


class Person:
    """A participant who does what their dice say, and tries again when a page does not come."""

    def __init__(self, payer: Payer, seed: str, over: threading.Event) -> None:
        self.payer, self.dice, self.over = payer, random.Random(seed), over
        self.believed: list[str] = []

    def live(self) -> None:
        """Register, and what follows."""
        time.sleep(self.dice.random() * 2)
        for _ in range(5):  # somebody may give their seat back
            registered = self.insist(self.payer.register)
            if registered is not None and registered.status == 303:
                break
            time.sleep(self.dice.random())
        else:
            return
        if self.dice.random() < 0.1:
            self.cancel()
        for _ in range(self.dice.choice((1, 1, 1, 2))):
            self.pay()
            if self.dice.random() < 0.5:
                self.come_back()
        if self.dice.random() < 0.2:
            self.cancel()

    def pay(self) -> None:
        self.insist(self.payer.press_pay)
        if self.payer.session and self.dice.random() < 0.4:
            self.forge()
        way = self.dice.choices(("card", "delayed", "declined", "other", ""), (12, 4, 2, 3, 2))[0]
        if self.payer.session and way == "other":
            with contextlib.suppress(Refusal):
                self.pay_other_amount()
        elif self.payer.session and way:
            with contextlib.suppress(Refusal):
                self.payer.pay(way)
            if way == "declined" and self.dice.random() < 0.5:
                with contextlib.suppress(Refusal):
                    self.payer.pay("card")

    def pay_other_amount(self) -> None:
        """What is paid at Stripe is not what was asked."""
        stripe = self.payer.till.stripe
        with stripe.account.lock:
            session = stripe.account.get("checkout.session", self.payer.session)
            if session["status"] == "open" and "tried" not in stripe.account.beside[session["id"]]:
                session["amount_total"] -= 1000
                self.payer.pay()

    def forge(self) -> None:
        """Somebody who is not Stripe says that it was paid, or Stripe says it of another account or mode."""
        stripe = self.payer.till.stripe
        name = f"evt_forged_{self.payer.session}_{len(stripe.deliveries.made)}"
        told = {"status": "complete", "payment_status": "paid", "payment_intent": f"pi_of_{name}"}
        event = {
            "id": name, "object": "event", "type": "checkout.session.completed", "created": int(time.time()),
            "livemode": False, "data": {"object": stripe.session(self.payer.session) | told},
        }  # fmt: skip
        more, how, answer = self.dice.choice(FORGED)
        made = stripe.deliver(event | more, **how)
        self.believed += [
            f"{more} {how} was answered {one.status}" for one in made if one.status not in (answer, 0, 503)
        ]

    def come_back(self) -> None:
        if self.payer.session:
            with contextlib.suppress(*GONE):
                url = self.payer.till.stripe.session(self.payer.session)["success_url"].partition("?")[0]
                path = url.removeprefix(self.payer.till.site.url)
                self.payer.browser.ask("POST", path, self.payer.browser.fill_in(path, {}))

    def cancel(self) -> None:
        self.insist(lambda: self.payer.cancel()[0])

    def insist(self, act: Callable[[], Answer]) -> Answer | None:
        """Until there is an answer, or patience is over."""
        for _ in range(8):
            with contextlib.suppress(*GONE, AssertionError):
                answer = act()
                if answer.status < 500:
                    return answer
            time.sleep(self.dice.random() / 5)
        return None


class Weather:
    """What goes wrong around them, drawn from the same seed."""

    def __init__(
        self, till: Till, meetings: list[dict[str, Any]], people: list[Person], staff: Staff, seed: int
    ) -> None:
        self.till, self.stripe, self.people, self.dice = till, till.stripe, people, random.Random(seed)
        self.uids = [meeting["uid"] for meeting in meetings]
        self.worker = till.site.start_worker()
        self.staff = staff
        self.latecomers: list[Payer] = []
        self.log: list[str] = []

    ACTS = (
        ("lose", 6), ("drop", 3), ("error", 4), ("slow", 3), ("down", 1), ("kill_site", 4), ("interrupt", 3),
        ("kill_worker", 2), ("say_again", 8), ("silence", 4), ("work", 3), ("refund", 4), ("dashboard", 3),
        ("outcome", 3), ("settle", 4), ("fail_refund", 1), ("settle_refund", 2), ("dispute", 1), ("expire", 3),
        ("run_out", 3), ("late", 5), ("waive", 1),
    )  # fmt: skip

    def blow(self, acts: int) -> None:
        """So many things go wrong, one after the other."""
        names, weights = zip(*self.ACTS, strict=True)
        for name in self.dice.choices(names, weights, k=acts):
            self.log.append(name)
            with contextlib.suppress(Refusal, LookupError):
                getattr(self, name)()
            time.sleep(self.dice.random() / 25)
            if len(self.log) % 20 == 0:
                self.late_money()
        self.late_money()

    def where(self) -> str:
        return self.dice.choice((SESSIONS, REFUNDS, "GET *", "*"))

    def lose(self) -> None:
        self.stripe.faults.lose(self.where(), times=self.dice.randint(1, 4))

    def drop(self) -> None:
        self.stripe.faults.drop(self.where(), times=self.dice.randint(1, 3))

    def error(self) -> None:
        self.stripe.faults.error(self.dice.choice((500, 503, 429, 409)), self.where(), times=self.dice.randint(1, 3))

    def slow(self) -> None:
        self.stripe.faults.slow(self.where(), seconds=0.4)

    def down(self) -> None:
        self.stripe.faults.down()
        time.sleep(0.3)
        self.stripe.faults.up()

    def kill_site(self) -> None:
        with contextlib.suppress(ProcessLookupError, IndexError):
            os.kill(self.dice.choice(self.till.workers), signal.SIGKILL)

    def interrupt(self) -> None:
        """The site is killed while it is told something."""
        if events := self.stripe.events():
            told = threading.Thread(target=self.stripe.deliver, args=(self.dice.choice(events),))
            told.start()
            time.sleep(self.dice.random() / 50)
            self.till.kill_workers()
            told.join()

    def kill_worker(self) -> None:
        self.worker.kill()
        self.worker.wait(20)
        self.worker = self.till.site.start_worker()

    def say_again(self) -> None:
        """Events that were told before or not yet, in any order, several times at once."""
        if events := self.stripe.events():
            self.stripe.deliver_together(*(self.dice.choice(events) for _ in range(self.dice.randint(1, 4))))

    def silence(self) -> None:
        self.stripe.automatic = not self.stripe.automatic

    def work(self) -> None:
        self.till.work()

    def refund(self) -> None:
        if known := self.till.received(*self.uids):
            with contextlib.suppress(*GONE, AssertionError):  # the page does not come
                self.staff.refund(self.dice.choice(known), self.dice.choice((1000, 2500, 5000, 6000)))

    def dashboard(self) -> None:
        intents = [one["id"] for one in self.mine("payment_intent") if one["status"] == "succeeded"]
        self.stripe.refund(self.dice.choice(intents), self.dice.choice((1000, None)))

    def outcome(self) -> None:
        self.stripe.next_refund(self.dice.choice(("pending", "failed", "balance_insufficient")))

    def settle(self) -> None:
        self.stripe.settle(self.dice.choice(self.delayed()), self.dice.random() < 0.6)

    def fail_refund(self) -> None:
        self.stripe.fail_refund(self.dice.choice([one["id"] for one in self.mine("refund")]))

    def settle_refund(self) -> None:
        pending = [one["id"] for one in self.mine("refund") if one["status"] == "pending"]
        self.stripe.settle_refund(self.dice.choice(pending), self.dice.random() < 0.7)

    def dispute(self) -> None:
        intents = [one["id"] for one in self.mine("payment_intent") if one["status"] == "succeeded"]
        made = self.stripe.dispute(self.dice.choice(intents))
        if self.dice.random() < 0.5:
            self.stripe.close_dispute(made["id"], self.dice.random() < 0.5)

    def expire(self) -> None:
        self.dice.choice([one.payer for one in self.people if one.payer.session]).let_expire()

    def run_out(self) -> None:
        self.till.run_out(self.dice.choice(self.people).payer.email)

    def late(self) -> None:
        """Somebody's seat is released, of which they know nothing; others take it before they pay."""
        open_now = {one["id"] for one in self.stripe.sessions() if one["status"] == "open"}
        payer = self.dice.choice([one.payer for one in self.people if one.payer.session in open_now])
        self.till.run_out(payer.email)
        self.till.release()
        self.latecomers.append(payer)

    def late_money(self) -> None:
        """They pay, each by the session that they have open."""
        while self.latecomers:
            with contextlib.suppress(Refusal):
                self.latecomers.pop().pay()

    def waive(self) -> None:
        self.till.waive(self.dice.choice(self.people).payer.email)

    def mine(self, kind: str) -> list[Any]:
        """What Stripe has of these meetings."""
        intents = {one["id"] for one in self.stripe.all("payment_intent") if one["metadata"].get("event") in self.uids}
        return [one for one in self.stripe.all(kind) if {one["id"], one.get("payment_intent")} & intents]

    def delayed(self) -> list[str]:
        waiting = {one["id"] for one in self.mine("payment_intent") if one["status"] == "processing"}
        return [one["id"] for one in self.stripe.sessions() if one["payment_intent"] in waiting]

    # and then

    def clear_up(self) -> list[str]:
        """Nothing goes wrong any more, and time passes until nothing moves; what still does."""
        self.worker.terminate()
        self.worker.wait(60)
        self.stripe.faults.clear()
        self.stripe.account.outcomes.clear()
        self.stripe.automatic = True
        for session in self.delayed():
            self.stripe.settle(session, self.dice.random() < 0.6)
        for refund in self.mine("refund"):
            if refund["status"] == "pending":
                self.stripe.settle_refund(refund["id"])
        self.round()
        self.stripe.clock.move(minutes=41)
        left: list[str] = []
        for _ in range(6):
            self.round()
            self.till.run_out(*(one.payer.email for one in self.people))
            left = self.till.unrest(*self.uids)
            if not left and not self.stripe.undelivered():
                break
        return left + [f"{event['type']} {event['id']} is not delivered" for event in self.stripe.undelivered()]

    def made_twice(self) -> list[str]:
        """What was asked of Stripe once and is there twice."""
        refunds = Counter(
            one["metadata"]["refund"]
            for one in self.mine("refund")
            if "refund" in one["metadata"] and one["status"] not in ("failed", "canceled")
        )
        sessions = Counter(
            one["client_reference_id"] for one in self.stripe.sessions() if one["metadata"].get("event") in self.uids
        )
        asked = {one["uid"]: one["attempt"] for uid in self.uids for one in self.till.payments(uid)}
        return [
            *(f"refund {uid} was made {number} times" for uid, number in refunds.items() if number > 1),
            *(f"payment {uid} has {number} sessions" for uid, number in sessions.items() if number > asked[uid]),
        ]

    def decide(self) -> None:
        """The staff take what is not what was asked, or send it back."""
        for one in self.till.received(*self.uids):
            if one["state"] == "review":
                assert self.staff.decide(one, self.dice.choice(("accept", "send_back"))).status == 303

    def round(self) -> None:
        self.stripe.wait()
        self.stripe.retry()
        self.decide()
        self.till.grow_old(*self.uids)
        self.till.command("work", "--once")
        self.stripe.wait()


@pytest.mark.parametrize("seed", SEEDS)
def test_after_a_storm_the_books_agree_with_stripe_and_no_seat_is_lost(till: Till, staff: Staff, seed: int):
    meetings = [
        till.meeting(6000, "EUR", capacity=4, steps=[(FAR, 100)]),
        till.meeting(15_000, "XOF", capacity=2, steps=[(FAR, 100)]),
        till.meeting(7500, "BHD", steps=[(FAR, 100)]),
    ]
    over, told = threading.Event(), len(till.stripe.deliveries.made)
    people = [Person(till.payer(meetings[number % 3]), f"{seed} {number}", over) for number in range(PEOPLE)]
    weather = Weather(till, meetings, people, staff, seed)
    try:
        with ThreadPoolExecutor(PEOPLE) as crowd:
            lives = [crowd.submit(person.live) for person in people]
            weather.blow(ACTS)
            for life in lives:
                life.result()
        left = weather.clear_up()
        wrong = till.audit(*weather.uids) + weather.made_twice()
        wrong += [said for person in people for said in person.believed]
        wrong += [f"{one.status} for {one.kind}" for one in till.stripe.deliveries.made[told:] if one.status == 500]
        for uid in weather.uids:
            ours, theirs = till.books(uid), till.stripe.books(metadata={"event": uid})
            if ours != theirs:
                wrong.append(f"our books say {ours}, Stripe's {theirs}")
        states = [till.states(uid) for uid in weather.uids]
        assert not left + wrong, f"seed {seed}: {states}\n" + "\n".join(left + wrong) + f"\nafter {weather.log}"
        assert sum(one.get("confirmed", 0) for one in states), "the storm was too strong: nobody has a place"
        assert "right" in till.command("check_seats")
    finally:
        weather.worker.kill()
