"""A browser runs nothing on a public page that does not come from this site's own files."""

import pytest
from bs4 import BeautifulSoup

from tests.registration.people import address, meeting

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def test_a_public_page_names_what_may_run_and_needs_nothing_else(client):
    event = meeting()
    addresses = ["/fr/", "/en/calendar/", "/es/nowhere/", "/fr/recherche/?q=sol", event.pages.first().get_url()]
    for path in [*addresses, address("registration", event.uid), address("participant_lost")]:
        answer = client.get(path)
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert "form-action 'self'" in answer["Content-Security-Policy"]
        page = BeautifulSoup(answer.content, "html.parser")
        assert not page.select("[style], style, [onclick], script:not([src], [type='application/ld+json'])"), path


def test_wagtails_own_pages_keep_their_scripts(admin_client):
    answer = admin_client.get("/admin/")
    assert answer.status_code == 200
    assert "Content-Security-Policy" not in answer
