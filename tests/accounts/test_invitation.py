"""Somebody is invited by letter and makes the account theirs."""

import pytest
from django.contrib.auth.models import User

from accounts.invitations import invite
from letters.models import Letter

pytestmark = pytest.mark.django_db


def test_an_address_has_one_account_whatever_its_capitals():
    awa = invite("Awa.Diop@example.org", "Awa Diop", "fr", None)
    assert invite("awa.diop@EXAMPLE.org", "A. Diop", "en", None) == awa
    assert (awa.first_name, awa.last_name, awa.has_usable_password()) == ("Awa", "Diop", False)
    assert User.objects.filter(email__iexact="awa.diop@example.org").count() == 1
    assert Letter.objects.get().language == "fr"
