"""Erased: which words of a history may stay."""

from .. import conduct, continuation, payment, payment_arrival, payment_refunds, payment_session, registration_books
from .. import transfer as transfers

OWN_WORDS = frozenset(
    {
        *(conduct.CORRECTED, conduct.ANSWERED, conduct.NEW_LINK, conduct.SHARING),
        *(registration_books.BY_PARTICIPANT, registration_books.RAN_OUT, registration_books.SEAT_FREE),
        *(transfers.PASSED_ON, transfers.TAKEN_OVER, continuation.GOES_ON, continuation.TAKEN_ALONG),
        *(payment.PASSED_ON, payment_session.REFUSED, payment_session.UNWANTED, payment_refunds.INSTEAD),
        *(payment_arrival.OTHER_AMOUNT, payment_arrival.OTHER_CURRENCY, payment_arrival.PAID),
        *(payment_arrival.NO_SEAT, payment_arrival.ENDED, payment_arrival.TWICE, payment_arrival.FAILED),
        "added by hand",
    }
)
"The sentences that the product itself writes into a history: they name nobody. All others are somebody's own words."
