"""The words that come with the product, by subject: asking for a place, paying for it, having it, around its date."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from events.models.registration_books import Words


@dataclass(frozen=True)
class Shipped:
    """What comes with the product for one kind: subject, paragraphs, and the placeholders it has beside the common."""

    subject: Any
    text: tuple[Any, ...]
    own: tuple[str, ...] = ()

    def words(self) -> Words:
        """In the active language, with its placeholders."""
        return {"subject": str(self.subject), "text": "\n\n".join(map(str, self.text))}


COMMON = ("name", "title", "date", "city")
MEANING = {
    "name": _("the name of the person"),
    "title": _("the title of the event"),
    "date": _("the day of the event"),
    "city": _("the city of the event"),
    "until": _("until when the seat is kept"),
    "giver": _("the name of who passes the place on"),
    "amount": _("the amount that the letter is about, with its currency"),
}
"What each placeholder stands for."
_MISTAKE = _("If this was a mistake, your page tells you how to register again.")
_AGAIN = _("If you still wish to come, your page tells you how to register again.")
_NO_TRAVEL = _("This is not a place yet: please do not book your journey.")

ASKING: dict[str, Shipped] = {
    "address": Shipped(
        _("Please confirm your address: {title}, {date}"),
        (
            _("You have asked to take part: {title}. Please confirm that this address is yours."),
            _("The button leads to your page. Confirm there with one press."),
            _("If it was not you, there is nothing to do: it all ends by itself."),
        ),
        ("until",),
    ),
    "requested": Shipped(
        _("Your request: {title}, {date}"),
        (
            _("We have your request to take part: {title}. Each one is read, and a letter will bring you the answer."),
            _NO_TRAVEL,
        ),
    ),
    "approved": Shipped(
        _("Accepted, your place: {title}, {date}"),
        (_("Your request is accepted and your place is confirmed: {title}. We look forward to meeting you."),),
    ),
    "declined": Shipped(
        _("Your request: {title}, {date}"),
        (
            _("Thank you for your interest: {title}. We are sorry that we can’t offer you a place this time."),
            _("We hope to meet you on another occasion."),
        ),
    ),
    "waiting": Shipped(
        _("On the waiting list: {title}, {date}"),
        (
            _("No seat is free for now, and you are on the waiting list: {title}."),
            _("As soon as one is free it is kept for you, and a letter tells you. There is nothing to do until then."),
            _NO_TRAVEL,
        ),
    ),
    "offered": Shipped(
        _("A seat for you: {title}, {date}"),
        (_("Good news: a seat has become free, and it is kept for you: {title}. Say on your page that you take it."),),
        ("until",),
    ),
    "offer_reminder": Shipped(
        _("Your seat is still kept: {title}, {date}"),
        (_("A seat is still kept for you: {title}. Say on your page that you take it, or leave it to somebody else."),),
        ("until",),
    ),
    "offer_expired": Shipped(
        _("The seat is no longer kept for you: {title}, {date}"),
        (
            _("The seat that was kept for you was not taken in time and goes to the next person who waits: {title}."),
            _AGAIN,
        ),
    ),
}
TO_PAY: dict[str, Shipped] = {
    "held": Shipped(
        _("A seat is kept for you: {title}, {date}"),
        (
            _("A seat is kept for you until it is paid: {title}."),
            _("The button leads to a secure page where you pay {amount}. Then your place is confirmed."),
        ),
        ("until", "amount"),
    ),
    "unpaid": Shipped(
        _("The seat is no longer kept for you: {title}, {date}"),
        (
            _("The seat that was kept for you was not paid in time and is free for somebody else: {title}."),
            _AGAIN,
            _("If you have paid at the last moment: a letter tells you of your place, or all of it goes back to you."),
        ),
        ("amount",),
    ),
    "payment_failed": Shipped(
        _("Your payment did not succeed: {title}, {date}"),
        (
            _("Your payment of {amount} did not succeed, and the seat is no longer kept for you: {title}."),
            _AGAIN,
        ),
        ("amount",),
    ),
}
PLACE: dict[str, Shipped] = {
    "confirmed": Shipped(
        _("Your place: {title}, {date}"),
        (_("Your place is confirmed: {title}. We look forward to meeting you."),),
    ),
    "changed": Shipped(
        _("Your place has changed: {title}, {date}"),
        (_("You take part in another way than before: {title}. Your place is confirmed, as it stands below."),),
    ),
    "cancelled": Shipped(
        _("You are no longer registered: {title}, {date}"),
        (_("You are no longer registered: {title}. Your seat is free for somebody else."), _MISTAKE),
    ),
    "handed_over": Shipped(
        _("Your place is passed on: {title}, {date}"),
        (_("The person to whom you passed on your place has taken it: {title}. You are no longer registered."),),
    ),
    "transfer": Shipped(
        _("{giver} passes a place on to you: {title}, {date}"),
        (
            _("{giver} can’t come and would like you to have the place: {title}."),
            _("It is yours as soon as you say so on the page behind the button. If you do not want it, do nothing."),
        ),
        ("until", "giver"),
    ),
    "personal_invitation": Shipped(
        _("You are invited: {title}, {date}"),
        (_("You are invited to take part: {title}. We would be glad to meet you."),),
        ("until",),
    ),
}
MONEY_BACK: dict[str, Shipped] = {
    "paid_late": Shipped(
        _("Your payment goes back to you: {title}, {date}"),
        (
            _("Your payment of {amount} came when no seat was left or the registration had ended: {title}."),
            _("You have no place by it. All of it goes back to you by itself: there is nothing to do."),
        ),
        ("amount",),
    ),
    "paid_twice": Shipped(
        _("Your second payment goes back to you: {title}, {date}"),
        (
            _("A payment of {amount} came for a place for which nothing was to be paid any more: {title}."),
            _("All of it goes back to you by itself: there is nothing to do, and your registration stays as it is."),
        ),
        ("amount",),
    ),
    "refund": Shipped(
        _("Money goes back to you: {title}, {date}"),
        (_("We have sent {amount} back to you: {title}."),),
        ("amount",),
    ),
}
AROUND: dict[str, Shipped] = {
    "reminder": Shipped(
        _("Soon: {title}, {date}"),
        (_("It is soon time, and your place is ready: {title}. We look forward to meeting you."),),
    ),
    "joining": Shipped(
        _("How to join: {title}, {date}"),
        (_("Here is all that you need to join: {title}."),),
    ),
    "thanks": Shipped(
        _("Thank you: {title}"),
        (
            _("Thank you for having been with us: {title}."),
            _("What was shown and said there is put on its page as it becomes ready."),
        ),
    ),
    "certificate": Shipped(
        _("Your certificate of attendance: {title}"),
        (
            _("Your certificate of attendance is ready: {title}."),
            _("It is on your page, to read, to print and to keep as a PDF. Its number can be verified on our site."),
        ),
    ),
}
SHIPPED = ASKING | TO_PAY | PLACE | MONEY_BACK | AROUND
"The kinds of letters that the staff can put into words of their own, in the order of a registration’s life."
WITHOUT_A_SEAT = Shipped(
    PLACE["cancelled"].subject, (_("You are no longer registered and no longer wait: {title}."), _MISTAKE)
)
"The farewell of who never had a seat."


def placeholders(kind: str) -> tuple[str, ...]:
    """The names that may stand in braces in the words of a kind."""
    return (*COMMON, *SHIPPED[kind].own)
