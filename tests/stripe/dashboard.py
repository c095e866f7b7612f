"""Behind the counter: what Stripe's dashboard would show, and what a test may let happen by hand."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from html import escape
from typing import TYPE_CHECKING, Any

from tests.stripe import money
from tests.stripe.answer import Answer
from tests.stripe.refusal import Refusal
from tests.stripe.schema import Json
from tests.stripe.sheet import amount, sheet
from tests.stripe.till import HTML, situation

if TYPE_CHECKING:
    from tests.stripe.double import Double

NOTICE = "Test stand-in for Stripe: no money moves."
MOST = 100  # rows of each kind
TIMES = {"10 minutes": 600, "41 minutes": 2_460, "1 day": 86_400, "3 days": 259_200}


def shown(double: "Double", said: str = "", status: int = 200) -> Answer:
    """Everything, newest first."""
    refunds, disputes = double.all("refund"), double.all("dispute")
    passed = "".join(button("pass", str(seconds), f"let {name} pass") for name, seconds in TIMES.items())
    again = button("retry", "", "deliver what the site has not taken yet") if double.undelivered() else ""
    parts = [
        "<h1>Behind the counter of the test stand-in</h1>",
        f'<p class="alert" role="alert">{escape(said)}</p>' if said else "",
        f'<p>Its clock says {moment(double.clock.now())}.</p><div class="time">{passed}</div>',
        table("Payments", ("When", "What", "Amount", "State", "Let happen"), rows(double.sessions(), double, paid)),
        table("Refunds", ("When", "Payment", "Amount", "State", "Let happen"), rows(refunds, double, refunded)),
        table("Disputes", ("When", "Payment", "Amount", "State", "Let happen"), rows(disputes, double, disputed)),
        table("Events", ("When", "Type", "About", "Deliveries", "Again"), rows(double.events(), double, told), again),
    ]
    return Answer(status, sheet("en", "Test stand-in for Stripe", "\n".join(parts), notice=NOTICE, wide=True), HTML)


def done(double: "Double", asked: dict[str, str]) -> Answer:
    """Let happen what somebody asked for, and show everything again."""
    verb, of = asked.get("let", ""), asked.get("of", "")
    acts: dict[str, Callable[[], Any]] = {
        "pass": lambda: double.clock.move(seconds=int(of)),
        "expire": lambda: double.expire(of),
        "settle": lambda: double.settle(of, True),
        "fail": lambda: double.settle(of, False),
        "refund": lambda: refund(double, of, asked.get("amount", "")),
        "settle_refund": lambda: double.settle_refund(of, True),
        "fail_refund": lambda: double.fail_refund(of),
        "dispute": lambda: double.dispute(of),
        "win": lambda: double.close_dispute(of, True),
        "lose": lambda: double.close_dispute(of, False),
        "deliver": lambda: double.deliver(of),
        "retry": double.retry,
    }
    try:
        acts[verb]()
    except (Refusal, LookupError, ValueError) as refused:
        return shown(double, f"This did not happen: {refused}", 400)
    return Answer(303, b"", headers={"Location": "/"})


def refund(double: "Double", intent: str, given: str) -> None:
    """Refund from the dashboard, in the currency's own units; all that is left if nothing is given."""
    if not given.strip():
        double.refund(intent)
        return
    (payment,) = double.all("payment_intent", id=intent)
    try:
        minor = Decimal(given.strip()).scaleb(money.digits(payment["currency"]))
    except InvalidOperation as wrong:
        raise ValueError(f"{given!r} is not an amount.") from wrong
    if minor != int(minor):
        raise ValueError(f"{given} {payment['currency'].upper()} has a fraction of the smallest unit.")
    double.refund(intent, int(minor))


def rows(found: list[Json], double: "Double", row: "Callable[[Double, Json], tuple[str, ...]]") -> str:
    """Rows of a table; whatever goes in is already HTML."""
    cells = [[moment(one["created"]), *row(double, one)] for one in reversed(found[-MOST:])]
    return "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in cells)


def table(title: str, heads: tuple[str, ...], body: str, more: str = "") -> str:
    if not body:
        return f"<h2>{title}</h2><p>None yet.</p>"
    tops = "".join(f'<th scope="col">{head}</th>' for head in heads)
    return (
        f'<h2>{title}</h2>{more}<div class="table" tabindex="0" role="region" aria-label="{title}">'
        f"<table><thead><tr>{tops}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def button(verb: str, of: str, label: str, more: str = "") -> str:
    # fmt: off
    return (
        f'<form method="post"><input type="hidden" name="of" value="{escape(of)}">{more}'
        f'<button name="let" value="{verb}">{escape(label)}</button></form>'
    )
    # fmt: on


def paid(double: "Double", session: Json) -> tuple[str, ...]:
    state, identifier, intent = situation(double, session), session["id"], session["payment_intent"]
    back = sum(one["amount"] for one in double.refunds(intent) if one["status"] not in ("failed", "canceled"))
    acts = ""
    if state == "open":
        acts = button("expire", identifier, "expire")
    elif state == "pending":
        acts = button("settle", identifier, "money arrives") + button("fail", identifier, "payment fails")
    elif state == "paid" and back < session["amount_total"]:
        some = f'<input name="amount" inputmode="decimal" placeholder="all" aria-label="Amount of {escape(intent)}">'
        acts = button("refund", intent, "refund", some) + button("dispute", intent, "dispute")
    what = ", ".join(line["description"] for line in double.lines(identifier))
    link = f'<a href="/c/pay/{escape(identifier)}">{escape(what)}</a><br><span class="quiet">{short(identifier)}</span>'
    money_back = f", {escape(amount(back, session['currency']))} refunded" if intent and back else ""
    return link, price(session), f"{state}{money_back}<br>{escape(mail(session))}", acts


def mail(session: Json) -> str:
    return str((session["customer_details"] or {}).get("email") or "")


def refunded(double: "Double", one: Json) -> tuple[str, ...]:
    acts = ""
    if one["status"] in ("pending", "requires_action"):
        acts = button("settle_refund", one["id"], "arrives")
    if one["status"] not in ("failed", "canceled"):
        acts += button("fail_refund", one["id"], "fails")
    return short(one["payment_intent"]), price(one), one["status"], acts


def disputed(double: "Double", one: Json) -> tuple[str, ...]:
    waits = one["status"] in ("needs_response", "under_review")
    acts = button("win", one["id"], "is won") + button("lose", one["id"], "is lost") if waits else ""
    return short(one["payment_intent"]), price(one), one["status"].replace("_", " "), acts


def told(double: "Double", event: Json) -> tuple[str, ...]:
    tries = ", ".join(str(status or "no answer") for status in double.tries(event["id"])) or "none"
    waits = "" if not event["pending_webhooks"] else " (waiting)"
    return event["type"], short(event["data"]["object"]["id"]), tries + waits, button("deliver", event["id"], "deliver")


def price(one: Json) -> str:
    return escape(amount(one["amount_total" if "amount_total" in one else "amount"], one["currency"]))


def short(identifier: str | None) -> str:
    """Enough of an id to tell it from the others."""
    text = identifier or ""
    return escape(text if len(text) < 20 else f"{text[:11]}…{text[-6:]}")


def moment(instant: int) -> str:
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
