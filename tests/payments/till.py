"""One served site that takes payments, Stripe's double beside it, and people who pay."""

import contextlib
import json
import os
import re
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.urls import reverse

from events.models.money import major
from tests.registration.crowd import Answer, Browser
from tests.registration.people import address, answers
from tests.served import Served
from tests.stripe import Double, checkout

SECRET, OLD_SECRET = "whsec_of_the_till", "whsec_of_last_year"
HOOK = "/stripe/webhook/"
SESSION = re.compile(r"/c/pay/(cs_[a-z]+_\w+)")


class Till:
    """The site in several processes, and Stripe as the double plays it."""

    def __init__(self, database_url: str, folder: Path, *, workers: int = 2, **environment: str) -> None:
        self.stripe = Double()
        self.site = Served(
            database_url, folder, workers=workers,
            environment={
                "STRIPE_SECRET_KEY": self.stripe.key,
                "STRIPE_WEBHOOK_SECRETS": f"{SECRET},{OLD_SECRET}",
                "STRIPE_API_BASE": self.stripe.url,
            } | environment,
        )  # fmt: skip
        self.one_at_a_time = threading.Lock()
        self.people = 0

    def __enter__(self) -> "Till":
        self.stripe.__enter__()
        self.site.start()
        self.stripe.hook(self.hook, SECRET)
        assert self.site.parent is not None
        log = self.site.folder / "inside.log"
        self.child = self.site.parent.talk(str(Path(__file__).with_name("inside.py")), str(log))
        return self

    def __exit__(self, *error: Any) -> None:
        self.child.communicate(20)
        self.site.stop()
        self.stripe.__exit__(*error)

    @property
    def hook(self) -> str:
        return self.site.url + HOOK

    def __getattr__(self, name: str) -> Any:
        """What a function of ``inside`` answers in a process of the site."""
        if name.startswith("_"):
            raise AttributeError(name)
        return lambda *args, **kwargs: self._ask(name, args, kwargs)

    def _ask(self, name: str, args: Any, kwargs: Any) -> Any:
        with self.one_at_a_time:
            assert self.child.stdin is not None
            assert self.child.stdout is not None
            self.child.stdin.write(json.dumps({"name": name, "args": args, "kwargs": kwargs}, default=str) + "\n")
            self.child.stdin.flush()
            said = self.child.stdout.readline()
        assert said, f"the process inside has ended:\n{self.site.log()}"
        heard = json.loads(said)
        assert "error" not in heard, heard["error"]
        return heard["answer"]

    def payer(self, meeting: dict[str, Any], ticket: str = "paid", **more: str) -> "Payer":
        """Somebody new who wants to come to this meeting."""
        self.people += 1
        return Payer(self, meeting, ticket, f"payer{self.people}@example.org", more)

    def calm(self) -> None:
        """Nothing goes wrong any more, and what is to be told leaves by itself."""
        self.stripe.faults.clear()
        self.stripe.account.outcomes.clear()
        self.stripe.clock.ahead = 0
        self.stripe.keys = {self.stripe.key}
        self.stripe.hook(self.hook, SECRET)
        self.stripe.automatic = True

    @contextlib.contextmanager
    def told_later(self) -> Iterator[None]:
        """Nothing leaves by itself meanwhile, nor afterwards what happened meanwhile: the test delivers it."""
        self.stripe.wait()
        self.stripe.automatic = False
        try:
            yield
        finally:
            self.stripe.automatic = True

    @contextlib.contextmanager
    def never_told(self) -> Iterator[None]:
        """The same, and Stripe believes that all of it was delivered: nobody ever tells the site of it."""
        with self.told_later():
            yield
            for event in self.stripe.undelivered():
                for endpoint in self.stripe.all("webhook_endpoint"):
                    self.stripe.account.acknowledge(event["id"], endpoint["id"])

    @property
    def workers(self) -> list[int]:
        """The processes that answer for the site."""
        server = self.site.processes[0].pid
        return [int(pid) for pid in Path(f"/proc/{server}/task/{server}/children").read_text().split()]

    def kill_workers(self) -> None:
        """By the signal nobody can catch; others take their places."""
        for pid in self.workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    @contextlib.contextmanager
    def refusing(self, payment: str) -> Iterator[None]:
        """The database lets nobody write, or at least nothing about this payment."""
        url = self.site.database_url
        if url.startswith("sqlite"):
            with contextlib.closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as held:
                held.execute("BEGIN IMMEDIATE")
                yield
                held.execute("ROLLBACK")
        else:
            import psycopg

            with psycopg.connect(url) as connection:
                connection.execute("SELECT 1 FROM events_payment WHERE uid = %s FOR UPDATE", [payment])
                yield
                connection.rollback()

    def wait_for_webhook(self) -> None:
        """Until a process of the site waits for the database."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            if any(self._hears(pid) for pid in self.workers):
                return
            time.sleep(0.02)
        raise AssertionError("nobody hears what is told")

    def _hears(self, pid: int) -> bool:
        """Whether this process has a visitor."""
        port = f":{int(self.site.url.rpartition(':')[2]):04X}"
        mine = {str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir() if one.is_symlink()}
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return any(row[1].endswith(port) and row[3] == "01" and f"socket:[{row[9]}]" in mine for row in rows)

    def books_agree(self, meeting: dict[str, Any]) -> bool:
        """Whether paid minus refunded is the same here and at Stripe."""
        ours, theirs = self.books(meeting["uid"]), self.stripe.books(metadata={"event": meeting["uid"]})
        assert ours == theirs, (ours, theirs)
        return True

    def work(self) -> None:
        """The worker goes round once, and finds that all waiting is over."""
        self.make_due()
        self.command("work", "--once")

    def settle(self) -> None:
        """All that was to be told is told, and the worker has been round."""
        self.stripe.wait()
        self.work()
        self.stripe.wait()


class Staff:
    """Somebody of the staff, at work in the administration."""

    def __init__(self, till: Till) -> None:
        self.till, self.browser = till, Browser(till.site.url)
        door = reverse("account_login")
        form = self.browser.fill_in(door, {"login": "staff", "password": "humus-demo"})
        assert self.browser.ask("POST", door, form).status == 302

    def open(self, payment: dict[str, Any]) -> dict[str, str]:
        """The page of a payment; its form as it comes."""
        return self.browser.fill_in(reverse("payments:inspect", args=[payment["pk"]]), {})

    def refund(self, payment: dict[str, Any], amount: int, form: dict[str, str] | None = None, **more: str) -> Answer:
        """Send the form for a refund: of one that was opened before, if it is given."""
        form = form or self.open(payment)
        said = {"amount": str(major(amount, payment["currency"])), "reason": "goodwill", "letter": "on", **more}
        return self.browser.ask("POST", reverse("payments:refund", args=[payment["pk"]]), form | said)

    def decide(self, payment: dict[str, Any], verb: str) -> Answer:
        """Take what came ("accept"), or send it back ("send_back")."""
        form = self.open(payment) | {"reason": "looked at"}
        return self.browser.ask("POST", reverse(f"payments:{verb}", args=[payment["pk"]]), form)


class Payer:
    """A participant with a browser of their own, who reads English."""

    def __init__(self, till: Till, meeting: dict[str, Any], ticket: str, email: str, more: dict[str, str]) -> None:
        self.till, self.meeting, self.ticket, self.email = till, meeting, ticket, email
        self.browser = Browser(till.site.url)
        self.more = {"language": "en", **more}
        self.pay_path = ""
        self.session = ""

    def register(self, **more: str) -> Answer:
        """Fill in the real form and send it; where something is to be paid, the answer leads to the page for it."""
        language = self.more["language"]
        path = address("registration", self.meeting["uid"], language=language)
        said = answers(name=f"Payer {self.email}", email=self.email, **self.more)
        form = self.browser.fill_in(path, said | {"ticket": self.meeting["tickets"][self.ticket]} | more)
        answer = self.browser.ask("POST", path, form)
        if answer.status == 303:
            self.pay_path = urlsplit(answer.location).path
        return answer

    @property
    def finds_full(self) -> bool:
        """Whether there is no form for them, as every seat is taken."""
        path = address("registration", self.meeting["uid"], language=self.more["language"])
        page = self.browser.ask("GET", path).body
        return 'name="consent"' not in page and "Every seat is taken" in page

    def open_pay(self) -> Answer:
        """The page that says what is to be paid."""
        return self.browser.ask("GET", self.pay_path)

    def press_pay(self, **more: str) -> Answer:
        """Press its button; the answer leads to Stripe's page unless something is wrong."""
        form = self.browser.fill_in(self.pay_path, more)
        answer = self.browser.ask("POST", self.pay_path, form)
        if found := SESSION.search(answer.location):
            self.session = found[1]
        return answer

    def come(self) -> "Payer":
        """Register, and go to Stripe's page."""
        registered = self.register()
        assert registered.status == 303, registered.body
        sent = self.press_pay()
        assert sent.status == 303, (sent.status, sent.body)
        assert self.session, sent.location
        return self

    def pay(self, how: Any = "card") -> "Payer":
        """Pay on Stripe's page."""
        self.till.stripe.pay(self.session, how)
        return self

    @property
    def intent(self) -> str:
        """The name of the payment at Stripe."""
        return str(self.till.stripe.session(self.session)["payment_intent"])

    def said(self, kind: str) -> dict[str, Any]:
        """The latest event of this type that tells of this person's session or payment."""
        for event in reversed(self.till.stripe.events(kind)):
            thing = event["data"]["object"]
            if thing["id"] == self.session or thing.get("payment_intent") == self.intent:
                return event
        raise LookupError(f"Nothing was told of {kind}.")

    def deliver(self, kind: str, **how: Any) -> list[int]:
        """Deliver that event, again or for the first time; the site's answer."""
        return [made.status for made in self.till.stripe.deliver(self.said(kind), **how)]

    def deliver_about(self, name: str, kind: str) -> list[int]:
        """Deliver once more what was told of a dispute."""
        event = next(one for one in self.till.stripe.events(kind) if one["data"]["object"]["id"] == name)
        return [made.status for made in self.till.stripe.deliver(event)]

    def let_expire(self) -> "Payer":
        """The time of the session is over."""
        with self.till.stripe.account.lock:
            checkout.expire(self.till.stripe.account, self.session)
        return self

    def come_back(self) -> Answer:
        """Where Stripe's page sends who has paid; what was asked of Stripe meanwhile may be known by then."""
        url = self.till.stripe.session(self.session)["success_url"].replace("{CHECKOUT_SESSION_ID}", self.session)
        return self.get(url)

    def get(self, url: str) -> Answer:
        """Open an address, as a browser does that is sent on."""
        for _ in range(5):
            answer = self.browser.ask("GET", urlsplit(url)._replace(scheme="", netloc="").geturl())
            if answer.status not in (301, 302, 303):
                return answer
            url = urljoin(url, answer.location)
        raise AssertionError(url)

    def cancel(self, times: int = 1) -> list[Answer]:
        """Cancel on one's own page, pressing the button so often."""
        path = address("participant_cancel", self.till.token(self.email), language=self.more["language"])
        form = self.browser.fill_in(path, {})
        return [self.browser.ask("POST", path, form) for _ in range(times)]

    def take_the_seat(self) -> Answer:
        """Take, on one's own page, the seat that is offered; the answer leads to the page to pay on."""
        language, token = self.more["language"], self.till.token(self.email)
        form = self.browser.fill_in(address("participant", token, language=language), {})
        answer = self.browser.ask("POST", address("participant_accept", token, language=language), form)
        self.pay_path = self.till.pay_path(self.email, language)
        return answer

    @property
    def now(self) -> Any:
        """What the books say of this person."""
        return self.till.person(self.email)

    @property
    def state(self) -> str:
        return str(self.now["state"])

    @property
    def payment(self) -> Any:
        """The latest payment, as the books have it."""
        return self.now["payments"][-1]
