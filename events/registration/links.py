"""The links to a participant's own page and to the page on which a place is paid: signed, and kept nowhere."""

import binascii
import datetime as dt
import json
import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from events.models import Invitation, Registration, Transfer
from letters.models import Letter

SALT = "events.registration.link"
SALT_OF_TRANSFERS = "events.registration.transfer"
SALT_OF_INVITATIONS = "events.registration.invitation"
SALT_OF_PAYING = "events.registration.pay"
SALT_OF_DATA = "events.registration.my_data"
DATA_LAST = dt.timedelta(hours=1)
"How long the link to one's own data opens them."


def token(registration: Registration) -> str:
    """What opens this registration's page, until its version is raised."""
    return signing.dumps([registration.uid.hex, registration.link_version], salt=SALT)


def address(registration: Registration, language: str) -> str:
    """The whole address of the participant's page in a language."""
    with override(language):
        return settings.SITE_URL + reverse("participant", args=[token(registration)])


def questions_address(registration: Registration, language: str) -> str:
    """The whole address of the page with the questions of who has a place."""
    with override(language):
        return settings.SITE_URL + reverse("participant_questions", args=[token(registration)])


def pay_token(registration: Registration) -> str:
    """What opens the page on which this place is paid, and nothing else: whoever has filled in a form gets it."""
    return signing.dumps(registration.uid.hex, salt=SALT_OF_PAYING)


def pay_address(registration: Registration, language: str) -> str:
    """The whole address of that page in a language."""
    with override(language):
        return settings.SITE_URL + reverse("pay", args=[pay_token(registration)])


def opened_to_pay(token: str) -> Registration | None:
    """The registration that a token lets somebody pay; None if it is forged or mistyped."""
    try:
        uid = uuid.UUID(signing.loads(token, salt=SALT_OF_PAYING))
    except (signing.BadSignature, binascii.Error, json.JSONDecodeError, TypeError, ValueError, AttributeError):
        return None
    return Registration.objects.known().filter(uid=uid).select_related("event", "ticket", "occurrence").first()


def opened(token: str) -> Registration | None:
    """The registration that a token opens; None if it is forged, mistyped or of an old version."""
    try:
        uid, version = signing.loads(token, salt=SALT)
        wanted = {"uid": uuid.UUID(uid), "link_version": int(version)}
    except (signing.BadSignature, binascii.Error, json.JSONDecodeError, TypeError, ValueError):
        return None
    return Registration.objects.filter(**wanted).select_related("event", "ticket", "occurrence").first()


def transfer_token(transfer: Transfer) -> str:
    """What opens the page on which a place that is passed on can be taken."""
    return signing.dumps(transfer.uid.hex, salt=SALT_OF_TRANSFERS)


def transfer_address(transfer: Transfer, language: str) -> str:
    """The whole address of that page in a language."""
    with override(language):
        return settings.SITE_URL + reverse("transfer", args=[transfer_token(transfer)])


def opened_transfer(token: str) -> Transfer | None:
    """The transfer that a token opens; None if it is forged or mistyped."""
    try:
        uid = uuid.UUID(signing.loads(token, salt=SALT_OF_TRANSFERS))
    except (signing.BadSignature, binascii.Error, json.JSONDecodeError, TypeError, ValueError, AttributeError):
        return None
    related = ("registration__event", "registration__ticket", "registration__occurrence", "successor")
    return Transfer.objects.filter(uid=uid).select_related(*related).first()


def invitation_token(invitation: Invitation) -> str:
    """What opens the page on which one person answers their invitation."""
    return signing.dumps(invitation.pk, salt=SALT_OF_INVITATIONS)


def invitation_address(invitation: Invitation, language: str) -> str:
    """The whole address of that page in a language."""
    with override(language):
        return settings.SITE_URL + reverse("invitation", args=[invitation_token(invitation)])


def opened_invitation(token: str) -> Invitation | None:
    """The personal invitation that a token opens; None if it is forged or mistyped."""
    try:
        pk = int(signing.loads(token, salt=SALT_OF_INVITATIONS))
    except (signing.BadSignature, binascii.Error, json.JSONDecodeError, TypeError, ValueError):
        return None
    return Invitation.objects.personal().filter(pk=pk).select_related("event", "ticket").first()


def receipt_address(registration: Registration, language: str) -> str:
    """The whole address of the receipt of what this person has paid."""
    with override(language):
        return settings.SITE_URL + reverse("receipt", args=[token(registration)])


def ticket_address(registration: Registration, language: str) -> str:
    """The whole address of what this person shows at the door."""
    with override(language):
        return settings.SITE_URL + reverse("ticket", args=[token(registration)])


def certificate_address(registration: Registration, language: str) -> str:
    """The whole address of this person's certificate of attendance."""
    with override(language):
        return settings.SITE_URL + reverse("participant_certificate", args=[token(registration)])


def data_token(letter: Letter) -> str:
    """What opens everything that is known of the reader of this letter, for an hour, and no place of theirs."""
    return signing.dumps(letter.uid.hex, salt=SALT_OF_DATA)


def data_address(letter: Letter, language: str) -> str:
    """The whole address of that page in a language."""
    with override(language):
        return settings.SITE_URL + reverse("my_data_opened", args=[data_token(letter)])


def opened_data(token: str) -> Letter | None:
    """The letter whose reader a token lets see their data; None if it is forged, too old, or they are erased."""
    try:
        uid = uuid.UUID(signing.loads(token, salt=SALT_OF_DATA, max_age=DATA_LAST))
    except (signing.BadSignature, binascii.Error, json.JSONDecodeError, TypeError, ValueError, AttributeError):
        return None
    return Letter.objects.filter(uid=uid, kind="my_data").exclude(recipient="").first()
