"""The hosted page, where somebody pays, or plays at it."""

from html import escape
from typing import TYPE_CHECKING

from tests.stripe.answer import Answer
from tests.stripe.refusal import Refusal
from tests.stripe.schema import Json
from tests.stripe.sheet import amount, sheet
from tests.stripe.words import WORDS, language

if TYPE_CHECKING:
    from tests.stripe.double import Double

HTML = "text/html; charset=utf-8"


def shown(double: "Double", identifier: str, accepted: str, *, said: str = "") -> Answer:
    """The page of a session, whatever has become of it."""
    try:
        session = double.session(identifier)
    except Refusal as refusal:
        tongue = language(None, accepted)
        words = WORDS[tongue]
        body = f"<h1>{escape(words['unknown'])}</h1>"
        return Answer(refusal.status, sheet(tongue, words["unknown"], body, notice=words["notice"]), HTML)
    tongue = language(session["locale"], accepted)
    words = WORDS[tongue]
    state = situation(double, session)
    price = amount(session["amount_total"], session["currency"], tongue)
    title = words["title"].format(amount=price) if state == "open" else words[state]
    parts = [f'<p class="merchant">{escape(words["merchant"])}</p>', f"<h1>{escape(title)}</h1>"]
    if said:
        parts.append(f'<p class="alert" role="alert">{escape(words[said])}</p>')
    if state != "open":
        parts.append(f"<p>{escape(words[f'{state}_more'])}</p>")
    parts.append(bill(double, session, tongue))
    parts.append(CHOICES.get(state, onwards)(session, words))
    parts.append(f'<p class="quiet"><a href="/">{escape(words["behind"])}</a></p>')
    return Answer(200, sheet(tongue, title, "\n".join(parts), notice=words["notice"]), HTML)


def done(double: "Double", identifier: str, accepted: str, how: str) -> Answer:
    """What follows when somebody presses a button: back to the site, or this page again."""
    here = Answer(303, b"", headers={"Location": f"/c/pay/{identifier}"})
    try:
        if how in ("arrives", "fails"):
            double.settle(identifier, how == "arrives")
            return here
        if how not in ("card", "delayed", "declined"):
            return here
        double.pay(identifier, how)  # type: ignore[arg-type]
    except Refusal:
        return here  # paid, expired or unknown: the page says so
    if how == "declined":
        return shown(double, identifier, accepted, said="was_declined")
    return Answer(303, b"", headers={"Location": double.way_back(identifier)})


def situation(double: "Double", session: Json) -> str:
    """What the page is about: open, paid, pending, failed or expired."""
    if session["status"] != "complete":
        return str(session["status"])
    if session["payment_status"] == "paid":
        return "paid"
    (intent,) = double.all("payment_intent", id=session["payment_intent"])
    return "pending" if intent["status"] == "processing" else "failed"


def bill(double: "Double", session: Json, tongue: str) -> str:
    """What is paid for."""
    words, currency = WORDS[tongue], session["currency"]
    lines = [
        (
            words["quantity"].format(name=line["description"], quantity=line["quantity"])
            if line["quantity"] > 1
            else line["description"],
            line["amount_total"],
        )
        for line in double.lines(session["id"])
    ]
    rows = "".join(
        f"<li><span>{escape(name)}</span><span>{escape(amount(minor, currency, tongue))}</span></li>"
        for name, minor in [*lines, (words["total"], session["amount_total"])]
    )
    person = session["customer_email"]
    whom = f"<p>{escape(words['for'].format(email=person))}</p>" if person else ""
    return f'<div class="card"><ul class="lines">{rows}</ul>{whom}</div>'


def ways(words: dict[str, str], legend: str, names: tuple[str, ...]) -> str:
    """Buttons, of which the first is the ordinary one."""
    buttons = "".join(
        f'<button name="how" value="{name}"{" class=first" if name == names[0] else ""}>{escape(words[name])}</button>'
        for name in names
    )
    return (
        f'<form class="ways" method="post"><fieldset><legend>{escape(words[legend])}</legend>'
        f"{buttons}</fieldset></form>"
    )


def to_pay(session: Json, words: dict[str, str]) -> str:
    back = (
        f'<p><a href="{escape(session["cancel_url"])}">{escape(words["back"])}</a></p>' if session["cancel_url"] else ""
    )
    return ways(words, "play", ("card", "delayed", "declined")) + back


def to_settle(session: Json, words: dict[str, str]) -> str:
    return ways(words, "play", ("arrives", "fails")) + onwards(session, words)


def onwards(session: Json, words: dict[str, str]) -> str:
    """The way back to the site."""
    over = session["status"] == "expired"
    there = (session["cancel_url"] if over else "") or session["success_url"].replace(
        "{CHECKOUT_SESSION_ID}", session["id"]
    )
    return f'<p><a href="{escape(there)}">{escape(words["on"])}</a></p>'


CHOICES = {"open": to_pay, "pending": to_settle}
