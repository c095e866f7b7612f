"""The staff's door is not forced."""

import datetime as dt

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

pytestmark = pytest.mark.django_db
START = dt.datetime(2030, 1, 7, 8, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def enters(client, password="a long enough password", **extra):
    form = {"username": "staff", "password": password}
    answer = client.post(reverse("wagtailadmin_login"), form, headers={"accept-language": "en"}, **extra)
    return answer.status_code == 302


def test_passwords_are_not_tried_without_end(client, staff, clock):
    assert not any(enters(client, f"wrong {number}") for number in range(10))
    assert not enters(client)
    assert enters(client, REMOTE_ADDR="192.0.2.7")  # its owner is not locked out
    clock.shift(dt.timedelta(minutes=15))
    assert enters(client)


def test_another_address_of_the_same_line_does_not_help(client, staff):
    assert not any(enters(client, "wrong", REMOTE_ADDR=f"2001:db8:1:2::{number}") for number in range(10))
    assert not enters(client, REMOTE_ADDR="2001:db8:1:2:ffff::1")
    assert enters(client, REMOTE_ADDR="2001:db8:1:3::1")


def test_nobody_fills_a_mailbox_with_new_passwords(client, staff):
    for _once in range(5):
        answer = client.post(reverse("wagtailadmin_password_reset"), {"email": staff.email})
        assert answer.url == reverse("wagtailadmin_password_reset_done")
    assert len(mail.outbox) == 3
