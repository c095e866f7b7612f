"""The tables of this room. What must never be is refused here."""

from .announcement import Announcement
from .audience import Audience, Concern
from .calendar_entry import CalendarEntry, PublicationLock
from .calendar_key import CalendarKey
from .certificate import Certificate
from .change import Change
from .event import Event
from .exception import EventException
from .feed import FeedSnapshot, Fragment, Tombstone, last_public
from .history import RegistrationChange
from .imported import Imported
from .invitation import CodeRefused, Invitation
from .issuer import Issuer
from .letter_text import LetterText
from .occurrence import Occurrence
from .organiser import EventOrganiser
from .pages import AgendaPage, EventPage
from .payment import Payment
from .payment_history import PaymentChange
from .payment_refunds import TooMuch
from .payment_states import PaymentState, RefundState
from .personal.access import DataAccess
from .personal.figures import KeptFigures
from .personal.notice import PrivacyNotice
from .personal.terms import DataDefaults, DataTerms
from .proposal import Proposal, ProposalStep, Unanswerable
from .questions.answer import Answer, Chosen, Given
from .questions.question import Choice, Question
from .questions.upload import Upload
from .questions.wording import Wording
from .refund import Refund
from .refund_policy import RefundStep
from .registration import Registration
from .registration_states import AlreadyThere, CalledOff, DateGone, NotAllowed, OtherPrice, SeatLost
from .reminder import Mailing, Reminder
from .seats import Attendance, Full, SeatPool
from .series import Series
from .sharing import SharingConsent, co_organisers
from .stripe_event import StripeEvent
from .ticket import Ticket
from .transfer import Transfer
from .window import Place, RegistrationState, Window, whole_pools

__all__ = [
    "AgendaPage",
    "AlreadyThere",
    "Announcement",
    "Answer",
    "Attendance",
    "Audience",
    "CalendarEntry",
    "CalendarKey",
    "CalledOff",
    "Certificate",
    "Change",
    "Choice",
    "Chosen",
    "CodeRefused",
    "Concern",
    "DataAccess",
    "DataDefaults",
    "DataTerms",
    "DateGone",
    "Event",
    "EventException",
    "EventOrganiser",
    "EventPage",
    "FeedSnapshot",
    "Fragment",
    "Full",
    "Given",
    "Imported",
    "Invitation",
    "Issuer",
    "KeptFigures",
    "LetterText",
    "Mailing",
    "NotAllowed",
    "Occurrence",
    "OtherPrice",
    "Payment",
    "PaymentChange",
    "PaymentState",
    "Place",
    "PrivacyNotice",
    "Proposal",
    "ProposalStep",
    "PublicationLock",
    "Question",
    "Refund",
    "RefundState",
    "RefundStep",
    "Registration",
    "RegistrationChange",
    "RegistrationState",
    "Reminder",
    "SeatLost",
    "SeatPool",
    "Series",
    "SharingConsent",
    "StripeEvent",
    "Ticket",
    "Tombstone",
    "TooMuch",
    "Transfer",
    "Unanswerable",
    "Upload",
    "Window",
    "Wording",
    "co_organisers",
    "last_public",
    "whole_pools",
]
