"""The link to a participant's own page: signed, with a version, and kept nowhere."""

import binascii
import json
import uuid

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import override

from events.models import Registration

SALT = "events.registration.link"


def token(registration: Registration) -> str:
    """What opens this registration's page, until its version is raised."""
    return signing.dumps([registration.uid.hex, registration.link_version], salt=SALT)


def address(registration: Registration, language: str) -> str:
    """The whole address of the participant's page in a language."""
    with override(language):
        return settings.SITE_URL + reverse("participant", args=[token(registration)])


def opened(token: str) -> Registration | None:
    """The registration that a token opens; None if it is forged, mistyped or of an old version."""
    try:
        uid, version = signing.loads(token, salt=SALT)
        wanted = {"uid": uuid.UUID(uid), "link_version": int(version)}
    except (signing.BadSignature, binascii.Error, json.JSONDecodeError, TypeError, ValueError):
        return None
    return Registration.objects.filter(**wanted).select_related("event", "ticket", "occurrence").first()
