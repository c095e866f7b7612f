"""What registering asks of the database: a rush is borne by asking little, and behind the lock least."""

import pytest

from tests.registration.people import address, answers, confirmed, meeting, send

pytestmark = pytest.mark.django_db


def test_a_registration_is_recorded_in_few_statements(client, django_assert_max_num_queries):
    event = meeting(capacity=10)
    send(client, event, email="first@example.org")
    with django_assert_max_num_queries(21):
        assert send(client, event).status_code == 303
    assert confirmed(event) == 2


def test_the_form_is_shown_in_few_statements(client, django_assert_max_num_queries):
    where = address("registration", meeting(capacity=10).uid)
    client.get(where)
    with django_assert_max_num_queries(12):
        assert client.get(where).status_code == 200


def test_a_long_list_keeps_what_was_chosen(client):
    event = meeting()
    page = client.post(address("registration", event.uid), answers(name="", country="KE", home_zone="Africa/Cairo"))
    assert page.status_code == 422
    said = page.content.decode()
    assert '<option value="KE" selected>Kenya</option>' in said
    assert '<option value="Africa/Cairo" selected>' in said
    assert said.count(" selected>") == 2


def test_a_long_list_follows_the_language(client):
    event = meeting()
    for language, choose, germany in (("fr", "Choisir", "Allemagne"), ("en", "Choose", "Germany")):
        said = client.get(address("registration", event.uid, language=language)).content.decode()
        assert f'<option value="DE">{germany}</option>' in said
        assert f'<option value="" selected>{choose}' in said
